"""Reads of the service desk."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from shuxiang.inquiries.messages import KINDS, STATES
from shuxiang.inquiries.models import Inquiry
from shuxiang.libraries.models import Library

State, Kind = Inquiry.State, Inquiry.Kind


def inquiries_of(library: Library, *, state: str = "", text: str = "", kind: str = "") -> QuerySet[Inquiry]:
    """Requests, the latest first; `text` stands in question, answer, sources or the name of who asked."""
    found = Inquiry.objects.filter(library=library).select_related("patron", "receipt", "library")
    if state:
        found = found.filter(state=state)
    if kind:
        found = found.filter(kind=kind)
    for word in text.split()[:8]:
        found = found.filter(
            Q(question__icontains=word) | Q(answer__icontains=word) | Q(sources__icontains=word)
            | Q(asker__icontains=word) | Q(patron__name__icontains=word)
        )  # fmt: skip
    return found.order_by("-asked_on", "-pk")


def inquiry_of(library: Library, pk: int) -> Inquiry | None:
    return inquiries_of(library).filter(pk=pk).first()


def asker_of(inquiry: Inquiry) -> str:
    """Who asked, in words."""
    return inquiry.patron.name if inquiry.patron else inquiry.asker


def table_of(found: QuerySet[Inquiry]) -> Iterator[list[str]]:
    """Requests as the rows of a file."""
    for one in found.iterator(500):
        yield [
            one.asked_on.isoformat(),
            str(KINDS[one.kind]),
            asker_of(one),
            one.question,
            str(STATES[one.state]),
            one.answer,
            one.sources,
            one.answered_on.isoformat() if one.answered_on else "",
            one.answered_by,
            "" if one.minutes is None else str(one.minutes),
            f"{one.fee_fen / 100:.2f}" if one.fee_fen else "",
            str(one.receipt) if one.receipt else "",
        ]
