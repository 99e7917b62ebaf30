"""Acts on account books: write one to a file, choose which books a library keeps."""

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import translation

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.libraries.models import Library
from shuxiang.reports.ledgers import excel, pdf, registry
from shuxiang.reports.ledgers.profiles import TITLE_LENGTH, Kept
from shuxiang.reports.ledgers.reading import volume_of
from shuxiang.reports.models import LedgerProfile

FORMATS = (".xlsx", ".pdf")
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Written:
    """How many entries stand in the file, how large it is, what the book is called."""

    entries: int
    size: int
    title: str


def _refused(code: str, **params: object) -> Refused:
    return Refused(Decision((Reason(code, Weight.REFUSE, params),)))


def write_ledger(
    *,
    library: Library,
    code: str,
    period: str,
    path: Path,
    with_names: bool,
    by: Actor,
    at: datetime,
    progress: Progress | None = None,
) -> Written:
    """Write a book as .xlsx or .pdf, in Simplified Chinese as a statutory paper is. The file is replaced in one step.

    Raises Refused, naming what is wrong with the file, which is then as it was; BadPeriod, UnknownBook.
    """
    if path.suffix.lower() not in FORMATS:
        raise _refused("ledger_file_suffix")
    if not path.parent.is_dir():
        raise _refused("report_file_folder", folder=path.parent)
    with translation.override("zh-hans"):
        volume = volume_of(library, code, period, with_names=with_names, at=at, today=local_date(at))
        counts = [part.source.count() for part in volume.parts]
        total = None if None in counts else sum(count or 0 for count in counts)

        def tell(done: int) -> None:
            if progress is not None:
                progress(done, total)

        fresh = _beside(path)
        try:
            if path.suffix.lower() == ".pdf":
                with fresh.open("wb") as file:
                    entries = pdf.write(file, volume, tell)
            else:
                entries = excel.write(fresh, volume, tell)
            size = fresh.stat().st_size
            fresh.chmod(0o644)
            fresh.replace(path)
        except OSError as problem:
            raise _refused("report_file_locked", path=path) from problem
        finally:
            fresh.unlink(missing_ok=True)
    _note(library, code, period, with_names, entries, by=by, at=at)
    return Written(entries, size, volume.title)


def _beside(path: Path) -> Path:
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    except OSError as problem:
        raise _refused("report_file_locked", path=path) from problem
    os.close(handle)
    return Path(name)


@transaction.atomic
def _note(
    library: Library, code: str, period: str, with_names: bool, entries: int, *, by: Actor, at: datetime
) -> None:
    """Who took out which book, with or without readers' names."""
    begun = operations.begin("reports.write_ledger", by=by, at=at, library_code=library.code)
    detail = {"with_names": with_names, "entries": entries}
    operations.finish(begun.operation, subject=f"{code} {period}"[:80], detail=detail)


@transaction.atomic
def keep_profile(*, library: Library, books: Sequence[Kept], by: Actor, at: datetime) -> LedgerProfile:
    """Say which books the library keeps. Refuses none at all, one twice, and a column or book that does not exist."""
    if not books:
        raise _refused("ledger_none_kept")
    for each in books:
        try:
            known = {column.key for column in registry.get(each.code).columns}
        except registry.UnknownBook:
            raise _refused("ledger_unknown", book=each.code) from None
        if sum(other.code == each.code for other in books) > 1:
            raise _refused("ledger_twice", book=each.code)
        if set(each.columns) - known or len(each.title) > TITLE_LENGTH:
            raise _refused("ledger_unknown", book=each.code)
    begun = operations.begin("reports.keep_profile", by=by, at=at, library_code=library.code)
    row, _is_new = LedgerProfile.objects.update_or_create(
        library=library,
        defaults={
            "books": [each.to_json() for each in books],
            "changed_at": at,
            "changed_by": by.name[:80],
        },
    )
    operations.finish(begun.operation, subject=f"reports.profile:{library.code}", detail={"books": row.books})
    return row
