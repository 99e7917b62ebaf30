"""What fields, subfields, indicators and coded positions are called: English sentences, which rooms with Django translate.

They are looked up by key: "200", "200a", "100a/8+1" (a position and its length), "100a/8=d" (a code in it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from shuxiang.marc.types import Profile
from shuxiang.marc.words import (
    cnmarc_fields,
    cnmarc_fixed,
    cnmarc_subfields,
    indicators,
    marc21_fields,
    marc21_fixed,
    marc21_subfields,
)

_FIELDS = {"cnmarc": cnmarc_fields.MARC_WORDS, "marc21": marc21_fields.MARC_WORDS}
_SUBFIELDS = {"cnmarc": cnmarc_subfields.MARC_WORDS, "marc21": marc21_subfields.MARC_WORDS}
_FIXED = {"cnmarc": cnmarc_fixed.MARC_WORDS, "marc21": marc21_fixed.MARC_WORDS}
_ALIKE = {"cnmarc": cnmarc_fixed.ALIKE, "marc21": marc21_fixed.ALIKE}
_INDICATORS = {"cnmarc": indicators.CNMARC, "marc21": indicators.MARC21}
# fields whose value has as many characters as it has positions
LENGTHS: Mapping[Profile, Mapping[str, int]] = {
    "cnmarc": {"LDR": 24, "100a": 36, "105a": 13, "106a": 1, "110a": 11, "115a": 15, "135a": 13},
    "marc21": {"LDR": 24, "008": 40},
}


@dataclass(frozen=True, slots=True)
class Position:
    """A coded position: where it is in its value, what it is called, and the words of its codes (none: free text)."""

    start: int
    length: int
    words: str
    codes: Mapping[str, str]

    @property
    def end(self) -> int:
        return self.start + self.length


def field_words(profile: Profile, tag: str) -> str:
    """What a field is called; '' for one that is not known here."""
    return _FIELDS[profile].get(tag, "")


def subfields_of(profile: Profile, tag: str) -> dict[str, str]:
    """The codes that a field may have with their words, in their usual order; empty for a field not known here."""
    return {key[3]: words for key, words in _SUBFIELDS[profile].items() if key[:3] == tag}


def indicators_of(profile: Profile, tag: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The values that the two indicators of a field may have, with their words; nothing where they are not known here."""
    known = _INDICATORS[profile]
    return known.get(f"{tag}/1", {}), known.get(f"{tag}/2", {})


def positions_of(profile: Profile, place: str, leader: str) -> tuple[Position, ...]:
    """The coded positions of "LDR", a control field ("008") or a subfield ("100a"), in order; empty where there are none."""
    return _positions(profile, _tables(profile, place, leader))


@cache
def _positions(profile: Profile, tables: tuple[str, ...]) -> tuple[Position, ...]:
    found: list[Position] = []
    for name in tables:
        for key, words in _FIXED[profile].items():
            table, _slash, at = key.partition("/")
            if table != name or "+" not in at:
                continue
            start, _plus, length = at.partition("+")
            found.append(Position(int(start), int(length), words, _codes(profile, f"{name}/{start}")))
    return tuple(sorted(found, key=lambda position: position.start))


def _tables(profile: Profile, place: str, leader: str) -> tuple[str, ...]:
    if profile == "marc21" and place == "008":
        return ("008", f"008{_kind_of_008(leader)}", "008e")
    return (place,)


def _kind_of_008(leader: str) -> str:
    """Books, serials or something else: positions 18 to 34 differ."""
    if leader[6:7] in ("a", "t"):
        return "s" if leader[7:8] in ("b", "i", "s") else "b"
    return "o"


def _codes(profile: Profile, key: str) -> dict[str, str]:
    wanted = _ALIKE[profile].get(key, key) + "="
    return {name[len(wanted) :]: words for name, words in _FIXED[profile].items() if name.startswith(wanted)}
