from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "shuxiang.accounts"
    label = "accounts"
