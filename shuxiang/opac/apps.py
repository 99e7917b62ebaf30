from django.apps import AppConfig


class OpacConfig(AppConfig):
    name = "shuxiang.opac"
    label = "opac"
