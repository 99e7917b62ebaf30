from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "shuxiang.figures"
    label = "figures"

    def ready(self) -> None:
        """Register the figures of the rooms below, once models are loaded."""
        from shuxiang.figures import ground

        ground.register_all()
