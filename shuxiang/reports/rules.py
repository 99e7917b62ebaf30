"""Which words stand in a human part: those in the file that is written over, those kept, or what the data suggest."""

import hashlib
import re
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


NOT_IN_XML = re.compile("[^\t\n\\x20-\\ud7ff\\ue000-\\ufffd\U00010000-\U0010ffff]")


def tidy(text: str) -> str:
    """Lines without blanks at their ends; what a Word file cannot hold is left out, its soft line break is a line's end."""
    plain = NOT_IN_XML.sub("", text.replace("\r", "").replace("\v", "\n").replace("\f", "\n"))
    lines = (line.strip() for line in plain.split("\n"))
    return "\n".join(line for line in lines if line)
