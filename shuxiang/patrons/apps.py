from django.apps import AppConfig


class PatronsConfig(AppConfig):
    name = "shuxiang.patrons"
    label = "patrons"
