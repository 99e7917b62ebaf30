from django.apps import AppConfig


class HoldingsConfig(AppConfig):
    name = "shuxiang.holdings"
    label = "holdings"

    def ready(self) -> None:
        from shuxiang.audit.reconcile import words
        from shuxiang.holdings import (
            figures,
            reconcile,  # noqa: F401  registers its checks
        )
        from shuxiang.holdings.messages import speak

        words("holdings", speak)
        figures.register_all()
