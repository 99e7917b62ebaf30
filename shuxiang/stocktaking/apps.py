from django.apps import AppConfig


class StocktakingConfig(AppConfig):
    name = "shuxiang.stocktaking"
    label = "stocktaking"
