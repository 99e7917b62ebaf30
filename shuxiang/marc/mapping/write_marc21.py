"""Writing columns into a MARC 21 record: into the field each was read from, the original-script 880 if that was it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from shuxiang.marc.fields import data_field
from shuxiang.marc.mapping import marc21
from shuxiang.marc.mapping.edit import insert, put, put_first, rewrite, swap, without
from shuxiang.marc.mapping.isbn_fields import IsbnForm, write_cancelled, write_isbns, write_prices
from shuxiang.marc.mapping.marc21 import Fields
from shuxiang.marc.mapping.projection import Author, ClassNumber, Projection, Series
from shuxiang.marc.mapping.text import has_cjk, split, tidy
from shuxiang.marc.types import Field, MarcRecord, Subfield

_ORDER = {"245": "6anpbhcs", "260": "6abc", "264": "6abc", "300": "6abce", "250": "6ab", "084": "a2"}
_INDICATORS = {"245": "00", "264": " 1"}
# ISBD: what ends a subfield when another follows.
_MARKS = {
    "245": {"b": " :", "c": " /", "n": ".", "p": ","},
    "260": {"b": " :", "c": ",", "a": " ;"},
    "264": {"b": " :", "c": ",", "a": " ;"},
    "300": {"b": " :", "c": " ;", "e": " +"},
}
_CODES_TO_AUDIENCE = {code: value for value, code in marc21.AUDIENCE_TO_CODES.items() if value != "g"}
_CLASS_TAGS = {scheme: tag for tag, scheme in marc21.CLASS_TAGS.items() if scheme}
_KIND = {"map": "e", "music": "c", "audiovisual": "g", "electronic": "m"}
_BODY = re.compile(
    "(?:社|局|部|会|组|中心|公司|大学|学院|小学|中学|研究所|研究院|馆)$|\\b(?:Inc|Ltd|University|Press)\\b"
)


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where one column lives: the first subfield `code` of `tag`, or all of `codes`."""

    tag: str
    code: str
    codes: str = ""


_SLOTS = {
    "title": _Slot("245", "a", "a"),
    "title_remainder": _Slot("245", "b", "b"),
    "volume_mark": _Slot("245", "n", "n"),
    "part_name": _Slot("245", "p", "p"),
    "responsibility": _Slot("245", "c", "c"),
    "edition": _Slot("250", "a", "ab"),
    "place": _Slot("264", "a"),
    "publisher": _Slot("264", "b"),
    "date": _Slot("264", "c", "c"),
    "extent": _Slot("300", "a"),
    "size": _Slot("300", "c"),
    "accompanying": _Slot("300", "e"),
    "issn": _Slot("022", "a"),
}


def skeleton(projection: Projection, entered_on: date | None) -> MarcRecord:
    """A record with leader and 008 (40 characters) and nothing else."""
    year = found[0] if (found := re.search(r"\d{4}", projection.date)) else ""
    entered = f"{entered_on:%y%m%d}" if entered_on else " " * 6
    general = f"{entered}{'s' if year else 'n'}{year or 'uuuu'}    xx {' ' * 17}und d"
    return MarcRecord("00000nam a2200000   4500", (Field("008", "", (), general),))


def source_field(agency: str) -> Field:
    """040: who made the record."""
    return data_field("040", "  ", [("a", agency), ("c", agency)])


def write(record: MarcRecord, name: str, wanted: Projection) -> MarcRecord:
    """The record with the column `name` as in `wanted`."""
    if name in ("title", "title_remainder", "parallel_title"):
        record = _without_parallel_form(record, wanted)
    if slot := _SLOTS.get(name):
        return _write_slot(record, slot, getattr(wanted, name))
    return _WRITERS[name](record, wanted)


def _write_slot(record: MarcRecord, slot: _Slot, value: str) -> MarcRecord:
    old = _field_of(record, slot.tag)
    tag = _tag_of(old) if old else slot.tag
    if not value:
        touched = [each for each in record.fields if _tag_of(each) == tag and each.get(slot.code)]
        for item in touched:
            record = swap(record, item, _punctuated(put(item, slot.codes or slot.code, [], "")))
        return record
    item = old or Field(tag, _INDICATORS.get(tag, "  "))
    order = _ORDER.get(tag, "abc")
    if slot.codes:
        return swap(record, old, _punctuated(put(item, slot.codes, [(slot.code, value)], order)))
    return swap(record, old, _punctuated(put_first(item, slot.code, value, order)))


def _field_of(record: MarcRecord, tag: str) -> Field | None:
    fields = Fields(record)
    return marc21.imprint_field(fields) if tag == "264" else fields.first(tag)


def _tag_of(item: Field) -> str:
    """The tag of a field, for an 880 that of the field it stands for."""
    return item.get("6")[:3] if item.tag == "880" else item.tag


