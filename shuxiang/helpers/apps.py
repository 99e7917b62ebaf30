from django.apps import AppConfig


class HelpersConfig(AppConfig):
    name = "shuxiang.helpers"
    label = "helpers"

    def ready(self) -> None:
        from shuxiang.audit.reconcile import words
        from shuxiang.helpers import (
            figures,
            reconcile,  # noqa: F401  registers its check
        )
        from shuxiang.helpers.messages import speak

        words("helpers", speak)
        figures.register_all()
