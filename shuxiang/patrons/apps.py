from django.apps import AppConfig


class PatronsConfig(AppConfig):
    name = "shuxiang.patrons"
    label = "patrons"

    def ready(self) -> None:
        """Register what readers add to reconcile and figures, once models are loaded."""
        from shuxiang.patrons import (
            figures,
            reconcile,  # noqa: F401
        )

        figures.register_all()
