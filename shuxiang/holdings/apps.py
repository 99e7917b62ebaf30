from django.apps import AppConfig


class HoldingsConfig(AppConfig):
    name = "shuxiang.holdings"
    label = "holdings"

    def ready(self) -> None:
        from shuxiang.audit.reconcile import words
        from shuxiang.catalogue.index import follow
        from shuxiang.holdings import (
            figures,
            jobs,  # noqa: F401  registers its handlers
            reconcile,  # noqa: F401  registers its checks
        )
        from shuxiang.holdings.messages import speak
        from shuxiang.holdings.services.counts import recount_records

        follow(recount_records)
        words("holdings", speak)
        figures.register_all()
