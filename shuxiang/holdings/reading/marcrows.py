"""A MARC record into facts: its columns, its call number and its volumes. Pure."""

from __future__ import annotations

from shuxiang import marc
from shuxiang.catalogue.clc import parse_clc
from shuxiang.catalogue.marcs import columns_of
from shuxiang.common.isbn import parse_isbn
from shuxiang.common.money import parse_price
from shuxiang.holdings.reading import cells
from shuxiang.holdings.reading.facts import BookFacts, Said, VolumeFacts


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
