from django.apps import AppConfig


class WeedingConfig(AppConfig):
    name = "shuxiang.weeding"
    label = "weeding"

    def ready(self) -> None:
        from shuxiang.weeding import jobs  # noqa: F401  registers its handlers
