"""The columns of a MARC 21 record; where an 880 has the original Chinese, Japanese or Korean, that is taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from shuxiang.marc.mapping.holdings import local_holdings
from shuxiang.marc.mapping.projection import Author, ClassNumber, DocType, Isbn, Projection, Series, SetParent
from shuxiang.marc.mapping.text import authors_of_statement, has_cjk, is_latin, parse_isbn, tidy, unique
from shuxiang.marc.types import Field, MarcRecord

NAME_TAGS = ("100", "110", "111", "700", "710", "711")
SUBJECT_TAGS = ("600", "610", "611", "630", "650", "651")
CLASS_TAGS = {"050": "lcc", "060": "nlm", "082": "ddc", "084": ""}
AUDIENCE_TO_CODES = {"a": "b", "b": "c", "c": "d", "d": "e", "e": "m", "f": "k", "g": "m", "j": "a"}
CLC_SOURCE = re.compile(r"clc[a-z]*\s*/?\s*(\d*)$", re.IGNORECASE)
_LINK = re.compile(r"(\d{3})-(\d{2})")
_TYPES: dict[str, DocType] = {"c": "music", "d": "music", "e": "map", "f": "map", "m": "electronic"}


class Fields:
    """A record's fields by tag, each with the 880 that gives it in original script."""

    def __init__(self, record: MarcRecord) -> None:
        self.record = record
        self._originals: dict[tuple[str, str], Field] = {}
        self._unlinked: dict[str, list[Field]] = {}
        for item in record.each("880"):
            link = _LINK.match(item.get("6"))
            if link and link[2] == "00":
                self._unlinked.setdefault(link[1], []).append(item)
            elif link:
                self._originals.setdefault((link[1], link[2]), item)

    def original(self, item: Field) -> Field | None:
        """The 880 linked to a field."""
        link = _LINK.match(item.get("6"))
        return self._originals.get((item.tag, link[2])) if link and link[1] == "880" else None

    def best(self, item: Field) -> Field:
        """The field itself, or its 880 when that is in Chinese, Japanese or Korean."""
        original = self.original(item)
        if original and any(has_cjk(subfield.value) for subfield in original.subfields):
            return original
        return item

    def each(self, *tags: str) -> Iterator[Field]:
        """The fields of these tags, and 880s that stand for one of them alone."""
        for item in self.record.fields:
            if item.tag in tags:
                yield item
        for tag in tags:
            yield from self._unlinked.get(tag, ())

    def first(self, *tags: str) -> Field | None:
        """The first field of these tags, the original where there is one."""
        return next((self.best(item) for item in self.each(*tags)), None)


def trim(text: str, *, stop: bool = True) -> str:
    """Text without the ISBD punctuation that leads to the next subfield.

    `stop` takes a closing full stop too, except after an initial or a usual abbreviation.
    """
    text = tidy(text).rstrip(" /:;,=+")
    if (
        stop
        and text.endswith(".")
        and not re.search(r"(?:\b\w|\b(?:Jr|Sr|Dr|St|etc|Inc|Ltd|Co)|\.)\.$", text)
    ):
        text = text[:-1].rstrip()
    return text


def trim_title(text: str) -> str:
    """A part of a title without ISBD punctuation, where one letter and a full stop is no initial."""
    text = trim(text, stop=False)
    return text if re.search(r"\.\w\.$|\.\.$", text) else text.removesuffix(".").rstrip()


def titles(item: Field | None, codes: str, separator: str) -> str:
    """The trimmed values of these subfields of a title field."""
    return separator.join(filter(None, map(trim_title, item.all(*codes)))) if item else ""


def get(item: Field | None, codes: str, separator: str = " ", *, stop: bool = True) -> str:
    """The trimmed values of these subfields of a field."""
    if not item:
        return ""
    return separator.join(filter(None, (trim(each, stop=stop) for each in item.all(*codes))))


