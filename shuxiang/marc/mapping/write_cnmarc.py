"""Writing columns into a CNMARC record."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from shuxiang.marc.fields import data_field
from shuxiang.marc.mapping import cnmarc
from shuxiang.marc.mapping.edit import put, put_first, rewrite, swap, without
from shuxiang.marc.mapping.isbn_fields import IsbnForm, write_cancelled, write_isbns, write_prices
from shuxiang.marc.mapping.projection import Author, ClassNumber, Projection, Series
from shuxiang.marc.mapping.text import is_latin, split
from shuxiang.marc.types import Field, MarcRecord, Subfield

_ISBN_FORM = IsbnForm("010", "b", "d", "abdz", cnmarc.isbns)
_ORDER = {"200": "abcdefghivz9A", "210": "abcdefgh", "215": "acde", "690": "av", "205": "abdfg"}
_INDICATORS = {"200": "1 ", "101": "0 "}
_BODY = re.compile("(?:社|局|部|厅|会|组|中心|公司|学校|大学|学院|小学|中学|研究所|研究院|馆|委|院|处|室)$")
_SECOND = re.compile("译|绘|图|校|注|审|摄|插|改编|整理")
_CLASS_TAGS = {scheme: tag for tag, scheme in cnmarc.CLASS_TAGS.items() if scheme} | {"clc": "690"}
_KIND = {"map": "e", "music": "c", "audiovisual": "g", "electronic": "l"}


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where one column lives: the first subfield `code` of `tag`, or all of `codes` joined with `separator`."""

    tag: str
    code: str
    codes: str = ""
    separator: str = ""


_SLOTS = {
    "title": _Slot("200", "a"),
    "title_remainder": _Slot("200", "e", "e", " : "),
    "volume_mark": _Slot("200", "h", "hv"),
    "part_name": _Slot("200", "i", "i"),
    "parallel_title": _Slot("200", "d", "d", " = "),
    "carrier": _Slot("200", "b"),
    "edition": _Slot("205", "a"),
    "place": _Slot("210", "a"),
    "publisher": _Slot("210", "c"),
    "date": _Slot("210", "d"),
    "extent": _Slot("215", "a"),
    "size": _Slot("215", "d"),
    "accompanying": _Slot("215", "e"),
    "issn": _Slot("011", "a"),
    "language": _Slot("101", "a"),
    "clc": _Slot("690", "a"),
    "clc_edition": _Slot("690", "v"),
}


def skeleton(projection: Projection, entered_on: date | None) -> MarcRecord:
    """A record with leader and 100 $a (36 characters) and nothing else."""
    year = found[0] if (found := re.search(r"\d{4}", projection.date)) else "    "
    entered = f"{entered_on:%Y%m%d}" if entered_on else " " * 8
    general = f"{entered}{'d' if year.strip() else 'u'}{year}       y0chiy50      ea"
    general = general[:17] + "   " + general[20:]
    return MarcRecord("00000nam0 2200000   450 ", (data_field("100", "  ", [("a", general)]),))


def source_field(agency: str, entered_on: date | None) -> Field:
    """801: who made the record."""
    pairs = [("a", "CN"), ("b", agency), ("c", f"{entered_on:%Y%m%d}" if entered_on else "")]
    return data_field("801", " 0", [pair for pair in pairs if pair[1]])


def write(record: MarcRecord, name: str, wanted: Projection) -> MarcRecord:
    """The record with the column `name` as in `wanted`."""
    if slot := _SLOTS.get(name):
        return _write_slot(record, slot, getattr(wanted, name))
    return _WRITERS[name](record, wanted)


def _write_slot(record: MarcRecord, slot: _Slot, value: str) -> MarcRecord:
    if not value:
        for item in [each for each in record.each(*_tags(slot)) if each.get(slot.code) or slot.codes]:
            record = swap(record, item, put(item, slot.codes or slot.code, [], ""))
        return record
    old = _field_of(record, slot)
    item = old or Field(slot.tag, _INDICATORS.get(slot.tag, "  "))
    order = _ORDER.get(slot.tag, "abcdefgh")
    if not slot.codes:
        return swap(record, old, put_first(item, slot.code, value, order))
    pairs = [(slot.code, part) for part in split(value, slot.separator)]
    return swap(record, old, put(item, slot.codes, pairs, order))


def _tags(slot: _Slot) -> tuple[str, ...]:
    if slot.tag == "690":
        return cnmarc.CLC_TAGS if slot.code == "a" else ("690", "093")
    return ("210", "214") if slot.tag == "210" else (slot.tag,)


def _field_of(record: MarcRecord, slot: _Slot) -> Field | None:
    """The field the column is read from, or would be."""
    if slot.tag == "200":
        return cnmarc.title_field(record)
    if slot.tag == "690":
        return cnmarc.clc_field(record) or record.get("690")
    found = list(record.each(*_tags(slot)))
    if slot.tag in ("210", "215"):
        return found[0] if found else None
    return next((item for item in found if item.get(slot.code)), found[0] if found else None)


def _responsibility(record: MarcRecord, wanted: Projection) -> MarcRecord:
    old = cnmarc.title_field(record)
    first, *others = wanted.responsibility.split(" ; ")
    pairs = [("f", first), *(("g", each) for each in others)]
    return swap(record, old, put(old or Field("200", "1 "), "fg", pairs, _ORDER["200"]))


