from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "shuxiang.audit"
    label = "audit"
