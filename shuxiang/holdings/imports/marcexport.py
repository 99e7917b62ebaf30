"""Books out as MARC: the library's own original with only the changed columns written in, and its volumes in 905 or 852."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path

from shuxiang import marc
from shuxiang.catalogue.models import Original
from shuxiang.catalogue.services.marc_editing import IN_MARC, from_columns, read_original, with_changes
from shuxiang.common.money import format_yuan
from shuxiang.holdings.imports.exporting import accession_of, barcode_of, holdings_of, lines_of
from shuxiang.holdings.models import Holding, PropertyLine
from shuxiang.imports.tables import TableError
from shuxiang.libraries.models import Library


def export_marc(library: Library, path: Path, at: datetime) -> int:
    """Write every title held, as MARCXML when the name ends so, else as ISO 2709 in UTF-8. Returns how many.

    Raises TableError when the disk does not take it; nothing half-written is left.
    """
    del at
    count = 0
    try:
        with path.open("wb") as file:
            if path.suffix.lower() in (".xml", ".mrx"):
                counted = _Counted(records_of(library))
                for piece in marc.write_marcxml(counted):
                    file.write(piece)
                count = counted.count
            else:
                for record in records_of(library):
                    file.write(marc.write_iso2709(record))
                    count += 1
    except OSError as problem:
        path.unlink(missing_ok=True)
        raise TableError("cannot_write", name=path.name, reason=problem.strerror or str(problem)) from problem
    return count


class _Counted:
    """Passes records on and counts them."""

    def __init__(self, records: Iterable[marc.MarcRecord]) -> None:
        self._records = records
        self.count = 0

    def __iter__(self) -> Iterator[marc.MarcRecord]:
        for record in self._records:
            self.count += 1
            yield record


def records_of(library: Library) -> Iterator[marc.MarcRecord]:
    """One MARC record for each title held."""
    for chunk in holdings_of(library):
        originals = _originals(library, [holding.record_id for holding in chunk])
        lines = lines_of(chunk)
        for holding in chunk:
            yield _record(holding, originals.get(holding.record_id), lines.get(holding.pk, []))


def _originals(library: Library, records: list[int]) -> dict[int, Original]:
    """The library's own latest original in MARC."""
    rows = Original.objects.filter(library=library, record__in=records, format__in=IN_MARC).order_by("pk")
    return {row.record_id: row for row in rows}


def _record(holding: Holding, original: Original | None, lines: list[PropertyLine]) -> marc.MarcRecord:
    raw = read_original(original) if original else None
    wanted = _holdings(holding, lines)
    if raw is None:
        built = from_columns(holding.record)
        return marc.with_local_holdings(built, "cnmarc", wanted) if wanted else built
    record = with_changes(holding.record, raw)
    if _volumes(marc.project(raw.record, raw.profile).holdings) != _volumes(wanted):
        return marc.with_local_holdings(record, raw.profile, wanted)
    return record


def _holdings(holding: Holding, lines: list[PropertyLine]) -> list[marc.LocalHolding]:
    """One local field for the volumes of a place, price and volume mark."""
    result = []
    for (location, price, volume, _bare), group in groupby(sorted(lines, key=_alike), key=_alike):
        volumes = list(group)
        result.append(
            marc.LocalHolding(
                library=holding.library.code,
                location=location,
                barcodes=tuple(code for line in volumes if (code := barcode_of(line.item))),
                accession_numbers=tuple(number for line in volumes if (number := accession_of(line))),
                class_number=holding.clc,
                book_number=f"{holding.book_number}{holding.auxiliary}" if holding.book_number else "",
                call_number="" if holding.book_number else holding.call_number,
                price="" if price < 0 else f"CNY{format_yuan(price)}",
                copies=len(volumes),
                volume=volume,
            )
        )
    return result


def _alike(line: PropertyLine) -> tuple[str, int, str, bool]:
    place = "" if line.item.home.code == "main" else line.item.home.name
    price = -1 if line.list_price_fen is None else line.list_price_fen
    return place, price, line.item.volume_mark, not barcode_of(line.item)


def _volumes(holdings: Iterable[marc.LocalHolding]) -> dict[tuple[str, str], tuple[int, list[str]]]:
    """What local fields say of volumes, however they are grouped: by place, how many and how each is known again."""
    said: dict[tuple[str, str], tuple[int, list[str]]] = defaultdict(lambda: (0, []))
    for one in holdings:
        count = max(
            one.copies if one.copies is not None else 1, len(one.barcodes), len(one.accession_numbers)
        )
        numbers = one.accession_numbers if len(one.barcodes) < count else ()
        before, codes = said[one.location[:60], one.volume[:60]]
        said[one.location[:60], one.volume[:60]] = (before + count, sorted([*codes, *one.barcodes, *numbers]))
    return dict(said)
