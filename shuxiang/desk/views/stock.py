"""The stock room: one page that leads to all that is done with the books themselves."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from shuxiang.accounts.access import StaffRequest, needs, scope
from shuxiang.common import clock
from shuxiang.desk.stock import PARTS, PERMISSIONS


@require_safe
@needs(*PERMISSIONS)
def stock(request: StaffRequest) -> HttpResponse:
    """The parts that the account may open."""
    today = clock.local_date(clock.now())
    parts = [
        (reverse(part.route), part.words, part.sentence)
        for part in PARTS
        if scope(request.user, part.permission, request.library, today).everywhere
    ]
    return render(request, "desk/stock.html", {"parts": parts})
