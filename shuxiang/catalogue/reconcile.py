"""The catalogue's own check: the index says of every living record what its columns say, and of no other."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Exists, OuterRef

from shuxiang.audit.reconcile import Difference, check, words
from shuxiang.catalogue import index
from shuxiang.catalogue.messages import speak
from shuxiang.catalogue.models import BibliographicRecord, SearchRow
from shuxiang.catalogue.words import FIELDS

CODE = "catalogue.index"


def _difference(record_id: int, code: str) -> Difference:
    return Difference(CODE, "", f"catalogue.record:{record_id}", code, {"record": record_id})


def _stale_sqlite(records: list[BibliographicRecord]) -> set[int]:
    marks = ", ".join(["%s"] * len(records))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid, {', '.join(FIELDS)} FROM catalogue_search WHERE rowid IN ({marks})",  # noqa: S608
            [record.pk for record in records],
        )
        stored = {row[0]: tuple(row[1:]) for row in cursor.fetchall()}
    return {
        record.pk for record in records if record.pk in stored and stored[record.pk] != index.words_of(record)
    }


def _stale_postgresql(records: list[BibliographicRecord]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT wanted.id FROM unnest(%s::bigint[], %s::text[]) AS wanted (id, words)"
            " JOIN catalogue_search s ON s.rowid = wanted.id WHERE s.tokens <> wanted.words::tsvector",
            [
                [record.pk for record in records],
                [index.vector_of(index.words_of(record)) for record in records],
            ],
        )
        return {row[0] for row in cursor.fetchall()}


@check(CODE)
def index_agrees(library_code: str | None) -> Iterator[Difference]:
    """Records without index row, index rows without living record, rows whose words are others. Records are shared."""
    rows = SearchRow.objects.filter(pk=OuterRef("pk"))
    living = BibliographicRecord.objects.filter(deleted_at__isnull=True)
    for record_id in living.filter(~Exists(rows)).values_list("pk", flat=True):
        yield _difference(record_id, "not_indexed")
    owners = living.filter(pk=OuterRef("pk"))
    for record_id in SearchRow.objects.filter(~Exists(owners)).values_list("pk", flat=True):
        yield _difference(record_id, "indexed_without_record")
    stale = _stale_sqlite if index.is_sqlite() else _stale_postgresql
    for chunk in index.in_chunks():
        for record_id in sorted(stale(chunk)):
            yield _difference(record_id, "indexed_with_other_words")


words("catalogue", speak)