def _title_pinyin(record: MarcRecord, wanted: Projection) -> MarcRecord:
    old = cnmarc.title_field(record) or Field("200", "1 ")
    code = "A" if is_latin(old.get("A")) else "9"
    others = [each for each in old.subfields if each.code not in "9A" or not is_latin(each.value)]
    item = Field(old.tag, old.indicators, tuple(others))
    if wanted.title_pinyin:
        at = next((at for at, each in enumerate(others) if each.code == "a"), -1) + 1
        others.insert(at, Subfield(code, wanted.title_pinyin))
        item = Field(old.tag, old.indicators, tuple(others))
    return swap(record, cnmarc.title_field(record), item)


def _authors(record: MarcRecord, wanted: Projection) -> MarcRecord:
    old = [(item, cnmarc.names(item)) for item in record.each(*cnmarc.NAME_TAGS)]
    return rewrite(record, old, wanted.authors, _author_field)


def _author_field(author: Author) -> Field:
    """701, or 702 for translators and the like; 711 and 712 for bodies."""
    tag = "702" if _SECOND.search(author.role) else "701"
    if _BODY.search(author.name):
        return data_field(f"7{1}{tag[2]}", "02", _filled([("a", author.name), ("4", author.role)]))
    entry, _, rest = author.name.partition(", ")
    pairs = [("a", entry), ("b", rest), ("4", author.role)]
    return data_field(tag, " 1" if rest else " 0", _filled(pairs))


def _filled(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [pair for pair in pairs if pair[1]]


def _series(record: MarcRecord, wanted: Projection) -> MarcRecord:
    def make(series: Series) -> Field:
        return data_field("225", "1 ", _filled([("a", series.title), ("v", series.volume)]))

    old = [(item, cnmarc.series_of(item)) for item in record.each(cnmarc.SERIES_TAG)]
    return rewrite(record, old, wanted.series, make)


def _subjects(record: MarcRecord, wanted: Projection) -> MarcRecord:
    def make(heading: str) -> Field:
        first, *others = [part.strip() for part in heading.split("--")]
        return data_field("606", "0 ", [("a", first), *(("x", each) for each in others)])

    old = [(item, cnmarc.subjects(item)) for item in record.each(*cnmarc.SUBJECT_TAGS)]
    return rewrite(record, old, wanted.subjects, make)


def _keywords(record: MarcRecord, wanted: Projection) -> MarcRecord:
    old = [(item, cnmarc.keywords(item)) for item in record.each(cnmarc.KEYWORD_TAG)]
    return rewrite(record, old, wanted.keywords, lambda word: data_field("610", "0 ", [("a", word)]))


def _summary(record: MarcRecord, wanted: Projection) -> MarcRecord:
    old = [(item, list(filter(None, [" ".join(item.get("a").split())]))) for item in record.each("330")]
    return rewrite(
        record, old, split(wanted.summary, "\n"), lambda text: data_field("330", "  ", [("a", text)])
    )


def _audience(record: MarcRecord, wanted: Projection) -> MarcRecord:
    old = record.get("100")
    general = (old.get("a") if old else "").ljust(36)
    general = general[:17] + "".join(wanted.audience)[:3].ljust(3) + general[20:]
    return swap(record, old, put_first(old or Field("100"), "a", general, "a"))


def _other_classes(record: MarcRecord, wanted: Projection) -> MarcRecord:
    def make(number: ClassNumber) -> Field:
        tag = _CLASS_TAGS.get(number.scheme, "686")
        scheme = "" if tag != "686" else number.scheme
        return data_field(tag, "  ", _filled([("a", number.number), ("v", number.edition), ("2", scheme)]))

    clc = cnmarc.clc_field(record)
    mine = [item for item in record.each("690", *cnmarc.CLASS_TAGS) if item is not clc]
    return rewrite(record, [(item, cnmarc.classes(item)) for item in mine], wanted.other_classes, make)


def _set_parent(record: MarcRecord, wanted: Projection) -> MarcRecord:
    old = next((item for item in record.each(*cnmarc.SET_TAGS) if cnmarc.set_parent(item)), None)
    parent = wanted.set_parent
    if parent is None:
        return without(record, lambda item: item.tag in cnmarc.SET_TAGS and bool(cnmarc.set_parent(item)))
    pairs = [("1", f"001{parent.number}")] if parent.number else []
    pairs += [("1", "2001 "), ("a", parent.title), ("v", parent.volume)]
    return swap(record, old, data_field("461", " 0", _filled(pairs)))


def _doc_type(record: MarcRecord, wanted: Projection) -> MarcRecord:
    kind = _KIND.get(wanted.doc_type, "a")
    level = "s" if wanted.doc_type == "serial" else "m"
    return MarcRecord(record.leader[:6] + kind + level + record.leader[8:], record.fields)


def _control_number(record: MarcRecord, wanted: Projection) -> MarcRecord:
    new = Field("001", "", (), wanted.control_number) if wanted.control_number else None
    return swap(record, record.get("001"), new)


_WRITERS: dict[str, Callable[[MarcRecord, Projection], MarcRecord]] = {
    "title_pinyin": _title_pinyin,
    "responsibility": _responsibility,
    "authors": _authors,
    "isbns": lambda record, wanted: write_isbns(record, _ISBN_FORM, wanted.isbns),
    "prices": lambda record, wanted: write_prices(record, _ISBN_FORM, wanted.prices, "011 091"),
    "cancelled_isbns": lambda record, wanted: write_cancelled(record, _ISBN_FORM, wanted.cancelled_isbns),
    "series": _series,
    "subjects": _subjects,
    "keywords": _keywords,
    "summary": _summary,
    "audience": _audience,
    "other_classes": _other_classes,
    "set_parent": _set_parent,
    "doc_type": _doc_type,
    "control_number": _control_number,
}
