from django.apps import AppConfig


class WeedingConfig(AppConfig):
    name = "shuxiang.weeding"
    label = "weeding"
