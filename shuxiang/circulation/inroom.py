"""Reads of the reading room: who still has a work that is read here, and what was read today."""

from datetime import date

from django.db.models import Q, QuerySet

from shuxiang.circulation.models import InRoomUse, Loan
from shuxiang.libraries.models import Library


def not_back(library: Library, on: date) -> QuerySet[Loan]:
    """Works lent for reading in the room by the end of a day and not back yet, the oldest first (今日未归)."""
    found = Loan.objects.filter(library=library, kind=Loan.Kind.IN_ROOM, in_at=None, out_on__lte=on)
    return found.select_related("record", "patron", "item__holding").order_by("out_at", "pk")


def read_here(library: Library, on: date) -> QuerySet[Loan]:
    """Works lent for reading in the room on a day, back or not, the latest first."""
    found = Loan.objects.filter(library=library, kind=Loan.Kind.IN_ROOM, out_on=on)
    found = found.exclude(outcome=Loan.Outcome.CANCELLED)
    return found.select_related("record", "patron").order_by("-out_at", "-pk")


def uses_on(library: Library, on: date) -> QuerySet[InRoomUse]:
    """Volumes counted from the tables on a day, the latest first."""
    found = InRoomUse.objects.filter(library=library, on=on)
    return found.select_related("item__holding__record").order_by("-at", "-pk")


def uses_of_reading(library: Library, first: date, last: date) -> tuple[QuerySet[Loan], QuerySet[InRoomUse]]:
    """What was read in the room from a day to a day: with a reader, and counted from the tables."""
    named = Loan.objects.filter(Q(library=library, kind=Loan.Kind.IN_ROOM), out_on__range=(first, last))
    counted = InRoomUse.objects.filter(library=library, on__range=(first, last))
    return named.exclude(outcome=Loan.Outcome.CANCELLED), counted
