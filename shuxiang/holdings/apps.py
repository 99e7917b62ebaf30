from django.apps import AppConfig


class HoldingsConfig(AppConfig):
    name = "shuxiang.holdings"
    label = "holdings"

    def ready(self) -> None:
        from shuxiang.catalogue.index import follow
        from shuxiang.catalogue.services.merging import Companion, accompany
        from shuxiang.holdings.services.counts import recount_records
        from shuxiang.holdings.services.merging import merge_holdings, part_holdings

        follow(recount_records)
        accompany("holdings", Companion(merge_holdings, part_holdings))
