from django.apps import AppConfig


class CornersConfig(AppConfig):
    name = "shuxiang.corners"
    label = "corners"
