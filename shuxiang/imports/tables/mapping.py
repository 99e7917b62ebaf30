"""Which column is which field: by its title first, by its content where the title says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from shuxiang.imports.tables.cells import clean_text
from shuxiang.imports.tables.detectors import loan_action_of as loan_action
from shuxiang.imports.tables.fields import BOOK_FIELDS, LOAN_FIELDS, PATRON_FIELDS, FieldSpec
from shuxiang.imports.tables.model import Header, Row

__all__ = ["ColumnGuess", "Mapping", "guess_kind", "guess_mapping", "loan_action", "normal"]

_BRACKETED = re.compile(r"[(\[【〔<《].*?[)\]】〕>》]")
_UNIT = re.compile(r"/(元|册|冊|本|页|cm|厘米|天|日|人|rmb|cny)$")
_ORNAMENT = re.compile(r"[\s*※★:_.、,。;;\"'“”#№\-—/\\|]+")
_SAMPLE_ROWS = 200
_ACCEPT = 0.5  # a lower score is no guess


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """Where a field is. `reason` is 'title', 'title_and_content', 'content' or 'chosen' (by a person)."""

    column: int
    confidence: float  # 0 to 1
    reason: str
    title: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """Field name → column. Titles are kept beside the numbers so that a saved profile finds moved columns again."""

    columns: dict[str, ColumnGuess]
    missing: tuple[str, ...] = ()  # required fields without a column
    unused: tuple[int, ...] = ()  # columns that no field took
    required: tuple[str, ...] = ()

    def values(self, row: Row) -> dict[str, str]:
        """The row's texts by field name; a field without a column is absent, an empty cell is ''."""
        cells = row.cells
        return {
            name: cells[guess.column] if guess.column < len(cells) else ""
            for name, guess in self.columns.items()
        }

    def get(self, row: Row, field: str) -> str:
        """One field's text, '' when the field has no column."""
        guess = self.columns.get(field)
        return row.cells[guess.column] if guess and guess.column < len(row.cells) else ""

    def with_column(self, field: str, column: int | None, header: Header) -> Mapping:
        """A copy in which a person has put the field on a column (taking it from any other field) or on none."""
        columns = {
            name: guess for name, guess in self.columns.items() if name != field and guess.column != column
        }
        if column is not None:
            columns[field] = ColumnGuess(column, 1.0, "chosen", header.titles[column])
        taken = {guess.column for guess in columns.values()}
        return Mapping(
            columns,
            tuple(name for name in self.required if name not in columns),
            tuple(index for index in range(len(header.titles)) if index not in taken),
            self.required,
        )

    def to_json(self) -> dict[str, object]:
        """A dict for a saved profile: field → [column, title]."""
        return {"columns": {name: [guess.column, guess.title] for name, guess in self.columns.items()}}

    @classmethod
    def from_json(cls, data: object, header: Header, fields: Sequence[FieldSpec]) -> Mapping:
        """A saved profile on a new file: by title wherever it stands now, by number only in a sheet without header.

        Unknown fields and malformed entries are left out; `missing` tells what a person must choose.
        """
        saved = data.get("columns") if isinstance(data, dict) else None
        known = {field.name for field in fields}
        columns: dict[str, ColumnGuess] = {}
        for name, entry in saved.items() if isinstance(saved, dict) else ():
            column = _saved_column(entry, header)
            if name in known and column is not None:
                columns[name] = ColumnGuess(column, 1.0, "chosen", header.titles[column])
        return _complete(columns, header, fields)


def _saved_column(entry: object, header: Header) -> int | None:
    match entry:
        case [int(column), str(title)]:
            if title in header.titles:
                return header.titles.index(title)
            if not header.found and 0 <= column < len(header.titles):
                return column
    return None


def _complete(columns: dict[str, ColumnGuess], header: Header, fields: Sequence[FieldSpec]) -> Mapping:
    taken = {guess.column for guess in columns.values()}
    return Mapping(
        {field.name: columns[field.name] for field in fields if field.name in columns},
        tuple(field.name for field in fields if field.required and field.name not in columns),
        tuple(index for index in range(len(header.titles)) if index not in taken),
        tuple(field.name for field in fields if field.required),
    )


@lru_cache(4096)
def normal(title: str) -> str:
    """A column title for comparison: no brackets, units, blanks, ornaments; lower case; full width folded."""
    text = clean_text(title).translate({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}).lower()
    text = _UNIT.sub("", re.sub(r"\s", "", text))
    bare = _BRACKETED.sub("", text)
    return _ORNAMENT.sub("", bare) or _ORNAMENT.sub("", text)


