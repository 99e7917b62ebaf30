from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "shuxiang.outbox"
    label = "outbox"
