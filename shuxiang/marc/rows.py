"""A record as the rows of a form, and what comes back of the form as a record again.

Whatever a person did not touch stays the very same object: a form may lose line breaks and cannot show control characters,
so a value that comes back as the form showed it means the value that was there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from shuxiang.marc.fields import is_control
from shuxiang.marc.mapping.edit import insert
from shuxiang.marc.types import Field, MarcRecord, Profile, Subfield
from shuxiang.marc.words import positions_of, subfields_of

MOST_ROWS = 2000  # fields that a form may bring; a record of 99,999 bytes has fewer
_KEY = re.compile(r"f(\d{1,4})\.(tag|from|i1|i2|data|drop|keep|p(\d{1,2})|s(\d{1,4})\.(c|v))")


@dataclass(slots=True)
class Row:
    """A field in a form. `origin` is its place in the record the form was made of, None when it was added since."""

    tag: str
    indicators: str = "  "
    subfields: list[tuple[str, str]] = field(default_factory=list)
    data: str | None = None
    origin: int | None = None
    is_dropped: bool = False
    is_kept: bool = False  # the form only shows it: it stays whatever it says
    positions: dict[int, str] = field(default_factory=dict)


def rows_of(record: MarcRecord) -> list[Row]:
    """The fields as rows, in their order."""
    return [
        Row(item.tag, item.indicators, [(one.code, one.value) for one in item.subfields], item.data, place)
        for place, item in enumerate(record.fields)
    ]


def new_row(profile: Profile, tag: str) -> Row:
    """An empty field of a tag with the subfields that are known of it, or $a."""
    if is_control(tag):
        return Row(tag, "", data="")
    codes = [code for code in subfields_of(profile, tag) if code.islower() or tag[0] == "4"] or ["a"]
    return Row(tag, "  ", [(code, "") for code in codes[:6]])


def read_rows(posted: Mapping[str, str]) -> list[Row]:
    """The rows of a form by the names of its parts: f3.tag, f3.i1, f3.s0.c, f3.s0.v, f3.p8 …; other names are left out."""
    found: dict[int, dict[str, str]] = {}
    for key, value in posted.items():
        if match := _KEY.fullmatch(key):
            found.setdefault(int(match[1]), {})[key.partition(".")[2]] = value
    rows = [_row(found[number]) for number in sorted(found)[:MOST_ROWS]]
    return [row for row in rows if row.tag]


def _row(parts: Mapping[str, str]) -> Row:
    tag = parts.get("tag", "").strip()
    origin = parts.get("from", "")
    row = Row(tag, origin=int(origin) if origin.isascii() and origin.isdecimal() else None)
    row.is_dropped, row.is_kept = bool(parts.get("drop")), bool(parts.get("keep"))
    row.positions = {int(key[1:]): value for key, value in parts.items() if re.fullmatch(r"p\d{1,2}", key)}
    if "data" in parts:
        row.indicators, row.data = "", parts["data"]
        return row
    row.indicators = "".join((parts.get(name, "") or " ")[:1] for name in ("i1", "i2"))
    numbers = sorted(
        {int(key[1:].partition(".")[0]) for key in parts if re.fullmatch(r"s\d{1,4}\.[cv]", key)}
    )
    row.subfields = [
        (parts.get(f"s{number}.c", "").strip()[:1], parts.get(f"s{number}.v", "")) for number in numbers
    ]
    return row


def assemble(
    base: MarcRecord, rows: list[Row], profile: Profile, leader: Mapping[int, str] | None = None
) -> MarcRecord:
    """The record that the rows say; untouched fields are those of `base`, added ones stand in the order of tags."""
    head = _with_positions(base.leader, leader or {}, profile, "LDR", base.leader)
    kept: list[Field] = []
    added: list[Field] = []
    for row in rows:
        old = _old(base, row)
        item = old if row.is_kept else None if row.is_dropped else _field(row, old, profile, head)
        if item is not None:
            (added if old is None else kept).append(item)
    return insert(MarcRecord(head, tuple(kept)), added)


def _old(base: MarcRecord, row: Row) -> Field | None:
    if row.origin is None or row.origin >= len(base.fields):
        return None
    return base.fields[row.origin]


def _field(row: Row, old: Field | None, profile: Profile, leader: str) -> Field | None:
    """What a row says; None when nothing is left of it."""
    if row.data is not None:
        text = _kept(row.data, old.data or "" if old else "")
        text = _with_positions(text, row.positions, profile, row.tag, leader)
        if old is not None and (row.tag, text) == (old.tag, old.data):
            return old
        return Field(row.tag, "", (), text) if text.strip() else None
    pairs = _subfields(row, old, profile, leader)
    if old is not None and (row.tag, row.indicators, pairs) == (old.tag, _two(old), old.subfields):
        return old
    said = [one for one in pairs if one.value.strip()]
    if not said or (old is None and _only_given(row, pairs, profile)):
        return None
    return Field(row.tag, row.indicators, pairs)


def _two(item: Field) -> str:
    return item.indicators.ljust(2)[:2]


def _only_given(row: Row, pairs: tuple[Subfield, ...], profile: Profile) -> bool:
    """A field of a template of which nothing was filled in: the edition of a class number without the number."""
    given = {"cnmarc": ("690", "v"), "marc21": ("084", "2")}[profile]
    return row.tag == given[0] and all(one.code == given[1] for one in pairs)


def _subfields(row: Row, old: Field | None, profile: Profile, leader: str) -> tuple[Subfield, ...]:
    before = old.subfields if old is not None else ()
    pairs: list[Subfield] = []
    new: list[Subfield] = []
    for place, (code, value) in enumerate(row.subfields):
        was = before[place] if place < len(before) else None
        text = _kept(value, was.value if was else "")
        if row.positions and code == "a" and place == 0:
            text = _with_positions(text, row.positions, profile, row.tag + "a", leader)
        one = Subfield(code, text)
        if was is not None and (one == was or text):
            pairs.append(one)
        elif was is None and text and code:
            (new if before else pairs).append(one)
    order = "".join(subfields_of(profile, row.tag))
    for one in new:
        rank = order.find(one.code)
        later = [at for at, other in enumerate(pairs) if -1 < rank < order.find(other.code)]
        pairs.insert(later[0] if later else len(pairs), one)
    return tuple(pairs)


def _kept(posted: str, was: str) -> str:
    """The value that was there, when the form gives back what it could show of it."""
    text = posted.replace("\r\n", "\n")
    if text in (was, shown(was)) or posted == was:
        return was
    return " ".join(text.split("\n")) if "\n" in text else text


def shown(text: str) -> str:
    """What a field of a form shows of a value: one line."""
    return re.sub(r"[\r\n]+", "", text)


def _with_positions(text: str, wanted: Mapping[int, str], profile: Profile, place: str, leader: str) -> str:
    """The value with these coded positions written into it; one that says what stood there changes nothing."""
    for position in positions_of(profile, place, leader):
        value = wanted.get(position.start)
        if value is None:
            continue
        now = text[position.start : position.end]
        code = value.ljust(position.length)[: position.length]
        if code != now.ljust(position.length):
            text = text.ljust(position.end)
            text = text[: position.start] + code + text[position.end :]
    return text
