"""Which words stand in a human part: those in the file that is written over, those kept, or what the data suggest."""

import hashlib
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Control:
    """A human part as it stands in a file: its text now, and the fingerprint of what was printed there."""

    key: str
    text: str
    printed: str

    @property
    def is_edited(self) -> bool:
        return fingerprint(self.text) != self.printed


@dataclass(frozen=True)
class Kept:
    """A human part as it was kept, and when."""

    text: str
    changed_at: datetime


def is_newer(control: Control, file_changed_at: datetime, kept: Kept | None) -> bool:
    """Whether what a person wrote into the file is to be kept: it was edited, and nothing newer was kept since."""
    if not control.is_edited:
        return False
    return kept is None or file_changed_at > kept.changed_at


def fingerprint(text: str) -> str:
    """Twelve hex digits that change with the words, not with blank lines and spaces around them."""
    return hashlib.sha256(tidy(text).encode()).hexdigest()[:12]


def tidy(text: str) -> str:
    lines = (line.strip() for line in text.replace("\r", "").split("\n"))
    return "\n".join(line for line in lines if line)
