from django.apps import AppConfig


class InquiriesConfig(AppConfig):
    name = "shuxiang.inquiries"
    label = "inquiries"

    def ready(self) -> None:
        from shuxiang.audit.reconcile import words
        from shuxiang.inquiries import figures, reconcile  # noqa: F401  registers its check
        from shuxiang.inquiries.messages import speak

        words("inquiries", speak)
        figures.register_all()
