from django.apps import AppConfig


class CirculationConfig(AppConfig):
    name = "shuxiang.circulation"
    label = "circulation"
