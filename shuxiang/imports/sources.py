"""Open what was brought: a table of any kind, or MARC. The content decides, not the name."""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from shuxiang import marc
from shuxiang.imports import tables
from shuxiang.imports.ahead import ReadingFailed, read_ahead
from shuxiang.imports.shapes import Ahead, Note, SourceRow

_HEAD = 4096
WORTH_A_PROCESS = 2_000_000  # bytes, some 2,500 records: to start one costs half a second
_LEADER = re.compile(rb"\s*\d{5}[a-zA-Z ^#|-]")
_MARC_XML = re.compile(rb"<\s*([A-Za-z0-9_]+:)?(collection|record|leader|datafield|searchRetrieveResponse)\b")
_SPREADSHEET_XML = re.compile(rb"<\s*([A-Za-z0-9_]+:)?(html|table|Workbook|style|meta)\b", re.IGNORECASE)
_MARC_TEXT = re.compile(r"(?m)^\s*(=?LDR|\d{3})[ \t|][^\n]{0,6}[ \t]*(\|[a-z]|[$‡ǂ■▼@ǂ\x1f][a-z0-9])")


class SourceError(Exception):
    """A file that cannot be imported at all; `note` says why and what to do."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.note = Note(code, params)


@dataclass(slots=True)
class SheetView:
    """A sheet that will be read, with its mapping; `titles` are its columns."""

    name: str
    mapping: tables.Mapping
    sheet: tables.Sheet


@dataclass(slots=True)
class Source:
    """An opened file. `mapping` is what may be shown, saved as a profile and used again."""

    path: Path
    name: str
    is_marc: bool
    mapping: dict[str, object]
    warnings: list[Note] = field(default_factory=list)
    sheets: list[SheetView] = field(default_factory=list)
    ahead: Ahead | None = None
    _stack: ExitStack = field(default_factory=ExitStack)

    def rows(self) -> Iterator[SourceRow]:
        """Every row that holds anything, in the order of the file."""
        if self.is_marc:
            yield from _marc_rows(self.path, self.mapping, self.ahead)
            return
        for view in self.sheets:
            yield from _table_rows(view, len(self.sheets) > 1)

    def close(self) -> None:
        self._stack.close()

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_source(
    path: Path,
    *,
    name: str,
    kind: str,
    fields: Sequence[tables.FieldSpec],
    reads_marc: bool,
    left_out: frozenset[str] = frozenset(),
    keeps_rows: bool = True,
    saved: Mapping[str, object] | None = None,
    ahead: Ahead | None = None,
) -> Source:
    """Find out what the file is and what its columns mean; `saved` is the mapping of a profile or of the wizard.

    `keeps_rows` says whether the importer keeps each row as it stood, with columns that nobody understands.

    Raises SourceError when it is no such file, with the remedy.
    """
    try:
        if reads_marc and looks_like_marc(path):
            chosen = {
                key: value for key, value in (saved or {}).items() if key in ("encoding", "profile") and value
            }
            return Source(path, name, is_marc=True, mapping=chosen, ahead=ahead)
        source = _open_table(path, name, kind=kind, fields=fields, saved=saved)
        _name_columns(source, left_out, keeps_rows)
        return source
    except tables.TableError as problem:
        raise SourceError(problem.code, **{"name": name, **problem.params}) from problem
    except (FileNotFoundError, IsADirectoryError) as problem:
        raise SourceError("file_missing", name=name) from problem


def looks_like_marc(path: Path) -> bool:
    """By its first bytes: a leader, a MARC element, or tagged lines with subfield marks."""
    with path.open("rb") as file:
        head = _head(file)
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\x00\r\n\t \x1a")
    if plain.startswith((b"\xff\xfe", b"\xfe\xff")):
        plain = plain.decode("utf-16", "replace").encode()
    if plain.startswith(b"<"):
        return bool(_MARC_XML.search(plain)) and not _SPREADSHEET_XML.match(plain)
    if _LEADER.match(plain) and (b"\x1e" in plain or b"\x1f" in plain):
        return True
    return bool(_MARC_TEXT.search(plain.decode("utf-8", "replace")))


def _head(file: BinaryIO) -> bytes:
    head = file.read(_HEAD)
    if not head.startswith(b"\x1f\x8b"):
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, _HEAD)
    except zlib.error:
        return head


def _open_table(
    path: Path,
    name: str,
    *,
    kind: str,
    fields: Sequence[tables.FieldSpec],
    saved: Mapping[str, object] | None,
) -> Source:
    stack = ExitStack()
    try:
        table = stack.enter_context(tables.open_table(path, name=name))
        source = Source(path, name, is_marc=False, mapping={}, _stack=stack)
        source.warnings += [Note(warning.code, dict(warning.params)) for warning in table.file_warnings]
        for sheet in _sheets_of(kind, table, source.warnings, _named(saved)):
            mapping = _mapping(sheet, fields, saved)
            source.warnings += [_sheet_note(warning, name) for warning in sheet.warnings]
            source.sheets.append(SheetView(sheet.name, mapping, sheet))
        _judge(source, name, fields)
        source.mapping = dict(saved) if saved and _named(saved) else source.sheets[0].mapping.to_json()
    except BaseException:
        stack.close()
        raise
    return source


def _sheet_note(warning: tables.TableWarning, name: str) -> Note:
    """The only sheet of a text file has no name: it is called like its file."""
    params = dict(warning.params)
    return Note(warning.code, params | {"sheet": params.get("sheet") or name})


def _named(saved: Mapping[str, object] | None) -> Mapping[str, object]:
    """The mapping of each sheet that a person has chosen, by the sheet's name; empty when nobody has."""
    named = saved.get("sheets") if saved else None
    return named if isinstance(named, dict) else {}


