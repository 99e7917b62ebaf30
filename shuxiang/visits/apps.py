from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "shuxiang.visits"
    label = "visits"
