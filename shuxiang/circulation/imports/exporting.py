"""Loans out: one row a loan, in columns that import reads back equal. Cancelled loans never were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from shuxiang.circulation.models import Loan
from shuxiang.holdings.models import ItemIdentifier
from shuxiang.imports.writing import write_table
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Card

COLUMNS = (
    "借书证号",
    "姓名",
    "班级",
    "ISBN",
    "条码号",
    "书名",
    "借出时间",
    "应还日期",
    "归还时间",
    "操作类型",
)


def export_loans(library: Library, path: Path, at: datetime) -> int:
    """Write every loan that counts and still names its reader, oldest first. Returns how many."""
    del at
    return write_table(path, COLUMNS, _rows(library), "借阅")


def _rows(library: Library) -> Iterator[tuple[str, ...]]:
    zone = ZoneInfo(timezone.get_default_timezone_name())
    barcode = (
        ItemIdentifier.objects.filter(item=OuterRef("item"), to_at=None).order_by("pk").values("value")[:1]
    )
    card = Card.objects.filter(patron=OuterRef("patron")).order_by("-from_at", "-pk").values("number")[:1]
    loans = (
        Loan.objects.filter(library=library, patron__isnull=False)
        .exclude(outcome=Loan.Outcome.CANCELLED)
        .select_related("record", "patron")
        .annotate(barcode=Subquery(barcode), card=Subquery(card))
        .order_by("out_at", "pk")
    )
    for loan in loans.iterator(chunk_size=2000):
        if loan.patron is None:
            continue
        yield (
            loan.card or "",
            loan.patron.name,
            loan.class_label,
            loan.record.isbn,
            loan.barcode or "",
            loan.record.title,
            _time(loan.out_at, zone),
            loan.due_on.isoformat(),
            _time(loan.in_at, zone),
            "丢书" if loan.outcome == Loan.Outcome.LOST else "还书" if loan.in_at else "借书",
        )


def _time(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).replace(tzinfo=None).isoformat(" ") if at else ""
