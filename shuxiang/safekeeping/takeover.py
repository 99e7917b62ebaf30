"""A second machine goes on from a copy: it becomes the library, and the first one learns that it was superseded.

Machines that know nothing of each other cannot be told apart by their data alone. So whoever takes over leaves a note where
the copies lie (beside the backup, and on the second disk), and the first machine looks there before it opens.
"""

import json
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.common import clock
from shuxiang.common.actors import Actor
from shuxiang.safekeeping.dump import Manifest
from shuxiang.safekeeping.restoring import restore_here

NOTE = "superseded.json"
ACTION = "safekeeping.takeover"


@dataclass(frozen=True)
class Note:
    """Which machine goes on, since when, from the copy of when; `takeover` is the id of that act, known to who goes on."""

    takeover: str
    host: str
    at: str
    copy_made_at: str

    @property
    def since(self) -> datetime:
        """From when on the first machine's acts are not in the copy."""
        return datetime.fromisoformat(self.copy_made_at)


def take_over(copy: Path, *, by: Actor, second: Path | None) -> tuple[Manifest, list[Path]]:
    """Restore the copy here and go on from it; says where the note was left. Raises BadBackup; then nothing changed."""
    manifest = restore_here(copy, by=by)
    at = clock.now()
    with transaction.atomic():
        begun = operations.begin(ACTION, by=by, at=at)
        operations.finish(begun.operation, result={"copy_made_at": manifest.made_at})
    note = Note(str(begun.operation.pk), socket.gethostname(), at.isoformat(), manifest.made_at)
    left = []
    for folder in dict.fromkeys(filter(None, (copy.parent, second))):
        with suppress(
            OSError
        ):  # a stick that is locked, a disk that is not there: the manual says what to do then
            leave(folder, note)
            left.append(folder / NOTE)
    return manifest, left


def leave(folder: Path, note: Note) -> None:
    """Raises OSError."""
    draft = folder / f".{NOTE}.part"
    draft.write_text(json.dumps(asdict(note)), encoding="utf-8")
    draft.replace(folder / NOTE)


def superseded(*folders: Path | None) -> Note | None:
    """The note of a machine that took over from these data, if one lies there; our own and older ones do not count."""
    for folder in filter(None, folders):
        try:
            note = Note(**json.loads((folder / NOTE).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            continue
        ours = Operation.objects.filter(action=ACTION)
        if not any(str(one.pk) == note.takeover or one.at.isoformat() > note.at for one in ours):
            return note
    return None


def retire(home: Path, note: Note) -> None:
    """These data are done with: what was in them was handed over. The server does not open on them any more."""
    leave(home, note)
