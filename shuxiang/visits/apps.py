from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "shuxiang.visits"
    label = "visits"

    def ready(self) -> None:
        from shuxiang.audit.reconcile import words
        from shuxiang.visits import (
            figures,
            reconcile,  # noqa: F401  registers its check
        )
        from shuxiang.visits.messages import speak

        words("visits", speak)
        figures.register_all()
