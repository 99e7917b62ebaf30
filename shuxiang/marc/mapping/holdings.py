"""Local holdings: the fields in which each system notes its own volumes, and how to write ours.

905 has no standard. Read are: dp2 and the school platforms (905 $a library $b numbers $c shelf $d class $e book number
$f copies $s call number $v volumes), Beijing Normal University's Aleph (906, 935 $b ranges, $r price), Koha (995
UNIMARC, 952), Sirsi (999, 949 $i barcode $l place $m library $p price), Millennium (945) and MARC 21's 852.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from shuxiang.marc.fields import data_field
from shuxiang.marc.mapping.projection import LocalHolding
from shuxiang.marc.mapping.text import expand_range, tidy
from shuxiang.marc.types import Field, MarcRecord, Profile

_COPIES = re.compile(r"\s*(\d{1,5})")
_ACCESSION_NOTE, _COPIES_NOTE = "acc:", "copies:"
Reader = Callable[[Field], LocalHolding | None]


def local_holdings(record: MarcRecord, profile: Profile) -> tuple[LocalHolding, ...]:
    """What the local fields say, each barcode once; fields that only repeat others are left out."""
    readers = _CNMARC if profile == "cnmarc" else _MARC21
    seen: set[str] = set()
    found: list[LocalHolding] = []
    fields = [item for item in record.fields if item.tag in readers]
    for item in sorted(fields, key=lambda each: list(readers).index(each.tag)) if len(fields) > 1 else fields:
        holding = readers[item.tag](item)
        if holding is None:
            continue
        fresh = tuple(dict.fromkeys(code for code in holding.barcodes if code not in seen))
        if holding.barcodes and not fresh:
            continue
        seen.update(fresh)
        found.append(holding if fresh == holding.barcodes else replace(holding, barcodes=fresh))
    return tuple(found)


def is_local_holding(item: Field, profile: Profile) -> bool:
    """Whether a field is one of those that `local_holdings` reads."""
    reader = (_CNMARC if profile == "cnmarc" else _MARC21).get(item.tag)
    return reader is not None and reader(item) is not None


def write_holding(holding: LocalHolding, profile: Profile) -> Field:
    """One 905 (or 852 in MARC 21) for a holding."""
    if profile == "cnmarc":
        pairs = [("a", holding.library), *(("b", code) for code in holding.barcodes)]
        pairs += [("c", holding.location), ("d", holding.class_number), ("e", holding.book_number)]
        pairs += [("f", "" if holding.copies is None else str(holding.copies))]
        pairs += [("g", number) for number in holding.accession_numbers]
        pairs += [("r", holding.price), ("s", holding.call_number), ("v", holding.volume)]
        return data_field("905", "  ", [pair for pair in pairs if pair[1]])
    pairs = [
        ("3", holding.volume),
        ("b", holding.library),
        ("c", holding.location),
        ("h", holding.class_number),
    ]
    pairs += [
        ("i", holding.book_number),
        ("j", holding.call_number),
        *(("p", code) for code in holding.barcodes),
    ]
    pairs += [("x", _ACCESSION_NOTE + number) for number in holding.accession_numbers]
    pairs += [
        ("x", "" if holding.copies is None else f"{_COPIES_NOTE}{holding.copies}"),
        ("9", holding.price),
    ]
    return data_field("852", "8 ", [pair for pair in pairs if pair[1]])


def _copies(text: str) -> int | None:
    found = _COPIES.match(text)
    return int(found[1]) if found else None


def _expanded(values: list[str]) -> tuple[str, ...]:
    return tuple(code for value in values for code in expand_range(tidy(value)))


def _plain(values: list[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(tidy, values)))


def _get(item: Field, code: str) -> str:
    return tidy(item.get(code))


def _chinese(item: Field) -> LocalHolding | None:
    """905 as dp2 and the school platforms write it."""
    return LocalHolding(
        library=_get(item, "a"),
        location=_get(item, "c"),
        barcodes=_expanded(item.all("b")),
        accession_numbers=_plain(item.all("g")),
        class_number=_get(item, "d"),
        book_number=_get(item, "e"),
        call_number=_get(item, "s"),
        price=_get(item, "r"),
        copies=_copies(item.get("f")),
        volume=_get(item, "v"),
        tag=item.tag,
    )


def _beijing(item: Field) -> LocalHolding | None:
    """906 and 935 of Beijing Normal University; $c of 906 is the accession number."""
    if not item.get("b"):
        return None
    return LocalHolding(
        library=_get(item, "a"),
        barcodes=_expanded(item.all("b")),
        accession_numbers=_plain(item.all("c")) if item.tag == "906" else (),
        class_number=_get(item, "d"),
        book_number=_get(item, "e"),
        price=_get(item, "r") if any(char.isdigit() for char in item.get("r")) else "",
        tag=item.tag,
    )


def _koha_unimarc(item: Field) -> LocalHolding | None:
    if not item.get("f"):
        return None
    return LocalHolding(
        library=_get(item, "c") or _get(item, "b"),
        location=_get(item, "e"),
        barcodes=_plain(item.all("f")),
        accession_numbers=_plain(item.all("j")),
        call_number=_get(item, "k"),
        volume=_get(item, "v"),
        tag=item.tag,
    )


def _sirsi(item: Field) -> LocalHolding | None:
    """999, 996, 949 of Sirsi systems: one volume a field, so its hyphens are no ranges and $c is a copy number."""
    if not item.get("i"):
        return None
    library, _, place = item.get("h").partition(",")
    return LocalHolding(
        library=_get(item, "m") or tidy(library),
        location=_get(item, "l") or tidy(place),
        barcodes=_plain(item.all("i")),
        call_number=_get(item, "a"),
        price=_get(item, "p"),
        volume=_get(item, "v"),
        tag=item.tag,
    )


def _sirsi_or_chinese(item: Field) -> LocalHolding | None:
    if item.get("i"):
        return _sirsi(item)
    return _chinese(item) if item.get("b") and item.get("d") else None


def _millennium(item: Field) -> LocalHolding | None:
    """945 of Innovative systems; $y is its item record number, kept as the accession number."""
    if not item.get("l"):
        return None
    return LocalHolding(
        location=_get(item, "l"),
        barcodes=_plain(item.all("i")),
        accession_numbers=_plain(item.all("y")),
        call_number=tidy(" ".join(item.all("a", "b"))),
        price=_get(item, "p"),
        volume=_get(item, "c"),
        tag=item.tag,
    )


def _koha(item: Field) -> LocalHolding | None:
    if not item.get("p"):
        return None
    return LocalHolding(
        library=_get(item, "a") or _get(item, "b"),
        location=_get(item, "c"),
        barcodes=_plain(item.all("p")),
        accession_numbers=_plain(item.all("i")),
        call_number=_get(item, "o"),
        price=_get(item, "v") or _get(item, "g"),
        volume=_get(item, "h"),
        tag=item.tag,
    )


def _marc21(item: Field) -> LocalHolding | None:
    notes = item.all("x")
    return LocalHolding(
        library=_get(item, "b") or _get(item, "a"),
        location=_get(item, "c"),
        barcodes=_plain(item.all("p")),
        accession_numbers=_noted(notes, _ACCESSION_NOTE),
        class_number=_get(item, "h"),
        book_number=_get(item, "i"),
        call_number=_get(item, "j"),
        price=_get(item, "9"),
        copies=_copies(next(iter(_noted(notes, _COPIES_NOTE)), "")),
        volume=_get(item, "3"),
        tag=item.tag,
    )


def _noted(notes: list[str], prefix: str) -> tuple[str, ...]:
    return tuple(note.removeprefix(prefix) for note in notes if note.startswith(prefix))


_CNMARC: dict[str, Reader] = {
    "905": _chinese,
    "906": _beijing,
    "935": _beijing,
    "995": _koha_unimarc,
    "996": _sirsi_or_chinese,
    "999": _sirsi_or_chinese,
}
_MARC21: dict[str, Reader] = {
    "852": _marc21,
    "945": _millennium,
    "949": _sirsi,
    "952": _koha,
    "996": _sirsi,
    "999": _sirsi,
}