def _sheets_of(
    kind: str, table: tables.TableFile, warnings: list[Note], named: Mapping[str, object]
) -> list[tables.Sheet]:
    """The sheets that a person named, or that hold this kind; the only one with anything in it is taken at its word."""
    filled = [sheet for sheet in table.filled_sheets if sheet.sample(1)]
    if named and len(filled) > 1:
        return [sheet for sheet in filled if sheet.name in named]
    if len(filled) < 2:
        for sheet in filled:
            guess = tables.guess_kind(sheet.header, sheet.sample())
            if kind == "loans" and guess == "books" and not _lends(sheet):
                raise SourceError("books_for_loans", name=sheet.name)
            if guess != kind:
                warnings.append(Note(f"looks_like_{guess}"))
        return filled
    fitting = [sheet for sheet in filled if tables.guess_kind(sheet.header, sheet.sample()) == kind]
    fitting = [
        sheet for sheet in fitting if sheet.header.found
    ] or fitting  # a page of explanations is no list
    for sheet in filled:
        if fitting and sheet not in fitting:
            warnings.append(Note("sheet_left_out", {"sheet": sheet.name}))
    return fitting


def _lends(sheet: tables.Sheet) -> bool:
    """Whether any column can be the reader of a loan."""
    return "card" in tables.guess_mapping(sheet.header, sheet.sample(), tables.LOAN_FIELDS).columns


def _mapping(
    sheet: tables.Sheet, fields: Sequence[tables.FieldSpec], saved: Mapping[str, object] | None
) -> tables.Mapping:
    if sheet.name in (named := _named(saved)):
        saved = {"columns": named[sheet.name]}
    if saved and saved.get("columns"):
        return tables.Mapping.from_json(dict(saved), sheet.header, fields)
    return tables.guess_mapping(sheet.header, sheet.sample(), fields)


def _judge(source: Source, name: str, fields: Sequence[tables.FieldSpec]) -> None:
    if not source.sheets:
        raise SourceError("no_fitting_sheet", name=name)
    usable = [view for view in source.sheets if not view.mapping.missing]
    if not usable:
        words = {spec.name: spec.synonyms[0] for spec in fields}
        missing = source.sheets[0].mapping.missing
        raise SourceError("columns_missing", name=name, columns="、".join(words[each] for each in missing))
    for view in source.sheets:
        if view not in usable:
            source.warnings.append(Note("sheet_left_out", {"sheet": view.name}))
    source.sheets = usable