def _described(fields: Fields) -> dict[str, Any]:
    """What the title page and the volume itself tell."""
    record = fields.record
    title = fields.first("245")
    imprint = imprint_field(fields)
    physical = fields.first("300")
    responsibility = titles(title, "c", " ")
    remainder, parallel = remainder_and_parallel(fields, title)
    return {
        "title": titles(title, "a", " "),
        "title_remainder": remainder,
        "volume_mark": titles(title, "n", ", "),
        "part_name": titles(title, "p", ", "),
        "parallel_title": parallel,
        "title_pinyin": _pinyin(record, title),
        "authors": tuple(author for item in fields.each(*NAME_TAGS) for author in names(fields.best(item)))
        or authors_of_statement(responsibility),
        "responsibility": responsibility,
        "isbns": tuple(isbn for item in record.each("020") for isbn in isbns(fields.best(item))),
        "issn": tidy(record.first("022", "a")),
        "prices": unique(tidy(price) for item in record.each("020", "022", "024") for price in item.all("c")),
        "publisher": get(_only(imprint, "b"), "b"),
        "place": get(_only(imprint, "a"), "a"),
        "date": get(imprint, "c") or _copyright(record),
        "edition": get(fields.first("250"), "ab", " ", stop=False),
        "extent": get(_only(physical, "a"), "a", stop=False),
        "size": get(_only(physical, "c"), "c"),
        "accompanying": get(_only(physical, "e"), "e"),
        "series": _all_series(fields),
    }


def read(record: MarcRecord) -> Projection:
    """The columns of a MARC 21 record."""
    fields = Fields(record)
    title = fields.first("245")
    general = record.data("008")
    clc, clc_edition = clc_number(record)
    return Projection(
        **_described(fields),
        subjects=tuple(
            subject for item in fields.each(*SUBJECT_TAGS) for subject in subjects(fields.best(item))
        ),
        keywords=tuple(word for item in fields.each("653") for word in keywords(fields.best(item))),
        summary="\n".join(filter(None, (tidy(fields.best(item).get("a")) for item in fields.each("520")))),
        language=(general[35:38].strip(" |#") or tidy(record.first("041", "a"))[:3]).lower(),
        audience=tuple(filter(None, (AUDIENCE_TO_CODES.get(code, "") for code in general[22:23]))),
        clc=clc,
        clc_edition=clc_edition,
        other_classes=tuple(number for item in record.each(*CLASS_TAGS) for number in classes(item)),
        set_parent=next(
            (parent for item in fields.each("773") for parent in set_parent(fields.best(item))), None
        ),
        doc_type=doc_type(record),
        carrier=get(title, "h").strip("[] ") or tidy(record.first("338", "a")),
        cancelled_isbns=tuple(
            tidy(each) for item in record.each("020") for each in item.all("z") if each.strip()
        ),
        control_number=tidy(record.data("001")),
        holdings=local_holdings(record, "marc21"),
    )


def _only(item: Field | None, code: str) -> Field | None:
    """The field cut down to its first subfield of that code: further publishers or places are not columns."""
    if not item:
        return None
    return Field(item.tag, item.indicators, tuple(each for each in item.subfields if each.code == code)[:1])


def imprint_field(fields: Fields) -> Field | None:
    """260, or the 264 that tells of publication."""
    found = list(fields.each("260", "264"))
    published = [item for item in found if item.tag != "264" or item.indicators[1:] == "1"]
    return fields.best((published or found)[0]) if found else None


def _copyright(record: MarcRecord) -> str:
    return next((get(item, "c") for item in record.each("264") if item.indicators[1:] == "4"), "")


def is_parallel_form(title: Field | None) -> bool:
    """Whether 245 $b is the parallel title ("$aA =$bB")."""
    return bool(title and title.get("a").rstrip().endswith("="))


