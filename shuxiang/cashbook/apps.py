from django.apps import AppConfig


class CashbookConfig(AppConfig):
    name = "shuxiang.cashbook"
    label = "cashbook"
