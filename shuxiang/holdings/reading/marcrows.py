"""A MARC record into facts, and changed columns back into what MARC can be written from. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from shuxiang import marc
from shuxiang.catalogue.clc import parse_clc
from shuxiang.common.isbn import parse_isbn, parse_issn
from shuxiang.common.money import parse_price, share_fen
from shuxiang.holdings.reading import cells
from shuxiang.holdings.reading.facts import BookFacts, Said, VolumeFacts

_KINDS = {"serial": "serial", "audiovisual": "audiovisual", "electronic": "electronic", "book": "book"}


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
        "pub_year": cells.year_in(projection.date),
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
        "is_pinyin_annotated": cells.is_pinyin_annotated(*words),
        "is_picture_book": cells.is_picture_book(*words, subjects),
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


def format_of(content: bytes) -> str:
    """In which form a record was delivered: marcxml, iso2709 or text (catalogue.models.Original.Format)."""
    if content.lstrip()[:1] == b"<":
        return "marcxml"
    return "iso2709" if b"\x1e" in content else "text"


def facts_of_record(raw: marc.RawRecord) -> BookFacts:
    """Read a record with its local holdings; a record that names no volume brings none."""
    projection = marc.project(raw.record, raw.profile)
    facts = BookFacts(columns=columns_of(projection))
    facts.clc = facts.text("clc")
    isbn = parse_isbn(facts.text("isbn"))
    if isbn.kind != "none" and not isbn.isbn13:
        facts.local_number = isbn.local_number
    facts.said += [Said(f"isbn_{warning}", {"isbn": isbn.raw}) for warning in isbn.warnings]
    if not facts.columns["title"]:
        facts.said.append(Said("title_missing"))
    for holding in projection.holdings:
        _call_number(facts, holding)
        _volumes(facts, holding)
    if not facts.volumes:
        facts.said.append(Said("no_volumes"))
    return facts


def _call_number(facts: BookFacts, holding: marc.LocalHolding) -> None:
    """The first local field with a call number decides; a class the library uses wins over 690."""
    if facts.book_number or facts.call_number:
        return
    parsed = parse_clc(holding.class_number or holding.call_number)
    if parsed.number and holding.tag not in ("852", "999", "949", "952"):
        facts.clc = parsed.number[:60]
    number = (holding.book_number or parsed.book_number).strip()
    if number.isdecimal() and 0 < int(number) < 1_000_000 and parsed.number == facts.clc and facts.clc:
        facts.book_number = int(number)
    else:
        written = holding.call_number or "/".join(part for part in (holding.class_number, number) if part)
        if written and written != facts.clc:
            facts.call_number = written[:100]


def _volumes(facts: BookFacts, holding: marc.LocalHolding) -> None:
    stated = min(holding.copies if holding.copies is not None else 1, cells.MOST_COPIES)
    count = max(stated, len(holding.barcodes), len(holding.accession_numbers))
    own = parse_price(holding.price).unit_fen
    price = own if own is not None else facts.columns["price_fen"]
    for place in range(count):
        barcode = holding.barcodes[place] if place < len(holding.barcodes) else ""
        legacy = holding.accession_numbers[place] if place < len(holding.accession_numbers) else ""
        if len(barcode) > 60 or len(legacy) > 40:
            facts.refusal = Said("code_too_long", {"code": (barcode or legacy)[:60]})
            return
        facts.volumes.append(
            VolumeFacts(
                barcode=barcode,
                legacy_number=legacy,
                volume_mark=holding.volume[:60],
                location=holding.location[:60],
                price_fen=price if isinstance(price, int) else None,
                price_text=(holding.price or facts.text("price_text"))[:100],
            )
        )


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
    return replace(projection, **values)  # type: ignore[arg-type]


def _author(text: str) -> marc.Author:
    name, _, role = text.strip().rpartition(" ")
    return (
        marc.Author(name, role)
        if name and len(role) <= 4 and not role.isascii()
        else marc.Author(text.strip())
    )
