"""Known to whoever runs jobs."""

from shuxiang.reports.ledgers import serving  # noqa: F401  registers its handlers
