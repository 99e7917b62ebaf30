"""The rows of the MARC editor as its page shows them: fields, indicators, subfields and coded positions in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext, pgettext

from shuxiang import marc
from shuxiang.marc.rows import Row, shown
from shuxiang.marc.words import LENGTHS, field_words, indicators_of, positions_of, subfields_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONG = 60  # characters from which a value gets more than one line


@dataclass(frozen=True, slots=True)
class Ground:
    """The record that the rows were made of; `locked` are the ids of those fields that come from the volumes."""

    base: marc.MarcRecord
    profile: marc.Profile
    leader: str
    locked: frozenset[int]


@dataclass(slots=True)
class Coded:
    """A coded position: its name in the form, what it is called, its value, and the codes to choose from."""

    name: str
    words: str
    value: str
    length: int
    codes: list[tuple[str, str]]


@dataclass(slots=True)
class Part:
    """A subfield in the form."""

    number: int
    code: str
    value: str
    words: str
    is_long: bool
    coded: list[Coded] = field(default_factory=list)


@dataclass(slots=True)
class Shown:
    """A field in the form; `is_locked` is one that the program writes from the volumes."""

    number: int
    tag: str
    words: str
    origin: str
    indicators: list[tuple[str, str, list[tuple[str, str]]]]
    parts: list[Part]
    data: str | None
    coded: list[Coded]
    offered: list[tuple[str, str]]
    next_part: int
    is_locked: bool
    text: str


def _marc(words: str) -> str:
    return pgettext("marc", words) if words else ""


def warning_words(warning: marc.MarcWarning) -> str:
    """A warning in words."""
    return gettext(marc.MESSAGES[warning.code]).format(**warning.params)


def shown_leader(leader: str, profile: marc.Profile) -> list[Coded]:
    """The positions of the leader that a cataloguer decides."""
    return _coded("LDR", leader, profile, leader, "l")


def _coded(place: str, value: str, profile: marc.Profile, leader: str, prefix: str) -> list[Coded]:
    return [
        Coded(
            f"{prefix}{position.start}",
            _marc(position.words),
            code,
            position.length,
            _choices(position.codes, code),
        )
        for position in positions_of(profile, place, leader)
        for code in [value[position.start : position.end].ljust(position.length)]
    ]


def _choices(codes: Mapping[str, str], value: str) -> list[tuple[str, str]]:
    """The codes of a position; one that is none of them stays to be chosen, so that nothing changes by itself."""
    found = [(code, f"{code.strip() or '␣'} {_marc(words)}") for code, words in codes.items()]
    if codes and value not in codes:
        found.append((value, value.replace(" ", "␣")))
    return found


def shown_rows(rows: Sequence[Row], ground: Ground) -> list[Shown]:
    """The rows with their words, in the order of tags where some were added."""
    order = sorted(range(len(rows)), key=lambda at: _place(rows, at))
    return [_shown(rows[at], number, ground) for number, at in enumerate(order)]


def _place(rows: Sequence[Row], at: int) -> tuple[str, int]:
    """Fields of the record keep their order; an added one stands behind the last whose tag is not higher."""
    if rows[at].origin is None:
        return rows[at].tag, at
    return max(row.tag for row in rows[: at + 1] if row.origin is not None), at


def _shown(row: Row, number: int, ground: Ground) -> Shown:
    fields = ground.base.fields
    old = fields[row.origin] if row.origin is not None and row.origin < len(fields) else None
    is_locked = old is not None and id(old) in ground.locked
    words = subfields_of(ground.profile, row.tag)
    values = indicators_of(ground.profile, row.tag)
    two = row.indicators.ljust(2)[:2] if row.data is None else ""
    return Shown(
        number=number,
        tag=row.tag,
        words=_marc(field_words(ground.profile, row.tag)),
        origin="" if row.origin is None else str(row.origin),
        indicators=[
            (f"f{number}.i{place}", own, _choices(values[place - 1], own)) for place, own in enumerate(two, 1)
        ],
        parts=[_part(row, at, number, words, ground) for at in range(len(row.subfields))],
        data=None if row.data is None else shown(row.data),
        coded=[] if row.data is None else _chosen(row, number, row.tag, shown(row.data), ground),
        offered=[(code, _marc(said)) for code, said in words.items()],
        next_part=len(row.subfields),
        is_locked=is_locked,
        text="".join(f" ${one.code}{one.value}" for one in old.subfields) if is_locked and old else "",
    )


def _part(row: Row, at: int, number: int, words: Mapping[str, str], ground: Ground) -> Part:
    code, value = row.subfields[at]
    coded = _chosen(row, number, row.tag + code, value, ground) if at == 0 else []
    return Part(at, code, shown(value), _marc(words.get(code, "")), len(value) > LONG, coded)


def _chosen(row: Row, number: int, place: str, value: str, ground: Ground) -> list[Coded]:
    """The coded positions of a value with what was chosen in the form; none where the value is too long for them."""
    wanted = LENGTHS[ground.profile].get(place)
    if wanted is None or len(value) > wanted:
        return []
    found = _coded(place, value.ljust(wanted), ground.profile, ground.leader, f"f{number}.p")
    for one in found:
        start = int(one.name.rpartition("p")[2])
        one.value = row.positions.get(start, one.value)
    return found