def _name_columns(source: Source, left_out: frozenset[str], keeps_rows: bool) -> None:
    """Say which columns are not imported: those nobody understands, and those about people that are not kept."""
    for view in source.sheets:
        titles = view.sheet.header.titles
        dropped = [titles[guess.column] for name, guess in view.mapping.columns.items() if name in left_out]
        unused = [titles[column] for column in view.mapping.unused]
        if dropped:
            source.warnings.append(Note("columns_left_out", {"columns": "、".join(dropped)}))
        if unused:
            code = "columns_unused" if keeps_rows else "columns_ignored"
            source.warnings.append(Note(code, {"columns": "、".join(unused)[:500]}))


def _table_rows(view: SheetView, several: bool) -> Iterator[SourceRow]:
    titles = view.sheet.header.titles
    columns = view.mapping.columns
    title_of = {name: titles[guess.column] for name, guess in columns.items()}
    sheet_name = view.name[:60] if several else ""
    merged: set[int] = set()
    for row in view.sheet.every_row():
        told = [note for note in row.notes if note.code != "filled_from_merged" or note.column not in merged]
        merged.update(note.column for note in told if note.code == "filled_from_merged")
        notes = tuple(_cell_note(note, row.number, titles) for note in told)
        yield SourceRow(
            number=row.number,
            sheet=sheet_name,
            values=view.mapping.values(row),
            cells={title: cell for title, cell in zip(titles, row.cells, strict=False) if cell},
            notes=notes,
            titles=title_of,
            numeric=frozenset(name for name, guess in columns.items() if row.is_number(guess.column)),
            skip=Note(f"row_{row.skip}", {"row": row.number}) if row.skip else None,
        )


def _cell_note(note: tables.CellNote, number: int, titles: Sequence[str]) -> Note:
    column = titles[note.column] if 0 <= note.column < len(titles) else ""
    return Note(note.code, {"row": number, "column": column, "text": note.text, "limit": note.text})


def _marc_rows(path: Path, chosen: Mapping[str, object], ahead: Ahead | None) -> Iterator[SourceRow]:
    """The records of a file; those of a large one are read ahead in another process, if one can be had."""
    encoding = str(chosen["encoding"]) if chosen.get("encoding") else None
    profile: marc.Profile | None = None
    if chosen.get("profile") in marc.PROFILES:
        profile = "cnmarc" if chosen["profile"] == "cnmarc" else "marc21"
    count = 0
    if ahead is not None and path.stat().st_size >= WORTH_A_PROCESS:
        options = {"encoding": encoding, "profile": profile, **ahead.options}
        try:
            for row in read_ahead(ahead.module, path, options):
                yield _row_ahead(*row)
                count += 1
        except ReadingFailed:
            logging.getLogger("shuxiang.imports").warning("reading ahead ended after %s records", count)
        else:
            return
    with path.open("rb") as file:
        for item in islice(marc.read_marc(file, encoding=encoding, profile=profile), count, None):
            match item:
                case marc.RawRecord():
                    notes = tuple(Note(warning.code, dict(warning.params)) for warning in item.warnings)
                    yield SourceRow(number=item.position, notes=notes, marc=item)
                case marc.BadRecord():
                    yield SourceRow(number=item.position, problem=Note(item.code, dict(item.params)))


def _row_ahead(
    number: int,
    notes: Sequence[tuple[str, Mapping[str, object]]],
    problem: tuple[str, Mapping[str, object]] | None,
    read: tuple[Any, ...] | None,
    bare: tuple[bytes, str, marc.Profile] | None,
) -> SourceRow:
    """A row from the other process; a record that it could not read to the end is taken apart here."""
    record = None
    if bare is not None:
        content, encoding, profile = bare
        item = next(marc.read_marc(content, encoding=encoding, profile=profile))
        record = item if isinstance(item, marc.RawRecord) else None
    return SourceRow(
        number=number,
        notes=tuple([Note(*note) for note in notes]),
        problem=Note(*problem) if problem else None,
        marc=record,
        read=read,
    )
