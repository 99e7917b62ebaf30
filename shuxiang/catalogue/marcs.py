"""The columns of a record in MARC, both ways: read from a projection, and changed ones put back into it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace

from shuxiang import marc
from shuxiang.catalogue.clc import parse_clc
from shuxiang.catalogue.values import COLUMNS, RecordValues
from shuxiang.common.isbn import parse_isbn, parse_issn
from shuxiang.common.money import parse_price, share_fen
from shuxiang.common.text import title_key

_KINDS = {"serial": "serial", "audiovisual": "audiovisual", "electronic": "electronic", "book": "book"}
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d{3,})")
_PINYIN = re.compile(r"注音|拼音版|拼音本|拼音读物|带拼音|彩图拼音|美绘拼音|[（(]拼音")
_PICTURE = re.compile(r"绘本|繪本|图画书|圖畫書|图画故事|picture ?book", re.IGNORECASE)


def year_in(text: str) -> int | None:
    match = _YEAR.search(unicodedata.normalize("NFKC", text))
    return int(match.group(1)) if match else None


def is_pinyin_annotated(*texts: str) -> bool:
    return any(_PINYIN.search(text) for text in texts)


def is_picture_book(*texts: str) -> bool:
    return any(_PICTURE.search(text) for text in texts)


def columns_of(projection: marc.Projection) -> dict[str, object]:
    """The columns of a bibliographic record from a projection."""
    title = ". ".join(part for part in (projection.title, projection.part_name) if part)
    isbn = projection.isbns[0].raw if projection.isbns else ""
    clc = parse_clc(projection.clc)
    series = "; ".join(
        " ".join(part for part in (one.title, one.volume) if part) for one in projection.series
    )
    words = (title, projection.title_remainder, series, projection.edition, projection.carrier)
    subjects = " ; ".join((*projection.subjects, *projection.keywords))
    return {
        "kind": _KINDS.get(projection.doc_type, "other"),
        "title": title[:500],
        "is_complete": bool(title),
        "subtitle": projection.title_remainder[:500],
        "parallel_title": projection.parallel_title[:500],
        "volume_mark": projection.volume_mark[:100],
        "authors": _authors(projection)[:500],
        "publisher": projection.publisher[:200],
        "place": projection.place[:100],
        "published": projection.date[:60],
        "pub_year": year_in(projection.date),
        "edition": projection.edition[:100],
        "extent": projection.extent[:200],
        "size": projection.size[:60],
        "series": series[:300],
        "isbn": isbn[:40],
        "isbn13": parse_isbn(isbn).isbn13 or "",
        "issn": parse_issn(projection.issn).issn or "",
        **_prices(projection),
        "clc": clc.number[:60],
        "clc_main": clc.main,
        "clc_edition": projection.clc_edition[:2],
        "subjects": subjects[:1000],
        "summary": projection.summary,
        "language": projection.language[:10],
        "audience": "".join(projection.audience)[:3],
        "is_pinyin_annotated": is_pinyin_annotated(*words),
        "is_picture_book": is_picture_book(*words, subjects),
        "is_reference": False,
    }


def _prices(projection: marc.Projection) -> dict[str, object]:
    """The first price; one of a whole set is shared out when it says over how many volumes."""
    text = projection.prices[0] if projection.prices else ""
    price = parse_price(text)
    unit = price.unit_fen
    if unit is None and price.set_fen and price.volumes:
        unit = share_fen(price.set_fen, price.volumes)[0]
    return {"price_text": text[:100], "price_fen": unit, "set_price_fen": price.set_fen}


def _authors(projection: marc.Projection) -> str:
    named = [f"{author.name} {author.role}".strip() for author in projection.authors]
    return " ; ".join(named) or projection.responsibility


def projection_of(columns: Mapping[str, object]) -> marc.Projection:
    """A projection from columns alone, for a record that never had an original in MARC."""
    return with_columns(marc.Projection(), columns, frozenset(columns))


def with_columns(
    projection: marc.Projection, columns: Mapping[str, object], changed: frozenset[str]
) -> marc.Projection:
    """The projection with the changed columns put in; what a column cannot say stays as it was."""

    def text(name: str) -> str:
        return str(columns.get(name) or "")

    simple = {
        "subtitle": "title_remainder",
        "parallel_title": "parallel_title",
        "volume_mark": "volume_mark",
        "publisher": "publisher",
        "place": "place",
        "published": "date",
        "edition": "edition",
        "extent": "extent",
        "size": "size",
        "summary": "summary",
        "language": "language",
        "clc": "clc",
        "clc_edition": "clc_edition",
        "issn": "issn",
    }
    values: dict[str, object] = {field: text(column) for column, field in simple.items() if column in changed}
    if "title" in changed:
        values |= {"title": text("title"), "part_name": ""}
    if "authors" in changed:
        values |= {"authors": tuple(_author(one) for one in text("authors").split(" ; ") if one.strip())}
        values |= {"responsibility": text("authors")}
    if "isbn" in changed:
        rest = projection.isbns[1:]
        values["isbns"] = (marc.Isbn(text("isbn")), *rest) if text("isbn") else rest
    if "price_text" in changed:
        rest_prices = projection.prices[1:]
        values["prices"] = (text("price_text"), *rest_prices) if text("price_text") else rest_prices
    if "series" in changed:
        values["series"] = tuple(marc.Series(one) for one in text("series").split("; ") if one)
    if "subjects" in changed:
        values |= {"subjects": tuple(one for one in text("subjects").split(" ; ") if one), "keywords": ()}
    if "audience" in changed:
        values["audience"] = tuple(text("audience"))
    if "kind" in changed and text("kind") in _KINDS:
        values["doc_type"] = text("kind")
    return replace(projection, **values)  # type: ignore[arg-type]


def _author(text: str) -> marc.Author:
    name, _, role = text.strip().rpartition(" ")
    return (
        marc.Author(name, role)
        if name and len(role) <= 4 and not role.isascii()
        else marc.Author(text.strip())
    )


# Reckoned from other columns, or of no place in MARC: not written on their own.
DERIVED = frozenset(
    {
        "isbn13", "pub_year", "price_fen", "set_price_fen", "clc_main", "is_complete", "is_pinyin_annotated",
        "is_picture_book", "is_reference", "parent_id", "part_number", "warnings",
    }
)  # fmt: skip


def after_editing(now: RecordValues, before: RecordValues, after: RecordValues) -> RecordValues:
    """The columns when a MARC record that was read as `before` is read as `after`: only what differs there is changed.

    So a column that MARC has no place for, or that says it in other words, stays as it is. One that differs in blanks only
    is said as MARC says it, or it would be written over the edited fields again.
    """
    changed = {
        name: getattr(after, name)
        for name in COLUMNS
        if name not in ("warnings", "parent_id", "part_number")
        and (
            getattr(after, name) != getattr(before, name)
            or _bare(getattr(after, name)) == _bare(getattr(now, name))
        )
    }
    return replace(now, **changed, warnings=after.warnings) if changed else now


def _bare(value: object) -> object:
    return "".join(value.split()) if isinstance(value, str) else value


def with_set(projection: marc.Projection, title: str, volume: str) -> marc.Projection:
    """The projection with the set that the record is a part of, unless it names that set already."""
    said = projection.set_parent
    if said is not None and title_key(said.title) == title_key(title):
        return projection
    return replace(projection, set_parent=marc.SetParent(title, "", volume))
