"""MARC records that a person copied out of a screen: one field a line, a visible mark for subfields.

Met in Chinese libraries: `200  1 ■a…■f…`, `2001 ǂa…`, `2001<tab>|a … |d …` (National Library of China), `▼a`, `$a`,
`@a`, and `^` or `#` for blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shuxiang.marc.fields import clean, clean_leader, clean_tag, is_control
from shuxiang.marc.types import BLANK_LEADER, Field, MarcRecord, MarcWarning, Subfield

MARKS = "\x1f■ǂ‡▼|$@"
_LEADER = re.compile(
    r"^(?:(?:LDR|LEADER|000|###)[\s=]+)?([\d \-^#]{5}[a-z][\w \-^#]{17,18})\s*$", re.IGNORECASE
)
_FIELD = re.compile(r"^=?([0-9A-Z]{3})(?:[ \t]|(?=[\d#^_]{1,2}[ \t]*[\x1f■ǂ‡▼|$@])|(?=[\x1f■ǂ‡▼|$@]))(.*)$")
_FIELD_TIGHT = re.compile(r"^([0-9]{3}|[A-Z]{3})([\d#^_ ]{0,2}.*)$")
_END = re.compile(r"^\s*(?:\*{2,}|-{5,}|={5,}|#{5,})\s*$")


@dataclass(frozen=True, slots=True)
class PastedRecord:
    """A record found in text, and the lines it was found in."""

    text: str
    record: MarcRecord
    warnings: list[MarcWarning]


def looks_pasted(text: str) -> bool:
    """Whether text holds at least two lines that are fields, one of them with subfields."""
    hits = [line for line in text.splitlines()[:400] if _FIELD.match(line)]
    return len(hits) >= 2 and any(_mark_of(line[3:]) for line in hits)


def read_pasted(text: str) -> Iterator[PastedRecord]:
    """Every record in the text: a blank line, a line of stars, a new leader or a second 001 begins the next."""
    lines: list[str] = []
    for line in (*text.splitlines(), ""):
        bare = line.rstrip("\r\n")
        if lines and _begins_next(bare, lines):
            yield from _record(lines)
            lines = []
        if bare.strip() and not _END.match(bare):
            lines.append(bare)
    yield from _record(lines)


def _begins_next(line: str, lines: list[str]) -> bool:
    if not line.strip() or _END.match(line):
        return True
    seen = [known[:3] for known in lines]
    return (bool(_LEADER.match(line)) and seen != ["FMT"]) or (line[:3] == "001" and "001" in seen)


def _record(lines: list[str]) -> Iterator[PastedRecord]:
    warnings: list[MarcWarning] = []
    leader = BLANK_LEADER
    fields: list[Field] = []
    for line in lines:
        if found := _LEADER.match(line):
            leader = re.sub("[-^#]", " ", found[1]).ljust(24)
        elif found := _FIELD.match(line) or _FIELD_TIGHT.match(line):
            fields.append(_field(found[1], found[2], warnings))
        elif fields and line[:1].isspace():
            fields[-1] = _continued(fields[-1], line.strip())
    if not any(item.subfields for item in fields):
        return
    if leader != BLANK_LEADER:
        leader = clean_leader(leader, warnings)
    text = "\n".join(lines)
    yield PastedRecord(text, MarcRecord(leader, tuple(fields)), warnings)


def _mark_of(text: str) -> str:
    """The mark this line uses for subfields, or ''."""
    for mark in MARKS:
        if re.search(re.escape(mark) + r"[ \t]?[0-9A-Za-z]", text):
            return mark
    return ""


def _field(tag: str, rest: str, warnings: list[MarcWarning]) -> Field:
    rest = clean(rest, warnings)
    mark = _mark_of(rest)
    if is_control(tag) and not mark:
        return Field(clean_tag(tag, warnings), "", (), rest.strip())
    if not mark:
        return Field(tag, "  ", (Subfield("a", rest.strip()),))
    head, *pieces = rest.split(mark)
    spaced = all(piece[1:2] in ("", " ") for piece in pieces)
    subfields = [Subfield(piece[0], _value(piece[1:], spaced)) for piece in map(str.lstrip, pieces) if piece]
    return Field(tag, _indicators(head), tuple(subfields))


def _value(text: str, spaced: bool) -> str:
    """A value; where the form puts blanks around every value (`|a 北京 |c …`) they are taken off."""
    return text.strip() if spaced else text


def _indicators(head: str) -> str:
    """Two indicators from what stands between tag and first mark: `1`, ` 1 `, `1 `, `0^`, `##`."""
    head = re.sub(r"[#^_\\]", " ", head.replace("\t", ""))
    if len(head) > 2:
        head = head.strip() if len(head.strip()) == 2 else head.removeprefix(" ")
    return head.ljust(2)[:2]


def _continued(item: Field, text: str) -> Field:
    """A field with the text of a wrapped line added to its last part."""
    if item.data is not None:
        return Field(item.tag, "", (), item.data + text)
    *before, last = item.subfields
    return Field(item.tag, item.indicators, (*before, Subfield(last.code, last.value + text)))
