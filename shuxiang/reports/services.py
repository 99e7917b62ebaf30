"""Acts on reports: keep what a person wrote, sign, write a file. Numbers are never written here; they are figures."""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.libraries.models import Library
from shuxiang.reports import docx, registry, selectors
from shuxiang.reports.blocks import humans
from shuxiang.reports.facts import collect, to_json
from shuxiang.reports.models import FrozenReport, ReportText
from shuxiang.reports.rules import Control, is_newer, tidy


def _refused(code: str, **params: object) -> Refused:
    return Refused(Decision((Reason(code, Weight.REFUSE, params),)))


@transaction.atomic
def keep_human_text(
    *, library: Library, report: str, period: str, key: str, text: str, by: Actor, at: datetime
) -> None:
    """Keep what a person wrote into a part; an empty text gives the part back to the program's suggestion.

    Raises Refused when the report is signed or has no such part; BadPeriod, UnknownReport.
    """
    if selectors.frozen(library, report, period):
        raise _refused("report_signed")
    paper = selectors.paper_of(library, report, period, today=local_date(at))
    part = next((part for part in humans(paper) if part.key == key), None)
    if part is None:
        raise _refused("report_part_unknown", key=key)
    kept = selectors.kept_texts(library, report, period).get(key)
    unchanged = {kept.text} if kept else {"", tidy("\n".join(each.text for each in part.proposal))}
    if tidy(text) in unchanged:
        return
    ReportText.objects.update_or_create(
        library=library,
        report=report,
        period=period,
        key=key,
        defaults={"text": tidy(text), "changed_at": at, "changed_by": by.name[:80]},
    )
    begun = operations.begin("reports.keep_human_text", by=by, at=at, library_code=library.code)
    operations.finish(begun.operation, subject=f"{report} {period}", detail={"key": key})


@transaction.atomic
def sign_report(*, library: Library, report: str, period: str, by: Actor, at: datetime) -> FrozenReport:
    """Freeze a report of a period that is over: from now on it is printed with these values and words. Signing twice
    changes nothing. Raises Refused while the period runs; BadPeriod, UnknownReport."""
    already = selectors.frozen(library, report, period)
    if already:
        return already
    book = collect(library, period, registry.get(report).wanted, today=local_date(at))
    if book.is_running:
        raise _refused("report_period_open", ends_on=book.ends_on)
    texts = {key: kept.text for key, kept in selectors.kept_texts(library, report, period).items()}
    signed = FrozenReport.objects.create(
        library=library,
        report=report,
        period=period,
        values={"book": to_json(book), "texts": texts},
        signed_by=by.name[:80],
        signed_at=at,
    )
    begun = operations.begin("reports.sign", by=by, at=at, library_code=library.code)
    operations.finish(begun.operation, subject=f"{report} {period}")
    return signed


def write_report(*, library: Library, report: str, period: str, path: Path, by: Actor, at: datetime) -> None:
    """Write a report as a Word file. What a person wrote into the same file before is kept first; the file is replaced
    in one step. Raises Refused, naming what is wrong with the file, which is then as it was; BadPeriod, UnknownReport."""
    _check(path)
    mark = docx.mark_of(library.code, report, period)
    if path.exists():
        _keep_edits(path, mark, library=library, report=report, period=period, by=by, at=at)
    _replace(path, selectors.word_file(library, report, period, today=local_date(at)))


def _check(path: Path) -> None:
    if path.suffix.lower() != ".docx":
        raise _refused("report_file_suffix")
    if not path.parent.is_dir():
        raise _refused("report_file_folder", folder=path.parent)


def _keep_edits(
    path: Path, mark: str, *, library: Library, report: str, period: str, by: Actor, at: datetime
) -> None:
    controls = _controls(path, mark)
    changed_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    kept = selectors.kept_texts(library, report, period)
    newer = [each for each in controls if is_newer(each, changed_at, kept.get(each.key))]
    if newer and selectors.frozen(library, report, period):
        parts = ", ".join(each.key for each in newer)
        raise _refused("report_signed_edited", parts=parts, path=path)
    known = {part.key for part in humans(selectors.paper_of(library, report, period, today=local_date(at)))}
    for each in newer:
        if each.key in known:
            keep_human_text(
                library=library, report=report, period=period, key=each.key, text=each.text, by=by, at=at
            )


def _controls(path: Path, mark: str) -> list[Control]:
    try:
        return docx.read_controls(path.read_bytes(), mark=mark)
    except docx.NotWord:
        raise _refused("report_file_not_word", path=path) from None
    except docx.Foreign:
        raise _refused("report_file_foreign", path=path) from None
    except OSError:
        raise _refused("report_file_locked", path=path) from None


def _replace(path: Path, content: bytes) -> None:
    """Beside the old file first, then in its place: a power cut leaves one of the two, whole."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    except OSError:
        raise _refused("report_file_locked", path=path) from None
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(0o644)
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise _refused("report_file_locked", path=path) from None
