from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "shuxiang.figures"
    label = "figures"
