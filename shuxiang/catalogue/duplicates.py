"""Whether the installation already has a publication (decision 0001)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from shuxiang.audit import bulk
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.catalogue.rules import describe, titles_agree, volumes_agree
from shuxiang.catalogue.values import Described, RecordValues

_COLUMNS = ("id", "isbn13", "isbn", "match_key", "title_key", "volume_mark", "is_complete")
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM catalogue_bibliographicrecord WHERE deleted_at IS NULL"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Match:
    """A record already there; `same` may be merged, `ask` needs a person: one number, but titles that disagree."""

    record_id: int
    verdict: Literal["same", "ask"]
    by: Literal["isbn", "local_number", "match_key"]


class Known(NamedTuple):
    """What is compared of a record: one that is there, one that is planned (id < 0), or one that is looked for (0)."""

    id: int
    isbn13: str
    isbn: str
    match_key: str
    title_key: str
    volume_mark: str
    is_complete: bool

    @classmethod
    def of(cls, described: Described, key: int = 0) -> "Known":
        """A record that is not written yet; a made-up title is no title."""
        values, keys = described.values, described.keys
        title = keys.title_key if values.is_complete else ""
        return cls(
            key, values.isbn13, values.isbn, keys.match_key, title, values.volume_mark, values.is_complete
        )

    def agrees(self, wanted: "Known") -> bool:
        mine = self.title_key if self.is_complete else ""
        return titles_agree(mine, wanted.title_key) and volumes_agree(self.volume_mark, wanted.volume_mark)


class DuplicateFinder:
    """Answers for many rows of a file; the records that can matter are read in a few queries beforehand.

    Values must be prepared (catalogue.services.prepare), records made meanwhile are told with `add`.
    """

    def __init__(self, values: Iterable[RecordValues | Known]) -> None:
        self._by_isbn: dict[str, list[Known]] = defaultdict(list)
        self._by_number: dict[str, list[Known]] = defaultdict(list)
        self._by_key: dict[str, list[Known]] = defaultdict(list)
        self._seen: set[int] = set()
        rows = [_wanted(one) for one in values]
        self._load("isbn13", {row.isbn13 for row in rows})
        self._load("isbn", {row.isbn for row in rows if not row.isbn13})
        self._load("match_key", {row.match_key for row in rows})

    def _load(self, column: str, wanted: set[str]) -> None:
        # said as the partial index says it, else SQLite reads the whole table
        select = f"{_SELECT} AND {column} <> '' AND {column} IN ({{keys}}) ORDER BY id"
        for row in bulk.rows_in(select, wanted - {""}):
            self._know(Known._make((*row[:-1], bool(row[-1]))))

    def _know(self, known: Known) -> None:
        if known.id in self._seen:
            return
        self._seen.add(known.id)
        if known.isbn13:
            self._by_isbn[known.isbn13].append(known)
        elif known.isbn:
            self._by_number[known.isbn].append(known)
        if known.match_key:
            self._by_key[known.match_key].append(known)

    def add(self, record: BibliographicRecord | Known) -> None:
        """A record made or planned since: later rows of the same file are held against it too."""
        self._know(
            record if isinstance(record, Known) else Known(*(getattr(record, column) for column in _COLUMNS))
        )

    def find(self, values: RecordValues | Known) -> Match | None:
        """ISBN first; then the school's own number with an agreeing title; then the match key where one has no ISBN."""
        wanted = _wanted(values)
        if wanted.isbn13 and (same_isbn := self._by_isbn.get(wanted.isbn13)):
            agreeing = [known for known in same_isbn if known.agrees(wanted)]
            if agreeing:
                return Match(_nearest(agreeing, wanted).id, "same", "isbn")
            return Match(same_isbn[0].id, "ask", "isbn")
        if wanted.isbn and not wanted.isbn13:
            for known in self._by_number.get(wanted.isbn, ()):
                if known.agrees(wanted) and known.is_complete == bool(wanted.title_key):
                    return Match(known.id, "same", "local_number")
        return self._by_description(wanted)

    def _by_description(self, wanted: Known) -> Match | None:
        alike = [
            known for known in self._by_key.get(wanted.match_key, ()) if not (known.isbn13 and wanted.isbn13)
        ]
        if not alike:
            return None
        without = [known for known in alike if not known.isbn13]
        if without or len(alike) == 1:
            return Match((without or alike)[0].id, "same", "match_key")
        return Match(alike[0].id, "ask", "match_key")


def _wanted(values: RecordValues | Known) -> Known:
    return values if isinstance(values, Known) else Known.of(describe(values))


def _nearest(agreeing: Sequence[Known], wanted: Known) -> Known:
    return next((known for known in agreeing if known.match_key == wanted.match_key), agreeing[0])
