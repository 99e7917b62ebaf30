"""The columns of a CNMARC (or UNIMARC) record."""

from __future__ import annotations

from typing import Any

from shuxiang.marc.mapping.holdings import local_holdings
from shuxiang.marc.mapping.projection import Author, ClassNumber, DocType, Isbn, Projection, Series, SetParent
from shuxiang.marc.mapping.text import (
    authors_of_statement,
    is_latin,
    joined,
    parse_isbn,
    role_word,
    tidy,
    unique,
)
from shuxiang.marc.types import Field, MarcRecord

NAME_TAGS = ("700", "701", "702", "710", "711", "712", "720", "721", "722")
SUBJECT_TAGS = ("600", "601", "602", "604", "605", "606", "607")
ISBN_TAG, SERIES_TAG, KEYWORD_TAG, SET_TAGS = "010", "225", "610", ("461", "462")
CLASS_TAGS = {"692": "cas", "676": "ddc", "680": "lcc", "686": ""}
CLC_TAGS = ("690", "093", "096")
AUDIENCE = slice(17, 20)
AUDIENCE_CODES = frozenset("abcdekmu")
_TYPES: dict[str, DocType] = {
    "c": "music",
    "d": "music",
    "e": "map",
    "f": "map",
    "l": "electronic",
    "m": "electronic",
}


def _described(record: MarcRecord) -> dict[str, Any]:
    """What the title page and the volume itself tell."""
    title = title_field(record)
    imprint = record.get("210", "214")
    physical = record.get("215")
    responsibility = joined(title, "fg", " ; ")
    return {
        "title": tidy(title.get("a")) if title else "",
        "title_remainder": joined(title, "e", " : "),
        "volume_mark": joined(title, "hv", ", "),
        "part_name": joined(title, "i", ", "),
        "parallel_title": " = ".join(tidy(each.lstrip(" =")) for each in (title.all("d") if title else [])),
        "title_pinyin": next(filter(is_latin, map(tidy, title.all("9", "A") if title else [])), ""),
        "authors": tuple(author for item in record.each(*NAME_TAGS) for author in names(item))
        or authors_of_statement(responsibility),
        "responsibility": responsibility,
        "isbns": tuple(isbn for item in record.each(ISBN_TAG) for isbn in isbns(item)),
        "issn": tidy(record.first("011", "a")),
        "prices": unique(tidy(price) for item in record.each("010", "011", "091") for price in item.all("d")),
        "publisher": tidy(imprint.get("c")) if imprint else "",
        "place": tidy(imprint.get("a")) if imprint else "",
        "date": tidy(imprint.get("d")) if imprint else "",
        "edition": tidy(record.first("205", "a")),
        "extent": tidy(physical.get("a")) if physical else "",
        "size": tidy(physical.get("d")) if physical else "",
        "accompanying": tidy(physical.get("e")) if physical else "",
        "series": tuple(series for item in record.each(SERIES_TAG) for series in series_of(item)),
    }


def read(record: MarcRecord) -> Projection:
    """The columns of a CNMARC record."""
    title = title_field(record)
    general = record.first("100", "a")
    clc = clc_field(record)
    return Projection(
        **_described(record),
        subjects=tuple(subject for item in record.each(*SUBJECT_TAGS) for subject in subjects(item)),
        keywords=tuple(word for item in record.each(KEYWORD_TAG) for word in keywords(item)),
        summary="\n".join(filter(None, (tidy(item.get("a")) for item in record.each("330")))),
        language=tidy(record.first("101", "a")).lower()[:3],
        audience=tuple(code for code in general[AUDIENCE] if code in AUDIENCE_CODES),
        clc=tidy(clc.get("a")) if clc else "",
        clc_edition=tidy(clc.get("v")) if clc else "",
        other_classes=tuple(
            number for item in record.each("690", *CLASS_TAGS) if item is not clc for number in classes(item)
        ),
        set_parent=next((parent for item in record.each(*SET_TAGS) for parent in set_parent(item)), None),
        doc_type=doc_type(record.leader),
        carrier=tidy(title.get("b")) if title else "",
        cancelled_isbns=tuple(
            tidy(each) for item in record.each(ISBN_TAG) for each in item.all("z") if each.strip()
        ),
        control_number=tidy(record.data("001")),
        holdings=local_holdings(record, "cnmarc"),
    )


def title_field(record: MarcRecord) -> Field | None:
    """The 200 that holds the title: the one whose title is an access point, if there are several."""
    found = list(record.each("200"))
    return next((item for item in found if item.indicators[:1] == "1"), found[0] if found else None)


def clc_field(record: MarcRecord) -> Field | None:
    """The first field with a CLC number: 690, or what some systems use in its place."""
    return next((item for tag in CLC_TAGS for item in record.each(tag) if item.get("a").strip()), None)


def names(item: Field) -> list[Author]:
    """The person or body of a 7XX field."""
    entry, rest = tidy(item.get("a")).rstrip(","), tidy(item.get("b").lstrip(" ,"))
    if not entry:
        return []
    return [Author(f"{entry}, {rest}" if rest else entry, role_word(" ".join(item.all("4"))))]


def isbns(item: Field) -> list[Isbn]:
    """The ISBNs of a 010."""
    return [parse_isbn(each, item.get("b")) for each in item.all("a") if each.strip()]


def series_of(item: Field) -> list[Series]:
    """The series of a 225; $h and $i belong to its title."""
    title = ". ".join(filter(None, (tidy(each).rstrip(" ;.,") for each in item.all("a", "h", "i"))))
    return [Series(title, tidy(item.get("v")))] if title else []


def subjects(item: Field) -> list[str]:
    """The heading of a 60X with its subdivisions, joined by two hyphens."""
    heading = joined(item, "atxyzj", "--")
    return [heading] if heading else []


def keywords(item: Field) -> list[str]:
    """The uncontrolled words of a 610."""
    return [tidy(each) for each in item.all("a") if each.strip()]


def classes(item: Field) -> list[ClassNumber]:
    """A further class number; 690 beyond the first is CLC too, 686 names its scheme in $2."""
    number = tidy(item.get("a"))
    scheme = "clc" if item.tag == "690" else CLASS_TAGS[item.tag] or tidy(item.get("2")).lower()
    return [ClassNumber(scheme, number, tidy(item.get("v")))] if number else []


def set_parent(item: Field) -> list[SetParent]:
    """The set a 461 links to, its fields embedded after $1 ("$12001 $a…") or plainly in $t $3 $v."""
    number = title = volume = ""
    inner = ""
    for subfield in item.subfields:
        code, value = subfield.code, tidy(subfield.value)
        if code == "1":
            inner = subfield.value[:3]
            if inner in ("001", "010"):
                number = number or tidy(subfield.value[3:])
        elif (inner == "200" and code == "a") or code == "t":
            title = title or value
        elif (inner == "010" and code == "a") or code == "3":
            number = number or value
        elif code in "vh":
            volume = volume or value
    return [SetParent(title, number, volume)] if title or number else []


def doc_type(leader: str) -> DocType:
    """The kind of document from leader/06 and 07."""
    if leader[6] in _TYPES:
        return _TYPES[leader[6]]
    if leader[6] in "gijkr":
        return "audiovisual"
    return "serial" if leader[7] == "s" else "book"
