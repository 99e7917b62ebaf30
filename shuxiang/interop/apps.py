from django.apps import AppConfig


class InteropConfig(AppConfig):
    name = "shuxiang.interop"
    label = "interop"
