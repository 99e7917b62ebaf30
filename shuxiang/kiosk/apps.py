from django.apps import AppConfig


class KioskConfig(AppConfig):
    name = "shuxiang.kiosk"
    label = "kiosk"
