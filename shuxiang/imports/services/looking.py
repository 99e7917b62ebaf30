"""Look into a file that was brought: what it is, which lists it holds, what stands in its columns."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path

from shuxiang import marc
from shuxiang.imports import registry, tables
from shuxiang.imports.sources import looks_like_marc
from shuxiang.imports.tables import FieldSpec

_SAMPLES = 3
_SAMPLE_CHARS = 60
_MARC_SAMPLES = 5
_PIECE = 1 << 20


@dataclass(slots=True)
class SheetHead:
    """One sheet of a table: what kind of list it seems to be, how many rows it has, and which columns (by group).

    `kind` is "" when it has no column titles and another sheet has.
    """

    name: str
    kind: str
    rows: int
    group: int


@dataclass(slots=True)
class ColumnGroup:
    """Columns that one sheet, or several alike, have: their titles and the first values of each."""

    titles: list[str]
    samples: list[list[str]]
    header_rows: list[int]
    above: list[str] = field(default_factory=list)


@dataclass(slots=True)
class MarcHead:
    """What the first records say: how they are written, and their titles."""

    encoding: str
    profile: str
    titles: list[str]


@dataclass(slots=True)
class Head:
    """What a person must know of a file to say what its columns mean; kept as JSON in a draft."""

    format: str
    encoding: str = ""
    rows: int | None = None  # None when counting would mean reading it all
    sheets: list[SheetHead] = field(default_factory=list)
    groups: list[ColumnGroup] = field(default_factory=list)
    marc: MarcHead | None = None

    def to_json(self) -> dict[str, object]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Head:
        sheets, groups, found = data.get("sheets"), data.get("groups"), data.get("marc")
        return cls(
            format=str(data.get("format", "")),
            encoding=str(data.get("encoding", "")),
            rows=rows if isinstance(rows := data.get("rows"), int) else None,
            sheets=[SheetHead(**one) for one in sheets] if isinstance(sheets, list) else [],
            groups=[ColumnGroup(**one) for one in groups] if isinstance(groups, list) else [],
            marc=MarcHead(**found) if isinstance(found, dict) else None,
        )

    def without_samples(self) -> Head:
        """The same without anything that stood in the rows: what a draft keeps of them once it is a run."""
        groups = [replace(one, samples=[[] for _ in one.titles], above=[]) for one in self.groups]
        return replace(self, groups=groups, marc=replace(self.marc, titles=[]) if self.marc else None)

    def likeliest(self, kinds: Sequence[str]) -> str:
        """The kind of the most rows among those that may be imported; the first of `kinds` when nothing tells."""
        weight = {kind: sum(one.rows for one in self.sheets if one.kind == kind) for kind in kinds}
        if self.marc is not None and "books" in kinds:
            return "books"
        return max(kinds, key=lambda kind: (weight[kind], -list(kinds).index(kind)))

    def sheets_of(self, kind: str) -> list[str]:
        """The sheets that seem to hold this kind; the only sheet is taken at its owner's word."""
        if len(self.sheets) == 1:
            return [self.sheets[0].name]
        return [one.name for one in self.sheets if one.kind == kind]


def look(path: Path, *, name: str, kinds: Sequence[str]) -> Head:
    """What the file holds. Raises tables.TableError when it is no table and no MARC file, with the remedy."""
    if "books" in kinds and looks_like_marc(path):
        return _look_into_marc(path)
    with tables.open_table(path, name=name) as table:
        head = Head(table.format, table.encoding, rows=0)
        alike: dict[tuple[str, ...], int] = {}
        for sheet in table.filled_sheets:
            _add_sheet(head, sheet, alike)
        head.rows = sum(one.rows for one in head.sheets)
        if not any(one.kind for one in head.sheets):
            _by_content(head, table)
        if not head.rows:
            raise tables.TableError("no_table", name=name)
        return head


def _add_sheet(head: Head, sheet: tables.Sheet, alike: dict[tuple[str, ...], int]) -> None:
    rows = sum(1 for _ in sheet.every_row())
    if not rows:
        return
    header, sample = sheet.header, sheet.sample()
    if header.titles not in alike:
        alike[header.titles] = len(head.groups)
        samples = [_examples(sample, column) for column in range(len(header.titles))]
        above = [text[:200] for text in header.above]
        head.groups.append(ColumnGroup(list(header.titles), samples, list(header.row_numbers), above))
    kind = tables.guess_kind(header, sample) if header.found else ""
    head.sheets.append(SheetHead(sheet.name, kind, rows, alike[header.titles]))


