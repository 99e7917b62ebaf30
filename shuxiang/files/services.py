"""Keep a file: its bytes lie once, under their SHA-256, in a folder that no web address reaches."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from shuxiang.common.actors import Actor
from shuxiang.files.models import StoredFile
from shuxiang.files.selectors import path_of
from shuxiang.libraries.models import Library

_PIECE = 1 << 20


class NotStored(Exception):
    """The file could not be kept (disk full, folder read-only); nothing was left behind."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}")
        self.name = name
        self.problem = problem


def store(
    source: BinaryIO, *, name: str, library: Library | None, by: Actor, at: datetime, media_type: str = ""
) -> StoredFile:
    """Write the bytes to disk, then the row that names them; the same bytes lie on the disk once.

    Raises NotStored when the disk does not take them.
    """
    try:
        sha256, size = _write(source)
    except OSError as problem:
        raise NotStored(name, problem.strerror or str(problem)) from problem
    return StoredFile.objects.create(
        library=library,
        sha256=sha256,
        name=Path(name).name[:200],
        size=size,
        media_type=media_type[:100],
        stored_at=at,
        stored_by=by.name[:80],
    )


def discard(file: StoredFile) -> None:
    """Remove the bytes when no other row names them; the row stays and says what there was."""
    if StoredFile.objects.filter(sha256=file.sha256).exclude(pk=file.pk).exists():
        return
    path_of(file.sha256).unlink(missing_ok=True)


def _write(source: BinaryIO) -> tuple[str, int]:
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix="arriving-", dir=folder)
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(handle, "wb") as target:
            for piece in _pieces(source):
                target.write(piece)
                digest.update(piece)
                size += len(piece)
            target.flush()
            os.fsync(target.fileno())
        final = path_of(digest.hexdigest())
        final.parent.mkdir(mode=0o700, exist_ok=True)
        Path(temporary).replace(final)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return digest.hexdigest(), size


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    while piece := source.read(_PIECE):
        yield piece
