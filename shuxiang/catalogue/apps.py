from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "shuxiang.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from shuxiang.audit.reconcile import words
        from shuxiang.catalogue import index, names, reconcile  # noqa: F401  derived tables, a job, a check
        from shuxiang.catalogue.messages import speak

        words("catalogue", speak)
