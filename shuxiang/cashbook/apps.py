from django.apps import AppConfig


class CashbookConfig(AppConfig):
    name = "shuxiang.cashbook"
    label = "cashbook"

    def ready(self) -> None:
        from shuxiang.audit.reconcile import words
        from shuxiang.cashbook import figures, reconcile  # noqa: F401  registers its checks
        from shuxiang.cashbook.messages import speak

        words("cashbook", speak)
        figures.register_all()
