from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ImportsConfig(AppConfig):
    name = "shuxiang.imports"
    label = "imports"

    def ready(self) -> None:
        autodiscover_modules("imports")  # the rooms above register their importers; none is named here
