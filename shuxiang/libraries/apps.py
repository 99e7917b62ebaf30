from django.apps import AppConfig


class LibrariesConfig(AppConfig):
    name = "shuxiang.libraries"
    label = "libraries"

    def ready(self) -> None:
        """Register what the ground adds to reconcile, once models are loaded."""
        from shuxiang.libraries import reconcile  # noqa: F401
