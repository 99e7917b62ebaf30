from django.apps import AppConfig


class CirculationConfig(AppConfig):
    name = "shuxiang.circulation"
    label = "circulation"

    def ready(self) -> None:
        """Follow what happens to titles and volumes, once models are loaded."""
        from shuxiang.catalogue.services.merging import Companion, accompany
        from shuxiang.circulation import records
        from shuxiang.holdings.services.splitting import follow_items

        accompany("circulation", Companion(records.merge_loans, records.part_loans))
        accompany("circulation.holds", Companion(records.merge_holds, records.part_holds))
        follow_items(records.follow_items)
        follow_items(records.holds_follow_items)