def _by_content(head: Head, table: tables.TableFile) -> None:
    """Lists none of which has column titles: their cells tell what they hold. A page of explanations would be alone."""
    kinds = {sheet.name: tables.guess_kind(sheet.header, sheet.sample()) for sheet in table.filled_sheets}
    for one in head.sheets:
        one.kind = kinds[one.name]


def _examples(sample: Sequence[tables.Row], column: int) -> list[str]:
    """The first different values of a column."""
    values = (row.cells[column] for row in sample if column < len(row.cells) and row.cells[column])
    return [value[:_SAMPLE_CHARS] for value in islice(dict.fromkeys(values), _SAMPLES)]


def _look_into_marc(path: Path) -> Head:
    titles: list[str] = []
    encoding = profile = ""
    with path.open("rb") as file:
        for item in islice(marc.read_marc(file), _MARC_SAMPLES):
            if isinstance(item, marc.RawRecord):
                encoding, profile = encoding or item.encoding, profile or item.profile
                titles.append(marc.project(item.record, item.profile).title[:_SAMPLE_CHARS])
    rows = sum(piece.count(b"\x1d") for piece in _pieces(path)) or None
    return Head("marc", encoding, rows, marc=MarcHead(encoding, profile, [one for one in titles if one]))


def _pieces(path: Path) -> Iterator[bytes]:
    """The bytes of a file, unpacked when it is packed; what cannot be unpacked ends the file here."""
    with path.open("rb") as file:
        piece = file.read(_PIECE)
        unpacker = zlib.decompressobj(wbits=31) if piece.startswith(b"\x1f\x8b") else None
        while piece:
            try:
                yield unpacker.decompress(piece) if unpacker else piece
            except zlib.error:
                return
            piece = file.read(_PIECE)


def guessed(head: Head, kind: str, path: Path, name: str, sheets: Collection[str]) -> dict[str, object]:
    """The mapping that the titles and contents of these sheets suggest, in the form that a run keeps."""
    if head.marc is not None:
        return {"encoding": "", "profile": ""}
    found: dict[str, object] = {}
    known: dict[int, dict[str, list[object]]] = {}
    groups = {one.name: one.group for one in head.sheets}
    fields = registry.get(kind).fields
    with tables.open_table(path, name=name) as table:
        for sheet in table.filled_sheets:
            if sheet.name not in sheets or sheet.name not in groups:
                continue
            group = groups[sheet.name]
            if group not in known:
                guess = tables.guess_mapping(sheet.header, sheet.sample(), fields)
                known[group] = {one: [at.column, at.title] for one, at in guess.columns.items()}
            found[sheet.name] = known[group]
    return mapping_of(found)


def mapping_of(by_sheet: Mapping[str, object]) -> dict[str, object]:
    """A run's mapping from one for each sheet; `columns` is the first of them, for a profile and to be shown."""
    return {"columns": next(iter(by_sheet.values()), {}), "sheets": dict(by_sheet)}


def saved_on(head: Head, saved: Mapping[str, object], sheets: Collection[str]) -> dict[str, object]:
    """A saved profile laid on these sheets, by column titles."""
    columns = saved.get("columns")
    entries = columns.items() if isinstance(columns, dict) else ()
    found: dict[str, object] = {}
    for one in head.sheets:
        if one.name in sheets:
            titles = head.groups[one.group].titles
            found[one.name] = {
                key: [titles.index(title), title] for key, [_, title] in entries if title in titles
            }
    return mapping_of(found)


# What must be said of a row, beyond the fields that are required each for itself: one of each of these.
_ONE_OF: dict[str, tuple[tuple[str, ...], ...]] = {
    "loans": (("card",), ("time", "lent_time"), ("barcode", "isbn", "title")),
}


def missing(kind: str, columns: Collection[str], fields: Sequence[FieldSpec]) -> list[tuple[str, ...]]:
    """What still lacks a column: each entry is one field, or several of which one is enough."""
    needed = [(spec.name,) for spec in fields if spec.required] + list(_ONE_OF.get(kind, ()))
    return [some for some in needed if not set(some) & set(columns)]
