"""A PostgreSQL of our own that brings every answered act to the disk, as a city's would."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests import postgres

DURABLE = (
    "fsync=on",
    "max_connections=60",
    "shared_buffers=512MB",
    "max_wal_size=4GB",
    "maintenance_work_mem=256MB",
)


@contextmanager
def durable() -> Iterator[str]:
    """Its address. The tests' server does without the disk, which would flatter it here."""
    quick, postgres.QUICK = postgres.QUICK, DURABLE
    try:
        with postgres.running() as url:
            yield url
    finally:
        postgres.QUICK = quick
