from django.apps import AppConfig


class CliConfig(AppConfig):
    name = "shuxiang.cli"
    label = "cli"
