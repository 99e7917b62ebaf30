"""Property lines as rows: what the accession register, the class accounts and the withdrawal register have in common."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import pgettext_lazy

from shuxiang.holdings.models import PropertyLine, Withdrawal
from shuxiang.reports.ledgers.rows import Cell, Column, Key, Row
from shuxiang.reports.ledgers.runs import Places

ENTERED = Column("day", pgettext_lazy("ledger", "Date"), "day", 17)
NUMBER = Column("number", pgettext_lazy("ledger", "Accession number"), "code", 17)
TITLE = Column("title", pgettext_lazy("ledger", "Title"), "text", 56)
AUTHORS = Column("authors", pgettext_lazy("ledger", "Author"), "text", 28)
PUBLISHER = Column("publisher", pgettext_lazy("ledger", "Publisher"), "text", 28)
EDITION = Column("edition", pgettext_lazy("ledger", "Edition"), "text", 12)
PUBLISHED = Column("published", pgettext_lazy("ledger", "Year"), "text", 12)
EXTENT = Column("extent", pgettext_lazy("ledger", "Pages"), "text", 14)
PRICE = Column("price", pgettext_lazy("ledger", "Price (yuan)"), "yuan", 16, sums=True)
ISBN = Column("isbn", "ISBN", "code", 27)
BATCH = Column("batch", pgettext_lazy("ledger", "Batch"), "code", 12)
CALL_NUMBER = Column("call_number", pgettext_lazy("ledger", "Call number"), "code", 24)
PLACE = Column("place", pgettext_lazy("ledger", "Place"), "text", 20)
STRUCK = Column("struck", pgettext_lazy("ledger", "Withdrawn"), "code", 24)
MORE = (
    Column("legacy", pgettext_lazy("ledger", "Old number"), "code", 18, is_usual=False),
    Column("paid", pgettext_lazy("ledger", "Paid (yuan)"), "yuan", 16, sums=True, is_usual=False),
    Column("volume", pgettext_lazy("ledger", "Volume mark"), "text", 14, is_usual=False),
    Column("source", pgettext_lazy("ledger", "Source"), "text", 14, is_usual=False),
    Column("document", pgettext_lazy("ledger", "Document"), "text", 24, is_usual=False),
)

SOURCES = {
    "opening": pgettext_lazy("ledger", "opening stock"),
    "purchase": pgettext_lazy("ledger", "bought"),
    "gift": pgettext_lazy("ledger", "given"),
    "transfer": pgettext_lazy("ledger", "transferred"),
    "exchange": pgettext_lazy("ledger", "exchanged"),
    "own": pgettext_lazy("ledger", "made here"),
    "compensation": pgettext_lazy("ledger", "in compensation"),
    "binding": pgettext_lazy("ledger", "bound"),
}
REASONS = {
    "worn": pgettext_lazy("ledger", "worn out"),
    "outdated": pgettext_lazy("ledger", "outdated"),
    "lost": pgettext_lazy("ledger", "lost"),
    "lost-paid": pgettext_lazy("ledger", "lost and paid for"),
    "transferred": pgettext_lazy("ledger", "handed over"),
    "review": pgettext_lazy("ledger", "taken off on review"),
    "stocktake": pgettext_lazy("ledger", "missing at stocktaking"),
    "reversal": pgettext_lazy("ledger", "reversal"),
}

_RECORD = "item__holding__record__"
VALUES = {
    "series": "series",
    "number": "number",
    "posted_on": "posted_on",
    "price": "list_price_fen",
    "paid": "paid_price_fen",
    "legacy": "legacy_number",
    "clc_main": "clc_main",
    "batch_number": "batch__number",
    "batch_source": "batch__source",
    "document": "batch__document",
    "volume": "item__volume_mark",
    "holding": "item__holding_id",
    "call_number": "item__holding__call_number",
    "place": "item__home__name",
    "title": _RECORD + "title",
    "record_volume": _RECORD + "volume_mark",
    "authors": _RECORD + "authors",
    "publisher": _RECORD + "publisher",
    "edition": _RECORD + "edition",
    "published": _RECORD + "published",
    "extent": _RECORD + "extent",
    "isbn": _RECORD + "isbn",
    "issn": _RECORD + "issn",
    "struck_on": "withdrawal_line__withdrawn_on",
    "struck_number": "withdrawal_line__withdrawal__number",
}


def values_of(lines: QuerySet[PropertyLine]) -> QuerySet[Any, Any]:
    """The values from which cells are made; the caller orders and slices."""
    named: QuerySet[Any, Any] = lines.annotate(**{f"v_{name}": F(path) for name, path in VALUES.items()})
    return named.values("pk", *(f"v_{name}" for name in VALUES))


def titled(v: Mapping[str, Any], prefix: str = "v_") -> str:
    """The title with its volume: 十万个为什么 2."""
    mark = v[prefix + "volume"] or v[prefix + "record_volume"]
    title: str = v[prefix + "title"]
    return f"{title} {mark}" if mark and mark not in title else title


def cells_of(v: Mapping[str, Any], last: date) -> dict[str, Cell]:
    """The cells of a property line; a withdrawal after the last day of the period has not happened yet."""
    struck = v["v_struck_on"]
    return {
        "day": v["v_posted_on"],
        "number": f"{v['v_series']}{v['v_number']}",
        "title": titled(v),
        "authors": v["v_authors"],
        "publisher": v["v_publisher"],
        "edition": v["v_edition"],
        "published": v["v_published"],
        "extent": v["v_extent"],
        "price": v["v_price"],
        "isbn": v["v_isbn"] or v["v_issn"],
        "batch": str(v["v_batch_number"]),
        "call_number": v["v_call_number"],
        "place": v["v_place"],
        "struck": f"{withdrawal_label(v['v_struck_number'])} {struck}" if struck and struck <= last else "",
        "legacy": v["v_legacy"],
        "paid": v["v_paid"],
        "volume": v["v_volume"] or v["v_record_volume"],
        "source": str(SOURCES.get(v["v_batch_source"], v["v_batch_source"])),
        "document": v["v_document"],
    }


def withdrawal_label(number: int) -> str:
    """注3."""
    return str(pgettext_lazy("ledger", "W%(number)s") % {"number": number})


def reason_words(row: Withdrawal) -> str:
    """Why, and of a reversal what it takes back."""
    words = str(REASONS.get(row.reason, row.reason))
    if row.reverses_id is not None and row.reverses is not None:
        return f"{words} {row.reverses.number}"
    if row.restores_id is not None and row.restores is not None:
        return f"{words} {withdrawal_label(row.restores.number)}"
    return words


class Numbers:
    """The lines of a period in the order of series and number; the key is the place in the book, so any page is near."""

    def __init__(self, lines: QuerySet[PropertyLine], places: Places, last: date) -> None:
        self._lines, self._places, self._last = lines, places, last

    def after(self, key: Key | None, many: int) -> list[Row]:
        start = 0 if key is None else key[-1] + 1
        return self._read(start, start + many - 1)

    def before(self, key: Key | None, many: int) -> list[Row]:
        end = (self._places.count if key is None else min(key[0], self._places.count)) - 1
        return self._read(max(0, end - many + 1), end)

    def count(self) -> int | None:
        return self._places.count

    def _read(self, first: int, last: int) -> list[Row]:
        found: list[Row] = []
        for run, place in self._places.stretches(first, last):
            lines = self._lines.filter(series=run.series, number__range=(run.first, run.last))
            for v in values_of(lines).order_by("number"):
                found.append(line_row((place + v["v_number"] - run.first,), v, self._last))
        return found


def line_row(key: Key, v: Mapping[str, Any], last: date) -> Row:
    """A property line as an entry."""
    cells = cells_of(v, last)
    return Row(key, cells, "struck" if cells["struck"] else "", unknown=int(v["v_price"] is None))


def joined(group: Sequence[Row]) -> Row:
    """Neighbouring lines of one title as one row: volumes, amount, first to last number."""
    first, last = group[0], group[-1]
    cells = dict(first.cells)
    numbers = (str(first.cells["number"]), str(last.cells["number"]))
    cells["number"] = numbers[0] if len(group) == 1 else f"{numbers[0]}–{numbers[1]}"
    for name in ("volumes", "amount"):
        values = [row.cells.get(name) for row in group]
        known = [value for value in values if isinstance(value, int)]
        cells[name] = sum(known) if known else None
    key = (*first.key, *last.key)
    unknown, entries = sum(row.unknown for row in group), sum(row.entries for row in group)
    return Row(key, cells, first.look, entries, unknown, first.address)
