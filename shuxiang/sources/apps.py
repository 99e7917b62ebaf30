from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "shuxiang.sources"
    label = "sources"
