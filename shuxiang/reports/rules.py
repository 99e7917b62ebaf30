"""Which words stand in a human part: those in the file that is written over, those kept, or what the data suggest."""

from dataclasses import dataclass
from datetime import datetime

from shuxiang.reports.blocks import fingerprint


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
