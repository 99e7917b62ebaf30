from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ImportsConfig(AppConfig):
    name = "shuxiang.imports"
    label = "imports"

    def ready(self) -> None:
        # the rooms above register their importers, and what an undo would do; none is named here
        autodiscover_modules("imports", "imports.foreseen")
        import shuxiang.imports.services.served  # noqa: F401  its jobs are known to whoever runs them
