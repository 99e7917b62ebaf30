from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "shuxiang.desk"
    label = "desk"
