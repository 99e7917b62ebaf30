"""What can be said of a publication, apart from the database: the columns as plain values."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from operator import attrgetter


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordValues:
    """The columns of a record, as a source gives them or as the cataloguer typed them; blank or None is unknown.

    What can be read out of another column (isbn13, clc_main, price_fen, pub_year) may be left blank.
    """

    kind: str = "book"
    title: str = ""
    subtitle: str = ""
    parallel_title: str = ""
    volume_mark: str = ""
    authors: str = ""
    publisher: str = ""
    place: str = ""
    published: str = ""
    pub_year: int | None = None
    edition: str = ""
    extent: str = ""
    size: str = ""
    series: str = ""
    isbn: str = ""
    isbn13: str = ""
    issn: str = ""
    price_text: str = ""
    price_fen: int | None = None
    set_price_fen: int | None = None
    clc: str = ""
    clc_main: str = ""
    clc_edition: str = ""
    subjects: str = ""
    summary: str = ""
    language: str = ""
    audience: str = ""
    is_pinyin_annotated: bool = False
    is_picture_book: bool = False
    is_reference: bool = False
    is_complete: bool = True
    parent_id: int | None = None
    part_number: int | None = None
    warnings: tuple[str, ...] = ()

    def as_projection(self) -> dict[str, object]:
        """The columns that say something, as JSON can hold them: what an original remembers of its first reading."""
        given = {name: value for name, value in zip(COLUMNS, _columns(self), strict=True) if value}
        if self.warnings:
            given["warnings"] = list(self.warnings)
        return given


def projection_text(projection: Mapping[str, object]) -> str:
    """Columns (RecordValues.as_projection) as they are kept with an original."""
    return json.dumps(projection, ensure_ascii=False)


COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(RecordValues))
_columns = attrgetter(*COLUMNS)


@dataclass(frozen=True, slots=True)
class Keys:
    """What is reckoned from the columns, for finding, for duplicates and for order."""

    title_key: str
    match_key: str
    title_pinyin: str
    title_initials: str
    initials_more: str
    title_sort: str


@dataclass(frozen=True, slots=True)
class Described:
    """A record with everything that is reckoned from its columns: ready to be found, and to be written."""

    values: RecordValues
    keys: Keys
    words: tuple[str, ...]  # of the full-text index


KEYS: tuple[str, ...] = tuple(field.name for field in fields(Keys))
