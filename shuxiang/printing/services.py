"""Acts of the print room: prepare a run, note that it was printed, keep sheets and printers."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.libraries.models import Library
from shuxiang.printing import rules
from shuxiang.printing.models import LabelSheet, Printer, PrintRun
from shuxiang.printing.selectors import LENGTHS
from shuxiang.printing.sheets import Sheet

KEPT_UNPRINTED = timedelta(days=2)


@transaction.atomic
def prepare_run(
    *,
    library: Library,
    kind: str,
    subjects: Sequence[int | str],
    options: Mapping[str, object],
    source: Mapping[str, object],
    by: Actor,
    at: datetime,
) -> PrintRun:
    """Remember what was chosen, so that it can be looked at, printed, and printed again. Raises Refused when it is nothing
    or more than one run takes. What others prepared days ago and never printed is forgotten."""
    _enforce(
        Reason("run_empty", Weight.REFUSE) if not subjects else None,
        Reason("run_too_long", Weight.REFUSE, {"labels": len(subjects), "most": rules.MOST_LABELS})
        if len(subjects) > rules.MOST_LABELS
        else None,
    )
    stale = PrintRun.objects.filter(library=library, printed_at=None, prepared_at__lt=at - KEPT_UNPRINTED)
    stale.delete()
    return PrintRun.objects.create(
        library=library,
        kind=kind,
        subjects=list(subjects),
        options=dict(options),
        source=dict(source),
        total=len(subjects),
        last=len(subjects),
        prepared_at=at,
        actor=by.name[:80],
    )


@transaction.atomic
def note_printed(
    run: PrintRun,
    *,
    sheet: Sheet,
    printer: Printer | None,
    start: int,
    first: int,
    last: int,
    labels: int,
    by: Actor,
    at: datetime,
    operation_id: UUID | None = None,
) -> PrintRun:
    """Enter a run in the log: the first time in its own line, afterwards in a new one that names it.

    `labels` came out, without those that could not be printed. Raises Refused for a place or a range that is not there.
    """
    rules.judge_run(sheet, total=run.total, start=start, first=first, last=last).enforce()
    request = {"run": run.pk, "sheet": sheet.code, "start": start, "first": first, "last": last}
    begun = operations.begin(
        "printing.print",
        by=by,
        at=at,
        library_code=run.library.code,
        operation_id=operation_id,
        request=request,
    )
    if begun.repeated:
        return PrintRun.objects.get(pk=int(str(begun.operation.result["run"])))
    made = PrintRun.objects.select_for_update().get(pk=run.pk)
    if made.printed_at is not None:
        made = PrintRun(
            library=run.library, kind=run.kind, options=run.options, source=run.source, subjects=run.subjects,
            total=run.total, repeats_id=run.repeats_id or run.pk, prepared_at=at,
        )  # fmt: skip
    made.sheet, made.printer, made.start = sheet.code, printer, start
    made.first, made.last, made.labels = first, last, labels
    made.printed_at, made.actor = at, by.name[:80]
    made.save()
    detail = {"kind": run.kind, "labels": labels}
    operations.finish(
        begun.operation, subject=f"printing.run:{made.pk}", result={"run": made.pk}, detail=detail
    )
    return made


@transaction.atomic
def save_sheet(
    sheet: Sheet, *, name: str, row: LabelSheet | None, library: Library, by: Actor, at: datetime
) -> LabelSheet:
    """Keep a library's own sheet, new or changed. Raises Refused, naming everything that cannot be."""
    name = name.strip()[:60]
    namesake = LabelSheet.objects.filter(library=library, name=name).first()
    judged = rules.judge_sheet(sheet, name)
    _enforce(
        *judged.reasons,
        Reason("sheet_name_taken", Weight.REFUSE, {"name": name}) if namesake and namesake != row else None,
    )
    row = row or LabelSheet(library=library)
    row.name = name
    for length in LENGTHS:
        setattr(row, length, round(getattr(sheet, length) * 1000))
    row.columns, row.rows, row.is_roll, row.cut = sheet.columns, sheet.rows, sheet.is_roll, sheet.cut
    row.save()
    _noted("printing.save_sheet", f"printing.sheet:{row.pk}", library, by=by, at=at, detail={"name": name})
    return row


@transaction.atomic
def delete_sheet(row: LabelSheet, *, by: Actor, at: datetime) -> None:
    """Forget a library's own sheet; the log still says that it was used."""
    _noted(
        "printing.delete_sheet",
        f"printing.sheet:{row.pk}",
        row.library,
        by=by,
        at=at,
        detail={"name": row.name},
    )
    row.delete()


@transaction.atomic
def save_printer(*, name: str, row: Printer | None, library: Library, by: Actor, at: datetime) -> Printer:
    """Add a printer, or call it something else. Raises Refused without a name or with that of another."""
    name = name.strip()[:60]
    namesake = Printer.objects.filter(library=library, name=name).first()
    _enforce(
        None if name else Reason("printer_name_missing", Weight.REFUSE),
        Reason("printer_name_taken", Weight.REFUSE, {"name": name})
        if name and namesake and namesake != row
        else None,
    )
    row = row or Printer(library=library)
    row.name = name
    row.save()
    _noted(
        "printing.save_printer", f"printing.printer:{row.pk}", library, by=by, at=at, detail={"name": name}
    )
    return row


@transaction.atomic
def calibrate(
    printer: Printer,
    *,
    marks: rules.Marks,
    left: float,
    top: float,
    wide: float | None = None,
    high: float | None = None,
    by: Actor,
    at: datetime,
) -> Printer:
    """Keep what was measured on the test sheet (mm, see rules.Marks). Raises Refused when it cannot be a printer's doing."""
    found, judged = rules.measured(marks, left=left, top=top, wide=wide, high=high)
    judged.enforce()
    printer.right_um, printer.down_um = round(found.right * 1000), round(found.down * 1000)
    printer.wider_ppm, printer.taller_ppm = round(found.wider * 1e6), round(found.taller * 1e6)
    printer.measured_at = at
    printer.save()
    detail: dict[str, object] = {"right_um": printer.right_um, "down_um": printer.down_um}
    _noted(
        "printing.calibrate", f"printing.printer:{printer.pk}", printer.library, by=by, at=at, detail=detail
    )
    return printer


@transaction.atomic
def delete_printer(printer: Printer, *, by: Actor, at: datetime) -> None:
    """Forget a printer and what it was off."""
    _noted(
        "printing.delete_printer",
        f"printing.printer:{printer.pk}",
        printer.library,
        by=by,
        at=at,
        detail={"name": printer.name},
    )
    printer.delete()


def _enforce(*reasons: Reason | None) -> None:
    decision = Decision.of(reasons)
    if decision.refused:
        raise Refused(decision)


def _noted(
    action: str, subject: str, library: Library, *, by: Actor, at: datetime, detail: dict[str, object]
) -> None:
    begun = operations.begin(action, by=by, at=at, library_code=library.code)
    operations.finish(begun.operation, subject=subject, detail=detail)
