"""What is known of other catalogues: the packs, the targets, and what packs hold for a question."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from shuxiang import marc
from shuxiang.audit.models import Job
from shuxiang.sources.found import Found
from shuxiang.sources.models import Answer, Pack, PackRecord, Target
from shuxiang.sources.rules import MOST_RECORDS, Question, fits

PackState = Pack.State
TargetVersion = Target.Version
_LAST_SIGN = "\U0010ffff"


def packs() -> QuerySet[Pack]:
    """Every pack that is there or on its way, the newest first."""
    return (
        Pack.objects.exclude(state=Pack.State.REMOVED)
        .select_related("library", "file")
        .order_by("-brought_at")
    )


def find_pack(key: UUID) -> Pack | None:
    """The pack of a key, removed ones too."""
    return Pack.objects.select_related("library", "file").filter(pk=key).first()


def job_of(pack: Pack) -> Job | None:
    """The job that loads or removes it."""
    return Job.objects.filter(pk=pack.job_id).first() if pack.job_id else None


def targets() -> QuerySet[Target]:
    """The list of targets in its order, those switched off too."""
    return Target.objects.filter(removed_at=None)


def find_target(key: int) -> Target | None:
    """A target of the list; removed ones are found too, for who takes the removal back."""
    return Target.objects.filter(pk=key).first()


def in_packs(asked: Question) -> list[Found]:
    """What the packs that are ready hold for a question: by number, else by title and its beginning."""
    if not asked:
        return []
    ready = PackRecord.objects.filter(pack__state=Pack.State.READY).select_related("pack")
    rows = ready.filter(numbers__number=asked.number) if asked.number else ready.none()
    if not asked.number:
        rows = ready.filter(_title_begins(asked.title_key[:120]))
    results = (_of_pack(row, place) for place, row in enumerate(rows.order_by("pk")[: 5 * MOST_RECORDS]))
    return [one for one in results if one is not None and fits(asked, one.looks)]


def _title_begins(key: str) -> Q:
    """As each engine can look it up in its index: SQLite takes no LIKE with ESCAPE for a range."""
    if connection.vendor == "sqlite":
        return Q(title_key__gte=key, title_key__lt=key + _LAST_SIGN)
    return Q(title_key__startswith=key)


def _of_pack(row: PackRecord, place: int) -> Found | None:
    read = _read(bytes(row.content), row.encoding, row.profile)
    if read is None:
        return None
    return Found(
        source=row.pack.name,
        kind="pack",
        source_id=str(row.pack_id),
        reference=f"pack:{row.pk}",
        record=read.record,
        profile=read.profile,
        raw=read.raw,
        encoding=read.encoding,
        place=(0, 0, place),
    )


def _read(content: bytes, encoding: str, profile: str) -> marc.RawRecord | None:
    known = next((one for one in marc.PROFILES if one == profile), None)
    forced = None if content.lstrip()[:1] == b"<" else encoding
    items: Iterator[marc.RawRecord | marc.BadRecord] = marc.read_marc(content, encoding=forced, profile=known)
    return next((item for item in items if isinstance(item, marc.RawRecord)), None)


def fetch(reference: str) -> Found | None:
    """The result that somebody chose, by its `reference`; None when it is gone (a pack removed, an answer too old)."""
    kind, _colon, key = reference.partition(":")
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        return None
    if kind == "pack":
        row = (
            PackRecord.objects.select_related("pack")
            .filter(pk=int(key), pack__state=Pack.State.READY)
            .first()
        )
        return _of_pack(row, 0) if row else None
    if kind != "answer":
        return None
    answer = Answer.objects.select_related("target").filter(pk=int(key)).first()
    return of_answer(answer, (1, 0, 0)) if answer else None


def of_answer(answer: Answer, place: tuple[int, int, int]) -> Found | None:
    """A kept answer as a result."""
    read = _read(bytes(answer.content), answer.encoding, answer.profile)
    if read is None:
        return None
    return Found(
        source=answer.target.name,
        kind="target",
        source_id=str(answer.target_id),
        reference=f"answer:{answer.pk}",
        record=read.record,
        profile=read.profile,
        raw=read.raw,
        encoding=read.encoding,
        place=place,
    )