def _punctuated(item: Field) -> Field:
    """The field with the ISBD marks its subfields need before what now follows them."""
    marks = _MARKS.get(_tag_of(item))
    if not marks or not item.subfields:
        return item
    shown: list[Subfield] = []
    for subfield, following in zip(item.subfields, (*item.subfields[1:], None), strict=True):
        if subfield.code == "6":
            shown.append(subfield)
            continue
        value = tidy(subfield.value).rstrip(" /:;,=+")
        mark = marks.get(following.code, "") if following else ""
        if mark == "." and value.endswith("."):
            mark = ""
        shown.append(Subfield(subfield.code, value + mark))
    return Field(item.tag, item.indicators, tuple(shown))


def _without_parallel_form(record: MarcRecord, wanted: Projection) -> MarcRecord:
    """The record whose 245 no longer holds the parallel title in $b; it moves to 246."""
    title = Fields(record).first("245")
    if title is None or not marc21.is_parallel_form(title):
        return record
    record = swap(record, title, _punctuated(put(title, "b", [], "")))
    return _parallel_title(record, wanted)


def _parallel_title(record: MarcRecord, wanted: Projection) -> MarcRecord:
    record = without(record, lambda item: _tag_of(item) == "246" and item.indicators[1:] == "1")
    return insert(
        record, [data_field("246", "31", [("a", wanted.parallel_title)])] if wanted.parallel_title else []
    )


def _title_pinyin(record: MarcRecord, wanted: Projection) -> MarcRecord:
    """245 romanised with the original in 880, or the original alone in 245."""
    fields = Fields(record)
    plain = record.get("245")
    if plain is None:
        return record
    original = fields.original(plain)
    if original is not None and fields.best(plain) is original:
        if wanted.title_pinyin:
            return swap(record, plain, _punctuated(put_first(plain, "a", wanted.title_pinyin, _ORDER["245"])))
        back = Field("245", plain.indicators, original.subfields)
        return swap(swap(record, original, None), plain, put(back, "6", [], ""))
    if not (wanted.title_pinyin and has_cjk(plain.get("a"))):
        return record
    link = f"{_next_link(record):02d}"
    moved = put(plain, "6", [], "")
    original = Field("880", plain.indicators, (Subfield("6", f"245-{link}/$1"), *moved.subfields))
    romanised = data_field("245", plain.indicators, [("6", f"880-{link}"), ("a", wanted.title_pinyin)])
    return insert(swap(record, plain, romanised), [original])


def _next_link(record: MarcRecord) -> int:
    used = [int(found[1]) for item in record.fields if (found := re.match(r"\d{3}-(\d{2})", item.get("6")))]
    return max(used, default=0) + 1


def _carrier(record: MarcRecord, wanted: Projection) -> MarcRecord:
    title = Fields(record).first("245")
    medium = record.get("338")
    if medium and not (title and title.get("h")):
        return swap(record, medium, put_first(medium, "a", wanted.carrier, "a"))
    value = f"[{wanted.carrier}]" if wanted.carrier else ""
    return swap(record, title, put(title or Field("245", "00"), "h", [("h", value)], _ORDER["245"]))


def _authors(record: MarcRecord, wanted: Projection) -> MarcRecord:
    fields = Fields(record)
    old = [(item, marc21.names(fields.best(item))) for item in fields.each(*marc21.NAME_TAGS)]
    kept = {author for _, authors in old for author in authors} & set(wanted.authors)
    first = (
        []
        if any(item.tag[0] == "1" for item, authors in old if set(authors) & kept)
        else [wanted.authors[:1]]
    )

    def make(author: Author) -> Field:
        main = bool(first) and (author,) == first[0]
        first.clear()
        return _author_field(author, main=main)

    return _without_orphans(rewrite(record, old, wanted.authors, make), record)


def _author_field(author: Author, *, main: bool) -> Field:
    pairs = _filled([("a", author.name), ("e", author.role)])
    if _BODY.search(author.name):
        return data_field("110" if main else "710", "2 ", pairs)
    return data_field("100" if main else "700", "1 " if ", " in author.name else "0 ", pairs)


def _without_orphans(record: MarcRecord, before: MarcRecord) -> MarcRecord:
    """The record without 880s whose partner was there before and is gone."""
    old, new = Fields(before), Fields(record)
    partnered = {id(new.original(item)) for item in record.fields}
    gone = {id(old.original(item)) for item in before.fields} - partnered - {id(None)}
    return without(record, lambda item: id(item) in gone)


