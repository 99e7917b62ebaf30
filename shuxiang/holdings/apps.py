from django.apps import AppConfig


class HoldingsConfig(AppConfig):
    name = "shuxiang.holdings"
    label = "holdings"

    def ready(self) -> None:
        from shuxiang.audit.reconcile import words
        from shuxiang.catalogue.index import follow
        from shuxiang.catalogue.services.merging import Companion, accompany
        from shuxiang.holdings import (
            figures,
            reconcile,  # noqa: F401  registers its checks
        )
        from shuxiang.holdings.messages import speak
        from shuxiang.holdings.services.counts import recount_records
        from shuxiang.holdings.services.merging import merge_holdings, part_holdings

        follow(recount_records)
        accompany("holdings", Companion(merge_holdings, part_holdings))
        words("holdings", speak)
        figures.register_all()
