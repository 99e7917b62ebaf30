"""Drifting books: set out with a card, pass from hand to hand, are commented, end or are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.ids import uuid7
from shuxiang.corners import selectors
from shuxiang.corners.messages import COMMENT_STATES, DRIFT_ENDS
from shuxiang.corners.refusals import refuse
from shuxiang.corners.services import drifting as acts
from shuxiang.desk.views.corners_ground import KEEP, LARGEST, key_of, or_404, today, told, typed, typed_day
from shuxiang.desk.views.stocktaking import operation_of
from shuxiang.patrons import selectors as patrons
from shuxiang.printing.codes import symbol

if TYPE_CHECKING:
    from shuxiang.patrons.models import Patron

A_PAGE = 40
QUIET = 4  # modules of white around a code


def book_or_404(request: StaffRequest, pk: int) -> Any:
    return or_404(selectors.drift_book(request.library, pk) if pk < LARGEST else None)


@require_safe
@needs(KEEP)
def drifts(request: StaffRequest) -> HttpResponse:
    """All drifting books, and a form to let one go."""
    page = Paginator(selectors.drift_books(request.library), A_PAGE).get_page(request.GET.get("page"))
    rows = [(book, DRIFT_ENDS.get(book.ended, "")) for book in page]
    context = {"page": page, "books": rows, "today": today(), "operation": uuid7()}
    return render(request, "desk/corners/drifts.html", context)


@require_POST
@needs(KEEP)
def release(request: StaffRequest) -> HttpResponse:
    """A book sets out."""
    made: list[int] = []

    def act() -> str:
        book = acts.release(
            library=request.library,
            title=typed(request, "title", 200),
            author=typed(request, "author", 100),
            words=typed(request, "words", 300),
            giver=typed(request, "giver", 60),
            class_label=typed(request, "class_label", 30),
            on=typed_day(request),
            by=actor_of(request),
            at=clock.now(),
            operation_id=operation_of(request),
        )
        made.append(book.pk)
        return _("Number %(number)s. Print the card and put it inside the cover.") % {"number": book.code}

    return redirect("desk:drift", pk=made[0]) if told(request, act) else redirect("desk:drifts")


@require_safe
@needs(KEEP)
def drift(request: StaffRequest, pk: int) -> HttpResponse:
    """The journey of one book: hands, comments, its end."""
    book = book_or_404(request, pk)
    comments = [(one, COMMENT_STATES[one.state]) for one in book.comments.order_by("at", "pk")]
    context = {
        "book": book,
        "ended": DRIFT_ENDS.get(book.ended, ""),
        "ends": list(DRIFT_ENDS.items()),
        "hops": book.hops.select_related("patron").order_by("on", "pk"),
        "comments": comments,
        "today": today(),
        "public": reverse("opac:drift", args=[request.library.code, book.number]),
        "operation": uuid7(),
    }
    return render(request, "desk/corners/drift.html", context)


def _reader(request: StaffRequest, text: str) -> Patron | None:
    """The reader of this card or name, when there is exactly one; else it is just a name."""
    found = patrons.search(request.library, text) if text else []
    exact = [one for one in found if one.name == text] or [
        one for one in found if patrons.find_card(request.library, text)
    ]
    if len(exact) > 1:
        raise refuse("several_called", text=text, count=len(exact))
    return exact[0] if exact else None


@require_POST
@needs(KEEP)
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """A hop, a comment, a judgement on one, the end of the journey, or found again."""
    book = book_or_404(request, pk)
    doing = {
        "hop": _hop,
        "unhop": _unhop,
        "comment": _comment,
        "judge": _judge,
        "end": _end,
        "find": _find,
    }
    act = doing.get(request.POST.get("act", ""))
    if act is not None:
        told(request, lambda: act(request, book))
    return redirect("desk:drift", pk=pk)


def _hop(request: StaffRequest, book: Any) -> str:
    who = typed(request, "who", 60)
    acts.hop(
        book,
        on=typed_day(request),
        patron=_reader(request, who),
        who=who,
        class_label=typed(request, "class_label", 30),
        place=typed(request, "place", 60),
        by=actor_of(request),
        at=clock.now(),
        operation_id=operation_of(request),
    )
    return _("Written down.")


def _unhop(request: StaffRequest, book: Any) -> str:
    acts.unhop(book, key_of(request.POST.get("hop", "")), by=actor_of(request), at=clock.now())
    return _("Undone.")


def _comment(request: StaffRequest, book: Any) -> str:
    acts.comment(
        book,
        typed(request, "text", 300),
        signed=typed(request, "signed", 60),
        class_label=typed(request, "class_label", 30),
        by=actor_of(request),
        at=clock.now(),
    )
    return _("Written down. It is shown to all once you let it.")


def _judge(request: StaffRequest, book: Any) -> str:
    state = request.POST.get("state", "")
    wanted = state if state in COMMENT_STATES else "waiting"
    acts.judge_comment(
        book, key_of(request.POST.get("comment", "")), wanted, by=actor_of(request), at=clock.now()
    )
    return _("Set.")


def _end(request: StaffRequest, book: Any) -> str:
    ended = request.POST.get("ended", "")
    acts.end(book, ended if ended in DRIFT_ENDS else "home", by=actor_of(request), at=clock.now())
    return _("The journey has ended.")


def _find(request: StaffRequest, book: Any) -> str:
    acts.find(book, by=actor_of(request), at=clock.now())
    return _("It drifts on.")


@require_safe
@needs(KEEP)
def card(request: StaffRequest, pk: int) -> HttpResponse:
    """The drift card to be printed: number, QR code of its journey, lines for hands and words."""
    book = book_or_404(request, pk)
    address = request.build_absolute_uri(reverse("opac:drift", args=[request.library.code, book.number]))
    context = {
        "book": book,
        "library": request.library,
        "address": address,
        "lines": range(8),
        **_code(address),
    }
    return render(request, "desk/corners/drift_card.html", context)


def _code(address: str) -> dict[str, object]:
    """The QR code as runs of dark modules for a drawing."""
    rows = symbol("qr", address).rows
    runs = [
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, sign in enumerate(row)
        if sign == "1"
    ]
    return {"qr_path": "".join(runs), "qr_size": len(rows) + 2 * QUIET}
