"""Known to whoever runs jobs."""

from shuxiang.safekeeping import services  # noqa: F401  registers its handlers