def remainder_and_parallel(fields: Fields, title: Field | None) -> tuple[str, str]:
    """Other title information, and the parallel title from 246 with second indicator 1 or from 245 itself."""
    parallel = next(
        (titles(fields.best(item), "a", " ") for item in fields.each("246") if item.indicators[1:] == "1"), ""
    )
    if is_parallel_form(title):
        return "", parallel or titles(title, "b", " ")
    return titles(title, "b", " : "), parallel


def _pinyin(record: MarcRecord, title: Field | None) -> str:
    """The romanised title beside one in Chinese characters."""
    if title is None or title.tag != "880":
        return ""
    plain = record.get("245")
    romanised = titles(plain, "a", " ")
    return romanised if is_latin(romanised) else ""


def names(item: Field) -> list[Author]:
    """The person or body of a name field; one that only names a work ($t) is none."""
    if item.get("t"):
        return []
    corporate = _real_tag(item)[1:] != "00"
    name = get(item, "ab" if corporate else "a", ". ")
    role = get(item, "e", ", ") or ", ".join(item.all("4"))
    return [Author(name, role)] if name else []


def _real_tag(item: Field) -> str:
    link = _LINK.match(item.get("6")) if item.tag == "880" else None
    return link[1] if link else item.tag


def isbns(item: Field) -> list[Isbn]:
    """The ISBNs of a 020."""
    qualifier = get(item, "q", "; ", stop=False).strip("() ")
    return [parse_isbn(each, qualifier) for each in item.all("a") if each.strip()]


def _all_series(fields: Fields) -> tuple[Series, ...]:
    for tags in (("490", "440"), ("830",)):
        found = tuple(series for item in fields.each(*tags) for series in series_of(fields.best(item)))
        if found:
            return found
    return ()


def series_of(item: Field) -> list[Series]:
    """The series of a 490, 440 or 830."""
    title = get(item, "anp" if _real_tag(item) != "490" else "a", ". ")
    return [Series(title, get(item, "v"))] if title else []


def subjects(item: Field) -> list[str]:
    """A heading with its subdivisions, joined by two hyphens."""
    heading = get(item, "abcdt")
    return ["--".join(filter(None, [heading, get(item, "xyzv", "--")]))] if heading else []


def keywords(item: Field) -> list[str]:
    """The uncontrolled words of a 653."""
    return [trim(each) for each in item.all("a") if each.strip()]


def clc_number(record: MarcRecord) -> tuple[str, str]:
    """The CLC number and its edition, from 084 with $2 clc or from 093."""
    for item in record.each("084"):
        source = CLC_SOURCE.match(tidy(item.get("2")))
        if source and item.get("a").strip():
            return tidy(item.get("a")), source[1]
    for item in record.each("093"):
        if item.get("a").strip():
            return tidy(item.get("a")), tidy(item.get("v"))
    return "", ""


def classes(item: Field) -> list[ClassNumber]:
    """A class number of another scheme; 084 names its scheme in $2."""
    number = tidy(item.get("a"))
    if item.tag == "084":
        scheme = tidy(item.get("2")).lower()
        return [ClassNumber(scheme, number)] if number and not CLC_SOURCE.match(scheme) else []
    edition = tidy(item.get("2")) if item.tag == "082" else ""
    return [ClassNumber(CLASS_TAGS[item.tag], number, edition)] if number else []


def set_parent(item: Field) -> list[SetParent]:
    """The host item of a 773."""
    title = get(item, "t") or get(item, "a")
    number = tidy(item.get("w") or item.get("z"))
    return [SetParent(title, number, get(item, "g"))] if title or number else []


def doc_type(record: MarcRecord) -> DocType:
    """The kind of document from leader/06 and 07; text on a computer carrier (007/00 c) is electronic."""
    kind, level = record.leader[6], record.leader[7]
    if kind in _TYPES:
        return _TYPES[kind]
    if kind in "gijkor":
        return "audiovisual"
    if any((item.data or "").startswith("c") for item in record.each("007")):
        return "electronic"
    return "serial" if level in "sb" else "book"
