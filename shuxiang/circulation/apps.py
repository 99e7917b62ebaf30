from django.apps import AppConfig


class CirculationConfig(AppConfig):
    name = "shuxiang.circulation"
    label = "circulation"

    def ready(self) -> None:
        """Register what circulation adds to reconcile and figures, once models are loaded."""
        from shuxiang.circulation import jobs, reconcile  # noqa: F401
        from shuxiang.circulation.figures import definitions

        definitions.register_all()
