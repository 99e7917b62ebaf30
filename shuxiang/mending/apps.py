from django.apps import AppConfig


class MendingConfig(AppConfig):
    name = "shuxiang.mending"
    label = "mending"
