from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    name = "shuxiang.enrolment"
    label = "enrolment"

    def ready(self) -> None:
        from shuxiang.enrolment import owed

        owed.register_all()
