from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "shuxiang.reports"
    label = "reports"

    def ready(self) -> None:
        from shuxiang.reports import term_summary  # noqa: F401  registers its report
        from shuxiang.reports.ledgers import serving  # noqa: F401  registers its jobs
        from shuxiang.reports.ledgers.books import (  # noqa: F401  each registers its book
            accessions,
            classes,
            compensation,
            loans,
            serials,
            total,
            withdrawals,
        )
