from django.apps import AppConfig


class CirculationConfig(AppConfig):
    name = "shuxiang.circulation"
    label = "circulation"

    def ready(self) -> None:
        from shuxiang.circulation import reconcile  # noqa: F401  registers its checks once models are loaded
