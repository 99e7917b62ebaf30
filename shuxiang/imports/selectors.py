"""Runs and their rows, for doors to show."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from shuxiang.audit.models import Operation
from shuxiang.imports.models import Draft, DraftRow, Run, RunRow
from shuxiang.libraries.models import Library

DraftState = Draft.State
RunState = Run.State


def find_run(reference: str) -> Run | None:
    """A run by its id, or by the beginning or end of it when only one fits (an id is long to type)."""
    wanted = reference.strip().lower()
    try:
        return Run.objects.filter(pk=UUID(wanted)).first()
    except ValueError:
        pass
    plain = wanted.replace("-", "")
    if len(plain) < 6:
        return None
    keys = Run.objects.values_list("pk", flat=True)
    fitting = [key for key in keys if key.hex.startswith(plain) or key.hex.endswith(plain)]
    return Run.objects.get(pk=fitting[0]) if len(fitting) == 1 else None


def rows_to_look_at(run: Run) -> QuerySet[RunRow]:
    """All rows but those made without a remark."""
    return run.rows.exclude(verdict=RunRow.Verdict.MADE, reasons=[]).order_by("sheet", "number")


def drafts_of(library: Library, kinds: Collection[str]) -> QuerySet[Draft]:
    """Files of a library that are not imported yet, the latest first; of one not looked into yet nobody knows the kind."""
    return (
        Draft.objects.filter(library=library, kind__in=[*kinds, ""])
        .select_related("library", "file", "job", "run")
        .order_by("-created_at")
    )


def runs_of(library: Library, kinds: Collection[str]) -> QuerySet[Run]:
    """Imports of a library, the latest first."""
    runs = Run.objects.filter(library=library, kind__in=kinds)
    return runs.select_related("library", "file", "job").order_by("-started_at", "-pk")


def draft_rows(draft: Draft, verdict: str, text: str) -> QuerySet[DraftRow]:
    """Rows with one verdict, "remarked" ones, or all; and of these such as hold the text."""
    rows = draft.rows.order_by("sheet", "number")
    if verdict == "remarked":
        rows = rows.filter(is_remarked=True)
    elif verdict:
        rows = rows.filter(verdict=verdict)
    return rows.filter(Q(label__icontains=text) | Q(detail__icontains=text)) if text else rows


def run_rows(run: Run, verdict: str, text: str) -> QuerySet[RunRow]:
    """The same of rows that were carried out."""
    rows = run.rows.order_by("sheet", "number")
    if verdict == "remarked":
        rows = rows.filter(verdict__in=[RunRow.Verdict.MADE, RunRow.Verdict.CHANGED]).exclude(reasons=[])
    elif verdict:
        rows = rows.filter(verdict=verdict)
    return rows.filter(label__icontains=text) if text else rows


def undo_of(run: Run) -> Operation | None:
    """The act that undid a run: its result says what went, its detail what stayed."""
    acts = Operation.objects.filter(action="imports.undo", subject=f"imports.run:{run.pk}")
    return acts.order_by("-at").first()


def draft_of(run: Run) -> Draft | None:
    """The draft that became this run, while it is kept."""
    return Draft.objects.select_related("file").filter(run=run).first()


def rows_to_correct(draft: Draft) -> QuerySet[DraftRow]:
    """Refused rows and those with a remark, with their cells, in the order of the file."""
    wanted = Q(is_remarked=True) | Q(verdict=RunRow.Verdict.REFUSED)
    return draft.rows.filter(wanted).order_by("sheet", "number")
