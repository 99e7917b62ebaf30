"""What the pages of boxes, corners, paper registers and drifting books have in common."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeVar

from django.contrib import messages
from django.http import Http404

from shuxiang.accounts.access import StaffRequest, may
from shuxiang.circulation.selectors import identify
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.corners.messages import say_all
from shuxiang.corners.refusals import refuse
from shuxiang.desk.views.desk import LONGEST_SCAN

if TYPE_CHECKING:
    from collections.abc import Callable

    from shuxiang.holdings.models import Item

Thing = TypeVar("Thing")
LEND, KEEP = "desk.lend", "desk.override"
LARGEST = 2**31
YEARS = range(1900, 2200)  # of a day that is typed: beyond them no term and no due date can be counted


def today() -> date:
    return clock.local_date(clock.now())


def keeps(request: StaffRequest) -> bool:
    """Whether the account may move boxes and corners; who may only lend is not shown these buttons."""
    return may(request.user, KEEP, request.library, today())


def told(request: StaffRequest, act: Callable[[], str]) -> bool:
    """Do an act and say what it did, or why not."""
    try:
        words = act()
    except Refused as refusal:
        messages.error(request, say_all(refusal.decision))
        return False
    if words:
        messages.success(request, words)
    return True


def typed(request: StaffRequest, name: str, longest: int = 300) -> str:
    return request.POST.get(name, "").strip()[:longest]


def typed_number(request: StaffRequest, name: str) -> int:
    """A whole number of a form. Raises Refused for what is none."""
    text = typed(request, name, 12)
    if not (text.isascii() and text.isdigit()) or int(text) >= LARGEST:
        raise refuse("bad_number", text=text)
    return int(text)


def typed_day(request: StaffRequest, name: str = "on") -> date:
    """A day of a form, today when it is empty. Raises Refused for what is no day, or is of another age."""
    text = typed(request, name, 20)
    try:
        day = date.fromisoformat(text) if text else today()
    except ValueError:
        raise refuse("bad_day", text=text) from None
    if day.year not in YEARS:
        raise refuse("bad_day", text=text)
    return day


def scanned_item(request: StaffRequest) -> Item:
    """The volume that was scanned or typed. Raises Refused when there is none."""
    code = typed(request, "scan", LONGEST_SCAN)
    found = identify(request.library, code).item if code else None
    if found is None:
        raise refuse("no_volume", code=code[:60])
    return found


def key_of(value: object) -> int:
    """A key out of a form, 0 for what is none."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and int(text) < LARGEST else 0


def or_404(found: Thing | None) -> Thing:
    """What was asked for. Raises Http404 when it is not there."""
    if found is None:
        raise Http404
    return found
