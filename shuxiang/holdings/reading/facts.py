"""What one row or one MARC record says about a book, the same for every source. Pure: no database, no Django."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class VolumeFacts:
    """One volume to come in. Prices in fen, None unknown; `legacy_number` is the accession number it carries."""

    barcode: str = ""
    legacy_number: str = ""
    volume_mark: str = ""
    location: str = ""
    price_fen: int | None = None
    price_text: str = ""
    paid_fen: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A remark on the row: a code and what its words name."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class BookFacts:
    """`columns` are those of a bibliographic record, by name. `sources` of acquisition use the batch's own codes."""

    columns: dict[str, object] = field(default_factory=dict)
    clc: str = ""
    call_number: str = ""
    book_number: int | None = None
    holding_note: str = ""
    volumes: list[VolumeFacts] = field(default_factory=list)
    source: str = ""
    supplier: str = ""
    document: str = ""
    local_number: str = ""
    said: list[Said] = field(default_factory=list)
    refusal: Said | None = None

    def text(self, name: str) -> str:
        return str(self.columns.get(name) or "")

    @property
    def label(self) -> str:
        return self.text("title") or self.text("isbn")

    @property
    def warnings(self) -> list[str]:
        """Codes that stay on the record."""
        return [said.code for said in self.said if said.code in RECORD_WARNINGS]


RECORD_WARNINGS = frozenset(
    {"isbn_check_digit", "isbn_not_isbn", "isbn_several", "price_unreadable", "title_missing", "isbn_shared"}
)


def unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))
