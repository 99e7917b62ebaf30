from django.apps import AppConfig


class UrgingConfig(AppConfig):
    name = "shuxiang.urging"
    label = "urging"
