"""A row of a book list into facts. Pure: what is odd is said, nothing is lost, nothing is looked up."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from shuxiang.catalogue.clc import parse_clc
from shuxiang.common.isbn import parse_isbn, parse_issn
from shuxiang.common.money import Price, parse_price, share_fen
from shuxiang.holdings.reading import cells
from shuxiang.holdings.reading.facts import BookFacts, Said, VolumeFacts
from shuxiang.imports.tables import isbn_from_scientific

if TYPE_CHECKING:
    from shuxiang.imports.shapes import SourceRow

# Plain columns: field of the table → column of the record, longest text it holds.
_PLAIN = {
    "subtitle": ("subtitle", 500),
    "parallel_title": ("parallel_title", 500),
    "volume": ("volume_mark", 100),
    "pub_place": ("place", 100),
    "edition": ("edition", 100),
    "pages": ("extent", 200),
    "size": ("size", 60),
    "series": ("series", 300),
    "subjects": ("subjects", 1000),
    "summary": ("summary", 100_000),
}


def facts_of_row(row: SourceRow) -> BookFacts:
    """Read a row. `refusal` is set when the row cannot be taken at its word (copies that are no number …)."""
    facts = BookFacts()
    for field, (column, length) in _PLAIN.items():
        facts.columns[column] = row.get(field).strip()[:length]
    _titles(row, facts)
    price = _imprint(row, facts)
    _numbers(row, facts)
    _call_number(row, facts)
    _flags(row, facts)
    facts.holding_note = row.get("note").strip()[:500]
    facts.source = cells.source_of(row.get("acquisition_kind"))
    facts.supplier = (row.get("supplier") or row.get("donor")).strip()[:100]
    facts.document = row.get("document_number").strip()[:100]
    _volumes(row, facts, price)
    return facts


def _titles(row: SourceRow, facts: BookFacts) -> None:
    title = cells.bare_title(cells.unlabelled(row.get("title")))
    if part := row.get("volume_title").strip():
        title = f"{title}. {part}" if title else part
    facts.columns["title"] = title[:500]
    facts.columns["is_complete"] = bool(title)
    if not title:
        facts.said.append(Said("title_missing"))


def _imprint(row: SourceRow, facts: BookFacts) -> str:
    """Author, publisher, date; the price text, wherever it was found."""
    authors = cells.unlabelled(row.get("authors"))
    publisher, published = cells.unlabelled(row.get("publisher")), row.get("pub_date").strip()
    price = row.get("price").strip()
    split = cells.split_imprint(row.get("publication")) or cells.split_imprint(row.get("publisher"))
    if split:
        # The house's own list puts more authors, or a partner publisher, before the publisher.
        authors = " / ".join(part for part in (authors, *split.authors) if part)
        publisher, published, price = split.publisher, published or split.published, price or split.price
    elif not publisher:
        publisher = cells.unlabelled(row.get("publication"))
    facts.columns["authors"] = " ; ".join(part.strip() for part in authors.split(" / "))[:500]
    facts.columns["publisher"] = publisher[:200]
    facts.columns["published"] = published[:60]
    facts.columns["pub_year"] = cells.year_in(published)
    return price


def _numbers(row: SourceRow, facts: BookFacts) -> None:
    written = row.get("isbn").strip()
    # 9.78043902348e+12: its last digit and the check digit follow from each other where only one number fits
    mended = isbn_from_scientific(written)
    isbn = parse_isbn(mended or written)
    if mended:
        facts.said.append(Said("isbn_spreadsheet_number", {"isbn": mended}))
    facts.columns["isbn"] = (mended or written)[:40]
    facts.columns["isbn13"] = isbn.isbn13 or ""
    if isbn.kind == "issn":
        facts.columns["issn"] = parse_issn(row.get("isbn")).issn or ""
    elif isbn.kind != "none" and not isbn.isbn13:
        facts.local_number = isbn.local_number
    for warning in isbn.warnings:
        facts.said.append(Said(f"isbn_{warning}", {"isbn": row.get("isbn")}))
    if row.get("issn"):
        facts.columns["issn"] = parse_issn(row.get("issn")).issn or ""


def _call_number(row: SourceRow, facts: BookFacts) -> None:
    """Class from its own column or from the call number; a number after it is the 种次号 the books already carry."""
    by_class, by_call = parse_clc(row.get("clc")), parse_clc(row.get("call_number"))
    parsed = by_class if by_class.number else by_call
    facts.clc = parsed.number[:60]
    facts.columns["clc"] = parsed.number[:60]
    facts.columns["clc_main"] = parsed.main
    written = row.get("call_number").strip()
    number = row.get("book_number").strip() or by_call.book_number or by_class.book_number
    if number.isdecimal() and 0 < int(number) < 1_000_000:
        facts.book_number = int(number)
    elif number:
        # An author number or the like: kept as the books carry it, and no 种次号 is given beside it.
        facts.call_number = (written if by_call.book_number else f"{facts.clc}/{number}")[:100]
    elif written and not facts.clc:
        facts.call_number = written[:100]


def _flags(row: SourceRow, facts: BookFacts) -> None:
    title, series, edition = facts.text("title"), facts.text("series"), facts.text("edition")
    words = (title, facts.text("subtitle"), series, edition)
    subjects = facts.text("subjects")
    facts.columns["audience"] = cells.audience_of(row.get("audience"))
    facts.columns["language"] = cells.language_of(row.get("language"))
    facts.columns["kind"] = cells.kind_of(row.get("medium"))
    said_pinyin, said_picture = row.get("pinyin_annotated"), row.get("picture_book")
    facts.columns["is_pinyin_annotated"] = (
        cells.is_yes(said_pinyin) if said_pinyin else cells.is_pinyin_annotated(*words)
    )
    facts.columns["is_picture_book"] = (
        cells.is_yes(said_picture) if said_picture else cells.is_picture_book(*words, subjects)
    )
    facts.columns["is_reference"] = cells.is_yes(row.get("reference"))


def _volumes(row: SourceRow, facts: BookFacts, price_text: str) -> None:
    price = _prices(row, facts, price_text)
    try:
        stated = cells.copies_in(row.get("copies"))
    except ValueError:
        facts.refusal = Said("copies_unreadable", {"text": row.get("copies")})
        return
    if stated is not None and stated > cells.MOST_COPIES:
        facts.refusal = Said("copies_implausible", {"copies": stated, "limit": cells.MOST_COPIES})
        return
    barcodes = cells.codes_in(row.get("barcode"), stated)
    legacy = cells.codes_in(row.get("accession_number"), stated)
    too_long = next((code for code in (*barcodes, *legacy) if len(code) > 40), None)
    if too_long:
        facts.refusal = Said("code_too_long", {"code": too_long[:60]})
        return
    if stated is None and "copies" in row.values and not barcodes:
        facts.said.append(Said("copies_assumed"))
    count = max(stated if stated is not None else 1, len(barcodes), len(legacy))
    prices = _shares(price, count)
    paid = parse_price(row.get("paid_price"))
    for place in range(count):
        facts.volumes.append(
            VolumeFacts(
                barcode=barcodes[place] if place < len(barcodes) else "",
                legacy_number=legacy[place] if place < len(legacy) else "",
                location=row.get("location").strip()[:60],
                price_fen=prices[place],
                price_text=price_text[:100],
                paid_fen=paid.unit_fen,
            )
        )


def _prices(row: SourceRow, facts: BookFacts, price_text: str) -> Price:
    price = parse_price(price_text)
    set_text = row.get("set_price").strip()
    set_price = parse_price(set_text)
    set_fen = price.set_fen or set_price.set_fen or set_price.unit_fen
    volumes = price.volumes or set_price.volumes
    with suppress(ValueError):  # not a number: the price string's own count stands
        volumes = cells.copies_in(row.get("set_volumes")) or volumes
    unit = price.unit_fen
    if unit is None and set_fen and volumes:
        unit = share_fen(set_fen, volumes)[0]
    facts.columns["price_text"] = (price_text or set_text)[:100]
    facts.columns["price_fen"] = unit
    facts.columns["set_price_fen"] = set_fen
    for warning in price.warnings:
        if warning in ("unreadable", "implausible", "foreign", "several"):
            facts.said.append(Said(f"price_{warning}", {"text": price_text[:100]}))
    return Price(unit, set_fen if price.unit_fen is None else None, volumes=volumes)


def _shares(price: Price, count: int) -> list[int | None]:
    """Each volume's price; the volumes of a whole set add up to the price of the set to the last fen."""
    if price.set_fen and price.volumes and count and count % price.volumes == 0:
        return [*share_fen(price.set_fen, price.volumes)] * (count // price.volumes)
    return [price.unit_fen] * count
