from django.apps import AppConfig


class UrgingConfig(AppConfig):
    name = "shuxiang.urging"
    label = "urging"

    def ready(self) -> None:
        from shuxiang.audit.reconcile import words
        from shuxiang.urging import figures, reconcile  # noqa: F401  registers its check
        from shuxiang.urging.messages import speak

        words("urging", speak)
        figures.register_all()
