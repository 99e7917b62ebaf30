"""Known to whoever runs jobs."""

from shuxiang.imports.services import served  # noqa: F401  registers its handlers
