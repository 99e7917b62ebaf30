"""The two pages that lead to many others: the stock room (what is done with books) and lending (with readers)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from shuxiang.accounts.access import StaffRequest, needs, scope
from shuxiang.common import clock
from shuxiang.desk import lending as lending_parts
from shuxiang.desk import stock as stock_parts
from shuxiang.desk.parts import Group, Part

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    Line = tuple[str, StrPromise, StrPromise]


@require_safe
@needs(*stock_parts.PERMISSIONS)
def stock(request: StaffRequest) -> HttpResponse:
    return render(request, "desk/stock.html", {"groups": _open(request, stock_parts.GROUPS)})


@require_safe
@needs(*lending_parts.PERMISSIONS, scoped=True)
def lending(request: StaffRequest) -> HttpResponse:
    return render(request, "desk/lending.html", {"groups": _open(request, lending_parts.GROUPS)})


def _open(request: StaffRequest, groups: Sequence[Group]) -> "list[tuple[StrPromise | str, list[Line]]]":
    """The lines (address, words, sentence) that the account may open, by heading; no heading without lines."""
    today = clock.local_date(clock.now())

    def may_open(part: Part) -> bool:
        reach = scope(request.user, part.permission, request.library, today)
        return bool(reach) if part.scoped else reach.everywhere

    shown = [
        (
            group.heading,
            [(reverse(part.route), part.words, part.sentence) for part in group.parts if may_open(part)],
        )
        for group in groups
    ]
    return [(heading, lines) for heading, lines in shown if lines]
