"""What pages about money, urging and requests share: sums and days as typed, acts that may be refused, files to fetch."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from shuxiang.accounts.access import StaffRequest, may
from shuxiang.audit.operations import OperationMismatch
from shuxiang.common import clock
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.common.yuan import read_yuan
from shuxiang.imports.writing import write_table

LARGEST = 2**31
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
T = TypeVar("T")
Say = Callable[[Decision], str]


def today() -> date:
    return clock.local_date(clock.now())


def may_also(request: StaffRequest, permission: str) -> bool:
    """Whether who is here may do more than the page asks for, in the whole library."""
    return may(request.user, permission, request.library, today())


def typed_sum(request: StaffRequest, name: str, default: int | None = None) -> int | None:
    """Fen of a sum typed in yuan; the default for nothing typed. Raises Refused for what is no sum."""
    try:
        found = read_yuan(request.POST.get(name, "")[:20])
    except ValueError:
        raise Refused(Decision((Reason("bad_sum", Weight.REFUSE),))) from None
    return default if found is None else found


def typed_number(text: str, most: int) -> int | None:
    """A whole number from 0; None for anything else."""
    plain = text.strip()
    return (
        int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 and int(plain) <= most else None
    )


def typed_day(text: str, default: date) -> date:
    """A day of a form or an address; the default for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default


def attempt(request: StaffRequest, act: Callable[[], T], say: Say, done: str = "") -> T | None:
    """Do an act and say so on the next page; None when it was refused, and why is said there."""
    try:
        found = act()
    except Refused as refused:
        messages.error(request, say(refused.decision))
        return None
    except OperationMismatch:
        messages.error(
            request, _("This form was sent before with other contents. Look at what it did, and begin again.")
        )
        return None
    if done:
        messages.success(request, done)
    return found


def excel(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]], sheet: str) -> HttpResponse:
    """A table as an Excel file to fetch."""
    with tempfile.TemporaryDirectory(prefix="shuxiang-") as folder:
        path = Path(folder) / "table.xlsx"
        write_table(path, columns, rows, sheet)
        content = path.read_bytes()
    found = content_disposition_header(as_attachment=True, filename=f"{name}.xlsx") or "attachment"
    return HttpResponse(content, content_type=EXCEL, headers={"Content-Disposition": found})
