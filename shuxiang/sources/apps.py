from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "shuxiang.sources"
    label = "sources"

    def ready(self) -> None:
        from shuxiang.sources.services import loading, looking  # noqa: F401  their jobs are known to whoever runs them
