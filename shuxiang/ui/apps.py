from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "shuxiang.ui"
    label = "ui"
