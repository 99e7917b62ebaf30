"""The full-text index of records, written in the same transaction as the record (engine: FTS5 or tsvector)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction

from shuxiang.catalogue.models import BibliographicRecord, SearchRow, SearchState
from shuxiang.common import clock
from shuxiang.common.text import INDEX_VERSION, Token, index_text, tsvector_literal
from shuxiang.safekeeping.derived import derived

CHUNK = 500
FIELDS = ("title", "authors", "subjects", "publisher", "series", "letters")
# PostgreSQL has four weights: the default fields have one each, the others share D and mark their tokens.
MARKS: Mapping[str, str] = {"publisher": "p:", "series": "s:", "letters": "i:"}
_WEIGHT = {"title": "A", "authors": "B", "subjects": "C"}
_SOURCES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "subtitle", "parallel_title", "volume_mark"),
    "authors": ("authors",),
    "subjects": ("subjects",),
    "publisher": ("publisher",),
    "series": ("series",),
    "letters": ("title_initials", "initials_more"),
}
_NEEDED = ("id", *(name for names in _SOURCES.values() for name in names))
_INSERT_SQLITE = (
    "INSERT INTO catalogue_search (rowid, title, authors, subjects, publisher, series, letters)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s)"
)
_INSERT_POSTGRESQL = "INSERT INTO catalogue_search (rowid, tokens) VALUES (%s, %s::tsvector)"


def words_of(record: BibliographicRecord) -> tuple[str, ...]:
    """The tokens of each of FIELDS, blanks between; phrases do not reach from the title into the subtitle."""
    return tuple(
        " ".join(filter(None, (index_text(getattr(record, column)) for column in _SOURCES[name])))
        for name in FIELDS
    )


def vector_of(words: Sequence[str]) -> str:
    """The same tokens as a tsvector literal."""
    weighted: dict[str, list[Token]] = {"A": [], "B": [], "C": [], "D": []}
    for name, text in zip(FIELDS, words, strict=True):
        place = weighted[_WEIGHT.get(name, "D")]
        mark = MARKS.get(name, "")
        start = len(place) + (1 if place else 0)  # a gap between fields of one weight
        place.extend(
            Token(mark + word, start + position) for position, word in enumerate(text.split(), start=1)
        )
    return tsvector_literal(weighted)


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def write(records: Sequence[BibliographicRecord], *, are_new: bool = False) -> None:
    """Index these records; the caller holds the transaction in which it saved them."""
    if not are_new:
        remove([record.pk for record in records])
    living = [record for record in records if record.deleted_at is None]
    words = [words_of(record) for record in living]
    with connection.cursor() as cursor:
        if is_sqlite():
            cursor.executemany(_INSERT_SQLITE, [(r.pk, *w) for r, w in zip(living, words, strict=True)])
        else:
            cursor.executemany(
                _INSERT_POSTGRESQL, [(r.pk, vector_of(w)) for r, w in zip(living, words, strict=True)]
            )


def remove(record_ids: Sequence[int]) -> None:
    """Take records out of the index."""
    for start in range(0, len(record_ids), CHUNK):
        SearchRow.objects.filter(pk__in=record_ids[start : start + CHUNK]).delete()


def in_chunks() -> Iterator[list[BibliographicRecord]]:
    """The living records in order of id, only with the columns that the index needs."""
    last = 0
    while True:
        living = BibliographicRecord.objects.filter(pk__gt=last, deleted_at__isnull=True).order_by("pk")
        chunk = list(living.only(*_NEEDED, "deleted_at")[:CHUNK])
        if not chunk:
            return
        yield chunk
        last = chunk[-1].pk


def rebuild(*, at: datetime) -> int:
    """Write the whole index anew, a chunk a transaction; gives the number of records. Until its end it is not current."""
    SearchState.objects.all().delete()
    SearchRow.objects.all().delete()
    count = 0
    for chunk in in_chunks():
        with transaction.atomic():
            write(chunk)
        count += len(chunk)
    SearchState.objects.create(version=INDEX_VERSION, built_at=at)
    return count


def is_current() -> bool:
    """Whether this version of the analyser wrote the index; an empty catalogue needs none."""
    versions = list(SearchState.objects.values_list("version", flat=True))
    if versions:
        return versions == [INDEX_VERSION]
    return not BibliographicRecord.objects.filter(deleted_at__isnull=True).exists()


@derived("catalogue.search", tables=("catalogue.searchrow", "catalogue.searchstate"), is_current=is_current)
def rebuild_after_restore() -> None:
    """A backup holds no index: it is written anew from the records that came back."""
    rebuild(at=clock.now())


def ensure_current(*, at: datetime) -> bool:
    """Rebuild the index when another version wrote it; true when it was rebuilt. Called at start."""
    if is_current():
        if not SearchState.objects.exists():
            SearchState.objects.create(version=INDEX_VERSION, built_at=at)
        return False
    rebuild(at=at)
    return True
