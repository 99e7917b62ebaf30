"""The shapes of a MARC record: what was read, what could not be, and what was odd about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Profile = Literal["cnmarc", "marc21"]
PROFILES: tuple[Profile, ...] = ("cnmarc", "marc21")
Params = Mapping[str, str | int]

BLANK_LEADER = "00000       00000       "


class Subfield(NamedTuple):  # made by the dozen for each record
    """One coded piece of a field; `code` is one character, or empty for text that stands before any code."""

    code: str
    value: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field: control fields (001, FMT …) have `data`, all others indicators and subfields."""

    tag: str
    indicators: str = "  "
    subfields: tuple[Subfield, ...] = ()
    data: str | None = None

    def get(self, code: str) -> str:
        """The first subfield of that code, or ''."""
        for own, value in self.subfields:
            if own == code:
                return value
        return ""

    def all(self, *codes: str) -> list[str]:
        """Every value of these codes, in the order of the field."""
        return [value for code, value in self.subfields if code in codes]


@dataclass(frozen=True, slots=True)
class MarcRecord:
    """A record without any opinion on its encoding or profile: a leader of 24 characters and fields in order."""

    leader: str
    fields: tuple[Field, ...]

    def get(self, *tags: str) -> Field | None:
        """The first field with one of these tags."""
        for item in self.fields:
            if item.tag in tags:
                return item
        return None

    def each(self, *tags: str) -> Iterator[Field]:
        """Every field with one of these tags, in order."""
        return iter([item for item in self.fields if item.tag in tags])

    def data(self, tag: str) -> str:
        """The text of the first control field of that tag, or ''."""
        found = self.get(tag)
        return found.data or "" if found else ""

    def first(self, tag: str, code: str) -> str:
        """The first non-empty subfield `code` in any field `tag`, or ''."""
        for item in self.each(tag):
            if value := item.get(code):
                return value
        return ""


@dataclass(frozen=True, slots=True)
class MarcWarning:
    """Something odd that was survived: a key of MESSAGES with the values it names."""

    code: str
    params: Params = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record that was read, beside the very bytes it was read from.

    `raw` is in `encoding` (for MARCXML and pasted text: UTF-8); `position` counts good and bad records from 1.
    """

    raw: bytes
    encoding: str
    profile: Profile
    record: MarcRecord
    warnings: tuple[MarcWarning, ...]
    position: int


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A stretch of the source no record could be made of; `code` is a key of MESSAGES."""

    position: int
    raw: bytes
    code: str
    params: Params = field(default_factory=dict, hash=False)