@cache
def _synonym_ranks(field: FieldSpec) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for rank, word in enumerate((*field.synonyms, field.name)):
        ranks.setdefault(normal(word), rank)
    return ranks


def title_score(field: FieldSpec, parts: Sequence[str]) -> float:
    """1.0 for a known wording (a little less far down the list), 0.6 for a wording inside a longer title, else 0."""
    ranks = _synonym_ranks(field)
    joined = normal("".join(parts))
    wordings = [joined, *(normal(part) for part in reversed(parts))]
    for distance, wording in enumerate(wordings):
        if wording in ranks:
            return 1.0 - 0.1 * min(distance, 2) - 0.001 * ranks[wording]
    for part in reversed(parts):
        for piece in re.split(r"[/、,，及和与\\()（）]", part):
            if piece and normal(piece) in ranks:
                return 0.8 - 0.001 * ranks[normal(piece)]
    inside = [word for word in ranks if len(word) >= 2 and not word.isascii() and word in joined]
    return min(0.75, 0.5 + 0.05 * max(map(len, inside))) if inside and len(joined) <= 12 else 0.0


def content_score(field: FieldSpec, cells: Sequence[str]) -> float | None:
    """How well non-empty sample cells fit, 0 to 1; None if nothing can be said."""
    filled = [cell for cell in cells if cell]
    if field.detector is None or not filled:
        return None
    return sum(map(field.detector, filled)) / len(filled)


def guess_mapping(header: Header, sample_rows: Iterable[Row], fields: Sequence[FieldSpec]) -> Mapping:
    """The likeliest column for each field. The same file always gives the same guess; no column is used twice."""
    rows = [row for _, row in zip(range(_SAMPLE_ROWS), sample_rows, strict=False)]
    columns = [
        [row.cells[index] if index < len(row.cells) else "" for row in rows]
        for index in range(len(header.titles))
    ]
    offers = [
        (score, position, index, reason)
        for position, field in enumerate(fields)
        for index, cells in enumerate(columns)
        for score, reason in [_score(field, header.parts[index], cells)]
        if score >= _ACCEPT
    ]
    offers.sort(key=lambda offer: (-offer[0], offer[1], offer[2]))
    chosen: dict[str, ColumnGuess] = {}
    taken: set[int] = set()
    for score, position, index, reason in offers:
        name = fields[position].name
        if name not in chosen and index not in taken:
            chosen[name] = ColumnGuess(index, round(min(score, 1.0), 2), reason, header.titles[index])
            taken.add(index)
    return _complete(chosen, header, fields)


def _score(field: FieldSpec, parts: Sequence[str], cells: Sequence[str]) -> tuple[float, str]:
    """Title and content together: content refutes or settles a title, and stands alone only for telling fields."""
    by_title = title_score(field, parts) if parts else 0.0
    by_content = content_score(field, cells)
    if by_title:
        if by_content is None:
            return by_title, "title"
        if field.strict and by_content < 0.1:
            return 0.0, ""
        return by_title * (0.75 + 0.25 * by_content), "title_and_content"
    if field.guess_by_content and by_content is not None and by_content >= 0.55:
        # A titled column that no wording of the field fits is less likely than one without title.
        return by_content * (0.6 if parts else 0.85), "content"
    return 0.0, ""


def guess_kind(header: Header, sample_rows: Iterable[Row]) -> str:
    """'books', 'patrons' or 'loans': whose fields explain the sheet best; books when nothing speaks for another."""
    rows = [row for _, row in zip(range(_SAMPLE_ROWS), sample_rows, strict=False)]
    best, kind = 0.0, "books"
    for name, fields, telling in _KINDS:
        mapping = guess_mapping(header, rows, fields)
        told = [mapping.columns[field].confidence for field in telling if field in mapping.columns]
        if len(told) < 2:
            continue
        score = sum(told)
        score += 0.2 * len(mapping.columns) - len(mapping.missing)
        if score > best:
            best, kind = score, name
    return kind


_KINDS = (
    (
        "books",
        BOOK_FIELDS,
        ("title", "authors", "publisher", "clc", "call_number", "copies", "pub_date", "price"),
    ),
    ("patrons", PATRON_FIELDS, ("card", "name", "unit", "category", "quota", "sex", "student_no")),
    ("loans", LOAN_FIELDS, ("time", "lent_time", "returned_time", "action", "due", "card")),
)
