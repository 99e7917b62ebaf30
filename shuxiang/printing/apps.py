from django.apps import AppConfig


class PrintingConfig(AppConfig):
    name = "shuxiang.printing"
    label = "printing"
