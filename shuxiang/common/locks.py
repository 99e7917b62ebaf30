"""Locks on files that the system frees when a process dies. The only file that may use what only one system has."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def try_lock(handle: int, byte: int) -> bool:
        """Take one byte of an open file if nobody else has it."""
        os.lseek(handle, byte, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def free(handle: int, byte: int) -> None:
        """Give one byte back; closing the handle gives all back."""
        os.lseek(handle, byte, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    # lockf, not flock: its locks belong to the process, so a child that inherits the handle keeps none
    def try_lock(handle: int, byte: int) -> bool:
        """Take one byte of an open file if nobody else has it."""
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
        except OSError:
            return False
        return True

    def free(handle: int, byte: int) -> None:
        """Give one byte back; closing the handle gives all back."""
        fcntl.lockf(handle, fcntl.LOCK_UN, 1, byte)


class Taken(Exception):
    """Another process, or another thread of this one, holds the lock."""


# A process that closes any handle of a file loses its lock on it, so each file is opened once per process.
_held: set[Path] = set()
_mutex = threading.Lock()


@contextmanager
def alone(lock_file: Path) -> Iterator[None]:
    """Hold a lock that only one thread on this computer can have. Raises Taken at once, without waiting."""
    path = lock_file.resolve()
    with _mutex:
        if path in _held:
            raise Taken(str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if not try_lock(handle, 0):
            os.close(handle)
            raise Taken(str(path))
        _held.add(path)
    try:
        yield
    finally:
        with _mutex:
            _held.discard(path)
            os.close(handle)


def is_ours(lock_file: Path) -> bool:
    """Whether this process holds the lock."""
    with _mutex:
        return lock_file.resolve() in _held
