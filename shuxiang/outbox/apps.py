from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "shuxiang.outbox"
    label = "outbox"

    def ready(self) -> None:
        from shuxiang.audit.reconcile import words
        from shuxiang.outbox import jobs, reconcile  # noqa: F401  registers job and check
        from shuxiang.outbox.messages import speak

        words("outbox", speak)
