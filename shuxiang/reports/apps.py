from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "shuxiang.reports"
    label = "reports"

    def ready(self) -> None:
        from shuxiang.reports import term_summary  # noqa: F401  registers its report
