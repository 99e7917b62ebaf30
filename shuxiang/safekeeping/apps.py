from django.apps import AppConfig


class SafekeepingConfig(AppConfig):
    name = "shuxiang.safekeeping"
    label = "safekeeping"

    def ready(self) -> None:
        from shuxiang.safekeeping import services  # noqa: F401  registers its jobs once models are loaded
