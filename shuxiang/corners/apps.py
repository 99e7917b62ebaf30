from django.apps import AppConfig


class CornersConfig(AppConfig):
    name = "shuxiang.corners"
    label = "corners"

    def ready(self) -> None:
        from shuxiang.audit.reconcile import words
        from shuxiang.corners import (
            figures,
            reconcile,  # noqa: F401  registers its checks
        )
        from shuxiang.corners.messages import speak

        words("corners", speak)
        figures.register_all()
