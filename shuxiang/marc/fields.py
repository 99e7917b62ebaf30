"""Making fields out of text, whatever format the text came in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shuxiang.marc.types import Field, MarcWarning, Subfield

# What XML 1.0 forbids, and nothing in a record needs. 1E and 1F are the codec's own and gone by the time it matters.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1d\ufffe\uffff\ud800-\udfff]")
_LENGTHS = "00000"
_USUAL_TAGS = frozenset(f"{number:03d}" for number in range(1000))


def clean(text: str, warnings: list[MarcWarning]) -> str:
    """Text without control characters (field and subfield marks excepted)."""
    if not _CONTROL.search(text):
        return text
    text, count = _CONTROL.subn("", text)
    warnings.append(MarcWarning("control_characters_removed", {"count": count}))
    return text


def clean_leader(text: str, warnings: list[MarcWarning]) -> str:
    """A leader of exactly 24 characters, its two lengths zeroed: they describe a file, not the record."""
    text = text.translate(dict.fromkeys((*range(0x20), 0x7F), " "))
    if len(text) != 24 or not text.isascii():
        warnings.append(MarcWarning("leader_repaired"))
        text = text.encode("ascii", "replace").decode().ljust(24)[:24]
    return _LENGTHS + text[5:12] + _LENGTHS + text[17:]


def clean_tag(tag: str, warnings: list[MarcWarning]) -> str:
    """A tag of three printable characters."""
    if len(tag) == 3 and tag.isascii() and tag.isprintable():
        return tag
    found, tag = tag, re.sub(r"[^!-~]", "", tag)[:3].rjust(3, "0")
    warnings.append(MarcWarning("tag_repaired", {"found": found, "tag": tag}))
    return tag


def is_control(tag: str) -> bool:
    """Whether fields of this tag have neither indicators nor subfields: 00X, and the letters of Aleph (FMT, SYS)."""
    return tag.startswith("00") or not tag.isdigit()


def field_from_text(tag: str, text: str, warnings: list[MarcWarning]) -> Field:
    """The field whose content in ISO 2709, decoded and without its end mark, is `text`."""
    if tag not in _USUAL_TAGS:
        tag = clean_tag(tag, warnings)
    head, *pieces = text.split("\x1f")
    if not pieces and is_control(tag):
        return Field(tag, "", (), text)
    subfields = [Subfield(piece[0], piece[1:]) for piece in pieces if piece]
    if len(head) == 2 and len(subfields) == len(pieces):
        return Field(tag, head, tuple(subfields))
    if len(subfields) != len(pieces):
        warnings.append(MarcWarning("empty_subfields_dropped", {"count": len(pieces) - len(subfields)}))
    if len(head) != 2:
        if len(head) < 2:
            warnings.append(MarcWarning("indicators_repaired", {"tag": tag}))
            head = head.ljust(2)
        else:
            subfields.insert(0, Subfield("", head[2:]))
            head = head[:2]
    return Field(tag, head, tuple(subfields))


def data_field(tag: str, indicators: str, subfields: Sequence[tuple[str, str]]) -> Field:
    """A field with subfields written as pairs."""
    return Field(tag, indicators, tuple(Subfield(code, value) for code, value in subfields))


def field_to_text(item: Field) -> str:
    """The content of a field in ISO 2709, without its end mark; marks inside values become blanks."""
    if item.data is not None:
        return _unmarked(item.data)
    parts = [_unmarked(item.indicators).ljust(2)[:2]]
    for subfield in item.subfields:
        value = _unmarked(subfield.value)
        parts.append("\x1f" + subfield.code + value if subfield.code else value)
    return "".join(parts)


def _unmarked(text: str) -> str:
    return re.sub("[\x1d-\x1f]", " ", text) if re.search("[\x1d-\x1f]", text) else text
