"""The full-text index of records, written in the same transaction as the record (engine: FTS5 or tsvector)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter

from django.db import connection, transaction

from shuxiang.catalogue import words
from shuxiang.catalogue.models import BibliographicRecord, SearchRow, SearchState
from shuxiang.catalogue.words import words_of_texts
from shuxiang.common import clock
from shuxiang.common.text import INDEX_VERSION, Token, tsvector_literal
from shuxiang.safekeeping.derived import derived

CHUNK = 500
FIELDS = words.FIELDS
# PostgreSQL has four weights: the default fields have one each, the others share D and mark their tokens.
MARKS: Mapping[str, str] = {"publisher": "p:", "series": "s:", "letters": "i:"}
_WEIGHT = {"title": "A", "authors": "B", "subjects": "C"}
_NEEDED = ("id", *words.NEEDED)
_texts = attrgetter(*words.NEEDED)
_INSERT_SQLITE = (
    "INSERT INTO catalogue_search (rowid, title, authors, subjects, publisher, series, letters)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s)"
)
_COPY_POSTGRESQL = "COPY catalogue_search (rowid, tokens) FROM STDIN"

# Called with the keys of records that were saved again or buried, in the same transaction: rooms above derive from
# their columns. From a new record nothing is derived yet.
Follower = Callable[[Sequence[int]], None]
_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Register what must be written whenever a record's columns were."""
    _followers.append(follower)


def words_of(record: BibliographicRecord) -> tuple[str, ...]:
    """The tokens of each of FIELDS, blanks between; phrases do not reach from the title into the subtitle."""
    return words_of_texts(_texts(record))


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
    write_words([(record.pk, words_of(record)) for record in living])


def write_words(rows: Sequence[tuple[int, Sequence[str]]]) -> None:
    """Index records that are not in the index yet by the words that words_of gave; the caller holds the transaction."""
    with connection.cursor() as cursor:
        if is_sqlite():
            cursor.executemany(_INSERT_SQLITE, [(key, *words) for key, words in rows])
            return
        with cursor.copy(_COPY_POSTGRESQL) as copy:
            for key, words in rows:
                copy.write_row((key, vector_of(words)))


def remove(record_ids: Sequence[int]) -> None:
    """Take records out of the index, and tell those who follow them."""
    for start in range(0, len(record_ids), CHUNK):
        SearchRow.objects.filter(pk__in=record_ids[start : start + CHUNK]).delete()
    for follower in _followers:
        follower(record_ids)


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
            write(chunk, are_new=True)
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
