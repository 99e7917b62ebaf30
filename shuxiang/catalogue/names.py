"""The names of people and subjects that records bear, gathered when the server is idle, for suggestions."""

from collections import Counter
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from shuxiang.audit import jobs
from shuxiang.audit.models import Job
from shuxiang.catalogue.models import BibliographicRecord, Name
from shuxiang.common import pinyin
from shuxiang.common.text import people_of, subjects_of, title_key
from shuxiang.safekeeping.derived import derived

KIND = "catalogue.names"
AFTER = timedelta(minutes=10)  # of quiet: names may follow records by so much
RECORDS = 500  # in one chunk: some 30 ms
_ADD = (
    "INSERT INTO catalogue_name (kind, text, key, pinyin, initials, uses) VALUES (%s, %s, %s, %s, %s, %s)"
    " ON CONFLICT (kind, key) DO UPDATE SET uses = catalogue_name.uses + excluded.uses"
)


def _last() -> Job | None:
    return Job.objects.filter(kind=KIND).order_by("-created_at").first()


def is_due(at: datetime) -> dict[str, object] | None:
    """The watermark to go on from: the last record seen; None when no record came since or the last look is recent."""
    last = _last()
    if last is not None and last.created_at > at - AFTER:
        return None
    seen = int(last.params["until"]) if last is not None and Name.objects.exists() else 0
    newest = BibliographicRecord.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return {"after": seen, "until": newest} if newest > seen else None


def gather(after: int, until: int, progress: jobs.Progress | None = None) -> int:
    """Write down the names of the records after one key up to another, a chunk a transaction; gives how many records."""
    count = 0
    while True:
        records = BibliographicRecord.objects.filter(pk__gt=after, pk__lte=until, deleted_at__isnull=True)
        rows = list(records.order_by("pk").values_list("pk", "authors", "subjects")[:RECORDS])
        if not rows:
            return count
        _write(rows)
        after, count = rows[-1][0], count + len(rows)
        if progress is not None:
            progress(after, until)


def _write(rows: list[tuple[int, str, str]]) -> None:
    uses: Counter[tuple[str, str]] = Counter()
    shown: dict[tuple[str, str], str] = {}
    for _key, authors, subjects in rows:
        for kind, texts in (
            (Name.Kind.AUTHOR, people_of(authors)),
            (Name.Kind.SUBJECT, subjects_of(subjects)),
        ):
            for text in texts:
                name = (kind.value, title_key(text))
                uses[name] += 1
                shown.setdefault(name, text)
    values = [
        (
            kind, shown[kind, key], key, pinyin.full(key, name=kind == Name.Kind.AUTHOR)[:240],
            pinyin.initials(key, name=kind == Name.Kind.AUTHOR)[:40], count,
        )
        for (kind, key), count in sorted(uses.items())
        if len(key) <= 40
    ]  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(_ADD, values)


@jobs.handles(KIND)
def names(job: Job, progress: jobs.Progress) -> str:
    """The job. Interrupted, it counts some records twice, which changes an order a little."""
    count = gather(int(job.params["after"]), int(job.params["until"]), progress)
    return _("Names of %(count)s records were gathered for suggestions.") % {"count": count}


jobs.when_idle(KIND, is_due)


@derived("catalogue.names", tables=("catalogue.name",), is_current=lambda: True)
def forget_after_restore() -> None:
    """A backup holds no names: the table is empty, and the job sees it and begins anew."""
    Name.objects.all().delete()
