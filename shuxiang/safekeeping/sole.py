"""One program at a time may serve, replace or upgrade the data of a data folder."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from shuxiang.common import locks

LOCK = "server.lock"


class InUse(Exception):
    """Another program, as a rule the server, is using these data."""


@contextmanager
def sole_use(home: Path) -> Iterator[None]:
    """This process alone uses the data folder. Raises InUse; where this process has it already, nothing changes."""
    with ExitStack() as stack:
        if not locks.is_ours(home / LOCK):
            try:
                stack.enter_context(locks.alone(home / LOCK))
            except locks.Taken:
                raise InUse(str(home)) from None
        yield
