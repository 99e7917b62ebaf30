from django.apps import AppConfig


class HoldingsConfig(AppConfig):
    name = "shuxiang.holdings"
    label = "holdings"
