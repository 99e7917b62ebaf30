from django.apps import AppConfig


class CompensationConfig(AppConfig):
    name = "shuxiang.compensation"
    label = "compensation"

    def ready(self) -> None:
        from shuxiang.audit.reconcile import words
        from shuxiang.compensation import dues, figures, reconcile  # noqa: F401  registers its checks
        from shuxiang.compensation.messages import speak
        from shuxiang.patrons.dues import register

        words("compensation", speak)
        register(dues.SOURCE)
        figures.register_all()
