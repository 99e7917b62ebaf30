from django.apps import AppConfig


class MendingConfig(AppConfig):
    name = "shuxiang.mending"
    label = "mending"

    def ready(self) -> None:
        from shuxiang.audit.reconcile import words
        from shuxiang.mending import (
            figures,
            reconcile,  # noqa: F401  registers its check
        )
        from shuxiang.mending.messages import speak

        words("mending", speak)
        figures.register_all()
