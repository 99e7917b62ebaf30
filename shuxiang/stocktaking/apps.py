from django.apps import AppConfig


class StocktakingConfig(AppConfig):
    name = "shuxiang.stocktaking"
    label = "stocktaking"

    def ready(self) -> None:
        from shuxiang.audit.reconcile import words
        from shuxiang.stocktaking import (
            figures,
            reconcile,  # noqa: F401  registers its checks
        )
        from shuxiang.stocktaking.messages import speak

        words("stocktaking", speak)
        figures.register_all()
