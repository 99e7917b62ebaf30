"""A run is carried out, or undone, by one process at a time: a starting server must not take up what another still does."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from uuid import UUID

from django.conf import settings

from shuxiang.common import locks


def one_at_a_time(library_id: int) -> AbstractContextManager[None]:
    """Only one import of a library at once: each plans on what it found when it began. Raises locks.Taken."""
    return locks.alone(Path(settings.HOME) / "locks" / f"imports-{library_id}")


@contextmanager
def alone(run_id: UUID) -> Iterator[None]:
    """Hold the run; the system lets go of it when the process dies. Raises locks.Taken."""
    lock_file = Path(settings.HOME) / "locks" / f"run-{run_id}"
    with locks.alone(lock_file):
        yield
    with suppress(OSError):
        lock_file.unlink()
