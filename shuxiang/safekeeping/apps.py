from django.apps import AppConfig


class SafekeepingConfig(AppConfig):
    name = "shuxiang.safekeeping"
    label = "safekeeping"
