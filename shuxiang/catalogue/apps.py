from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "shuxiang.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from shuxiang.catalogue import index, names  # noqa: F401  derived tables, a job
