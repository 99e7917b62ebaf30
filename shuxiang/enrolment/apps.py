from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    name = "shuxiang.enrolment"
    label = "enrolment"

    def ready(self) -> None:
        from shuxiang.audit.reconcile import words
        from shuxiang.enrolment import (
            figures,
            owed,
            reconcile,  # noqa: F401  registers its check
        )
        from shuxiang.enrolment.messages import speak

        words("enrolment", speak)
        owed.register_all()
        figures.register_all()
