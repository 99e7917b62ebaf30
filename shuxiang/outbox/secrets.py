"""Passwords of senders: a file a library in the data folder, for its owner only; never in the database or a backup."""

import contextlib
import os
from pathlib import Path

from django.conf import settings


def _file(code: str) -> Path:
    return Path(settings.HOME) / "senders" / f"{code}.password"


def password_of(code: str) -> str:
    """The password of a library's sender; empty when there is none, as after restoring on another machine."""
    try:
        return _file(code).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def keep_password(code: str, password: str) -> None:
    """Write it beside and rename it, so that a half-written one is never read; an empty one removes the file."""
    file = _file(code)
    if not password:
        with contextlib.suppress(FileNotFoundError):
            file.unlink()
        return
    file.parent.mkdir(mode=0o700, exist_ok=True)
    part = file.with_suffix(".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(password)
    part.replace(file)
