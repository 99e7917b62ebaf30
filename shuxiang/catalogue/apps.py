from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "shuxiang.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from shuxiang.audit.reconcile import words
        from shuxiang.catalogue import index, reconcile  # noqa: F401  what is rebuilt after a restore; its check
        from shuxiang.catalogue.messages import speak

        words("catalogue", speak)
