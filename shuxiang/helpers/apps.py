from django.apps import AppConfig


class HelpersConfig(AppConfig):
    name = "shuxiang.helpers"
    label = "helpers"
