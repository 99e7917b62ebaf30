"""What is odd about a record that somebody catalogues (it may be kept all the same), and what cannot be written at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from shuxiang.common.isbn import parse_isbn
from shuxiang.marc.fields import field_to_text, is_control
from shuxiang.marc.iso2709 import MAX_FIELD, MAX_RECORD, write_iso2709
from shuxiang.marc.types import Field, MarcRecord, MarcWarning, Profile
from shuxiang.marc.words import LENGTHS, field_words, indicators_of, positions_of, subfields_of

_REQUIRED = {"cnmarc": ("100", "101", "200", "801"), "marc21": ("008", "040", "245")}
_ONCE = {
    "cnmarc": frozenset(["001", "005", "100", "101", "102", "106", "110", "200", "700", "710"]),
    "marc21": frozenset(["001", "003", "005", "008", "010", "040", "100", "110", "111", "130", "240", "245"]),
}
_TITLE = {"cnmarc": "200", "marc21": "245"}
_LANGUAGE = {"cnmarc": "101", "marc21": "041"}
_ISBN = {"cnmarc": "010", "marc21": "020"}
_OPEN = frozenset({"852", "880", "905"})  # each system has its own subfields there
_TAG = re.compile(r"[0-9]{3}|[A-Z]{3}")
_INDICATORS = re.compile(r"[0-9 |#]{2}")


def check(record: MarcRecord, profile: Profile) -> tuple[MarcWarning, ...]:
    """Everything odd, in the order of the fields, as codes of MESSAGES; the record may be kept all the same."""
    found = [*_of_record(record, profile), *_of_value(profile, "LDR", record.leader, record.leader)]
    for item in record.fields:
        found += _of_field(item, profile, record.leader)
    return tuple(found)


def cannot_write(record: MarcRecord) -> tuple[MarcWarning, ...]:
    """Why ISO 2709 has no place for the record: a tag that is none, a field or record that is too long, nothing in it."""
    found = [
        MarcWarning("cannot_write_tag", {"tag": item.tag})
        for item in record.fields
        if not _TAG.fullmatch(item.tag)
    ]
    if not record.fields:
        return (MarcWarning("cannot_write_empty"),)
    for item in record.fields:
        length = len(field_to_text(item).encode()) + 1
        if length > MAX_FIELD:
            found.append(MarcWarning("cannot_write_field", {"tag": item.tag, "length": length}))
    length = len(write_iso2709(record))
    if length > MAX_RECORD:
        found.append(MarcWarning("cannot_write_record", {"length": length}))
    return tuple(found)


def _of_record(record: MarcRecord, profile: Profile) -> Iterator[MarcWarning]:
    counts = Counter(item.tag for item in record.fields)
    for tag in _REQUIRED[profile]:
        if not counts[tag]:
            yield MarcWarning("check_missing", {"tag": tag})
    for tag, count in sorted(counts.items()):
        if count > 1 and tag in _ONCE[profile]:
            yield MarcWarning("check_once", {"tag": tag, "count": count})
    title = record.get(_TITLE[profile])
    if title is not None and not title.get("a").strip():
        yield MarcWarning("check_no_title", {"tag": title.tag})


def _of_field(item: Field, profile: Profile, leader: str) -> Iterator[MarcWarning]:
    tag = item.tag
    known = bool(field_words(profile, tag)) or tag[:1] == "9" or tag[1:2] == "9" or is_control(tag)
    if not known:
        yield MarcWarning("check_field", {"tag": tag})
    if item.data is not None:
        yield from _of_value(profile, tag, item.data, leader)
        return
    if not _INDICATORS.fullmatch(item.indicators):
        yield MarcWarning("check_indicator", {"tag": tag, "value": item.indicators})
    for place, (own, values) in enumerate(zip(item.indicators, indicators_of(profile, tag), strict=False), 1):
        if values and own not in values and own not in " |#":
            yield MarcWarning("check_indicator", {"tag": f"{tag}/{place}", "value": own})
    codes = subfields_of(profile, tag)
    for code, value in item.subfields:
        if codes and code not in codes and code.islower() and tag not in _OPEN:
            yield MarcWarning("check_subfield", {"tag": tag, "code": code})
        yield from _of_value(profile, tag + code, value, leader)
        if tag == _LANGUAGE[profile] and value and not re.fullmatch(r"[a-z]{3}", value):
            yield MarcWarning("check_language", {"tag": tag, "value": value})
        if tag == _ISBN[profile] and code == "a" and value.strip() and not _is_isbn(value):
            yield MarcWarning("check_isbn", {"tag": tag, "value": value})


def _of_value(profile: Profile, place: str, value: str, leader: str) -> Iterator[MarcWarning]:
    """The length of a coded value, and its codes."""
    wanted = LENGTHS[profile].get(place)
    if wanted is None:
        return
    if len(value) != wanted:
        yield MarcWarning("check_length", {"place": place, "actual": len(value), "wanted": wanted})
        return
    for position in positions_of(profile, place, leader):
        code = value[position.start : position.end]
        if position.codes and code not in position.codes and code.strip("|#^ "):
            yield MarcWarning("check_code", {"place": place, "position": position.start, "value": code})


def _is_isbn(text: str) -> bool:
    isbn = parse_isbn(text)
    return bool(isbn.isbn13) and not isbn.warnings
