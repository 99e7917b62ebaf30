"""Known to whoever runs jobs."""

from shuxiang.sources.services import loading, looking  # noqa: F401  register their handlers
