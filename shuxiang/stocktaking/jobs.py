"""Known to whoever runs jobs."""

from shuxiang.stocktaking.services import closing, files, settling, undoing  # noqa: F401  register their handlers
