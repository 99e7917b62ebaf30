from django.apps import AppConfig


class CompensationConfig(AppConfig):
    name = "shuxiang.compensation"
    label = "compensation"

    def ready(self) -> None:
        from shuxiang.compensation import dues
        from shuxiang.patrons.dues import register

        register(dues.SOURCE)