def _filled(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [pair for pair in pairs if pair[1]]


def _series(record: MarcRecord, wanted: Projection) -> MarcRecord:
    def make(series: Series) -> Field:
        title = f"{series.title} ;" if series.volume else series.title
        return data_field("490", "0 ", _filled([("a", title), ("v", series.volume)]))

    fields = Fields(record)
    tags = ("490", "440") if record.get("490", "440") else ("490", "440", "830")
    old = [(item, marc21.series_of(fields.best(item))) for item in fields.each(*tags)]
    return _without_orphans(rewrite(record, old, wanted.series, make), record)


def _subjects(record: MarcRecord, wanted: Projection) -> MarcRecord:
    def make(heading: str) -> Field:
        first, *others = [part.strip() for part in heading.split("--")]
        return data_field("650", " 4", [("a", first), *(("x", each) for each in others)])

    fields = Fields(record)
    old = [(item, marc21.subjects(fields.best(item))) for item in fields.each(*marc21.SUBJECT_TAGS)]
    return _without_orphans(rewrite(record, old, wanted.subjects, make), record)


def _keywords(record: MarcRecord, wanted: Projection) -> MarcRecord:
    fields = Fields(record)
    old = [(item, marc21.keywords(fields.best(item))) for item in fields.each("653")]
    new = rewrite(record, old, wanted.keywords, lambda word: data_field("653", "  ", [("a", word)]))
    return _without_orphans(new, record)


def _summary(record: MarcRecord, wanted: Projection) -> MarcRecord:
    fields = Fields(record)
    old = [(item, list(filter(None, [tidy(fields.best(item).get("a"))]))) for item in fields.each("520")]
    parts = split(wanted.summary, "\n")
    new = rewrite(record, old, parts, lambda text: data_field("520", "  ", [("a", text)]))
    return _without_orphans(new, record)


def _general(record: MarcRecord, start: int, text: str) -> MarcRecord:
    """The record with these characters of 008."""
    old = record.get("008")
    general = ((old.data if old else None) or "").ljust(40)
    new = Field("008", "", (), general[:start] + text + general[start + len(text) :])
    return swap(record, old, new)


def _language(record: MarcRecord, wanted: Projection) -> MarcRecord:
    record = _general(record, 35, wanted.language[:3].ljust(3))
    return record if wanted.language else without(record, lambda item: item.tag == "041")


def _audience(record: MarcRecord, wanted: Projection) -> MarcRecord:
    """008/22 has room for one: the first of the codes."""
    return _general(record, 22, _CODES_TO_AUDIENCE.get("".join(wanted.audience[:1]), " "))


def _clc(record: MarcRecord, wanted: Projection) -> MarcRecord:
    def is_clc(item: Field) -> bool:
        return item.tag == "093" or (item.tag == "084" and bool(marc21.CLC_SOURCE.match(tidy(item.get("2")))))

    record = without(record, is_clc)
    if not wanted.clc:
        return record
    source = f"clc/{wanted.clc_edition}" if wanted.clc_edition else "clc"
    return insert(record, [data_field("084", "  ", [("a", wanted.clc), ("2", source)])])


def _other_classes(record: MarcRecord, wanted: Projection) -> MarcRecord:
    def make(number: ClassNumber) -> Field:
        tag = _CLASS_TAGS.get(number.scheme, "084")
        source = number.scheme if tag == "084" else number.edition if tag == "082" else ""
        indicators = {"050": " 4", "060": " 4", "082": "04"}.get(tag, "  ")
        return data_field(tag, indicators, _filled([("a", number.number), ("2", source)]))

    old = [(item, marc21.classes(item)) for item in record.each(*marc21.CLASS_TAGS)]
    return rewrite(record, old, wanted.other_classes, make)


def _set_parent(record: MarcRecord, wanted: Projection) -> MarcRecord:
    fields = Fields(record)
    old = next((item for item in fields.each("773") if marc21.set_parent(fields.best(item))), None)
    parent = wanted.set_parent
    if parent is None:
        return _without_orphans(without(record, lambda item: item.tag == "773"), record)
    pairs = _filled([("t", parent.title), ("g", parent.volume), ("w", parent.number)])
    return _without_orphans(swap(record, old, data_field("773", "0 ", pairs)), record)


def _doc_type(record: MarcRecord, wanted: Projection) -> MarcRecord:
    kind = _KIND.get(wanted.doc_type, "a")
    level = "s" if wanted.doc_type == "serial" else "m"
    record = MarcRecord(record.leader[:6] + kind + level + record.leader[8:], record.fields)
    return without(record, lambda item: item.tag == "007" and (item.data or "").startswith("c"))


def _control_number(record: MarcRecord, wanted: Projection) -> MarcRecord:
    new = Field("001", "", (), wanted.control_number) if wanted.control_number else None
    return swap(record, record.get("001"), new)


def _isbn_form(record: MarcRecord) -> IsbnForm:
    fields = Fields(record)
    return IsbnForm("020", "q", "c", "6aqcz", lambda item: marc21.isbns(fields.best(item)))


def _isbns(record: MarcRecord, wanted: Projection) -> MarcRecord:
    return _without_orphans(write_isbns(record, _isbn_form(record), wanted.isbns), record)


_WRITERS: dict[str, Callable[[MarcRecord, Projection], MarcRecord]] = {
    "parallel_title": _parallel_title,
    "title_pinyin": _title_pinyin,
    "carrier": _carrier,
    "authors": _authors,
    "isbns": _isbns,
    "prices": lambda record, wanted: write_prices(record, _isbn_form(record), wanted.prices, "022 024"),
    "cancelled_isbns": lambda record, wanted: write_cancelled(
        record, _isbn_form(record), wanted.cancelled_isbns
    ),
    "series": _series,
    "subjects": _subjects,
    "keywords": _keywords,
    "summary": _summary,
    "language": _language,
    "audience": _audience,
    "clc": _clc,
    "clc_edition": _clc,
    "other_classes": _other_classes,
    "set_parent": _set_parent,
    "doc_type": _doc_type,
    "control_number": _control_number,
}
