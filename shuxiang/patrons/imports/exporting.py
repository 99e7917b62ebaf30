"""Readers out, in columns that import reads back equal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone

from shuxiang.common.clock import local_date
from shuxiang.imports.writing import write_table
from shuxiang.libraries import selectors as ground
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Card, ClassMembership, Patron

COLUMNS = ("借书证号", "姓名", "读者类别", "班级", "学年", "学号", "状态", "借书额度")
_CATEGORY = {"pupil": "学生", "teacher": "教师", "staff": "职工", "group": "教研组"}


def export_patrons(library: Library, path: Path, at: datetime) -> int:
    """Write every reader that is a person or group; classes as of the day of export. Returns how many."""
    return write_table(path, COLUMNS, _rows(library, at), "读者")


def _rows(library: Library, at: datetime) -> Iterator[tuple[str, ...]]:
    day = local_date(at, timezone.get_default_timezone_name())
    patrons = list(
        Patron.objects.filter(library=library, deleted_at=None, school_class=None)
        .select_related("category")
        .prefetch_related("cards", "memberships__school_class__stage", "blocks")
        .order_by("pk")
    )
    calendar = ground.calendar_of(library)
    for patron in patrons:
        cards = sorted(patron.cards.all(), key=lambda card: (card.to_at is None, card.from_at, card.pk))
        member = max(patron.memberships.all(), key=lambda row: (row.from_on, row.pk), default=None)
        year = _year_of(member, calendar.school_year_on(day))
        label = (
            ground.class_labels(library, [member.school_class], date(year, 9, 1), calendar) if member else {}
        )
        yield (
            cards[-1].number if cards else "",
            patron.name,
            _CATEGORY.get(patron.category.code, patron.category.name),
            next(iter(label.values()), ""),
            f"{year}-{year + 1}" if member else "",
            str(member.number) if member and member.number is not None else "",
            _status(patron, cards[-1] if cards else None),
            "" if patron.loan_limit is None else str(patron.loan_limit),
        )


def _year_of(member: ClassMembership | None, year: int) -> int:
    """The school year for which the class is named: this one, or the last one in which it was there."""
    if member is None:
        return year
    return max(
        member.school_class.entry_year, min(year, ground.class_facts(member.school_class).last_school_year)
    )


def _status(patron: Patron, card: Card | None) -> str:
    if patron.left_on is not None:
        return "注销"
    if card is not None and card.ended == Card.Ended.LOST:
        return "丢失"
    open_block = next((block for block in patron.blocks.all() if block.lifted_at is None), None)
    return open_block.reason if open_block and "停" in open_block.reason else "暂停" if open_block else "开通"
