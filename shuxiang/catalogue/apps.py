from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "shuxiang.catalogue"
    label = "catalogue"
