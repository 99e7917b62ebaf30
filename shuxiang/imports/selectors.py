"""Runs and their rows, for doors to show."""

from uuid import UUID

from django.db.models import QuerySet

from shuxiang.imports.models import Run, RunRow


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
