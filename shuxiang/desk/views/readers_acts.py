"""What is done with a reader: added, changed, moved, given a card, leaving and coming back. Translates and calls."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.circulation import messages as lending
from shuxiang.circulation import services as circulation
from shuxiang.circulation.selectors import find_loan
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.readers import EDIT, LARGEST, class_choices, number_of, reader_or_404, show, today
from shuxiang.desk.views.stocktaking import operation_of
from shuxiang.libraries import selectors as ground
from shuxiang.patrons import listing, selectors, services
from shuxiang.patrons.messages import words

if TYPE_CHECKING:
    from shuxiang.libraries.models import SchoolClass
    from shuxiang.patrons.models import Patron, PatronCategory

MOST_LOANS = 200


def sentence(refusal: Refused) -> str:
    """All reasons of a refusal in words."""
    return " ".join(words(reason) for reason in refusal.decision.reasons)


def typed_day(request: StaffRequest, name: str = "on") -> date:
    """The day of a form; today when it says nothing that is a day."""
    try:
        found = date.fromisoformat(request.POST.get(name, ""))
    except ValueError:
        return today()
    return found if 2000 <= found.year <= 2199 else today()


def class_of(request: StaffRequest, name: str = "school_class") -> SchoolClass | None:
    key = number_of(request.POST.get(name, ""))
    return next((one for one in ground.classes_of(request.library) if one.pk == key), None)


def category_of(request: StaffRequest) -> PatronCategory | None:
    key = number_of(request.POST.get("category", ""))
    return next((one for one in selectors.categories_of(request.library) if one.pk == key), None)


def small_number(text: str, most: int) -> int | None:
    """A number that was typed; None for none. ValueError for anything else."""
    plain = text.strip()
    if not plain:
        return None
    number = number_of(plain)
    if number is None or number > most:
        raise ValueError(plain)
    return number


@require_http_methods(["GET", "POST", "HEAD"])
@needs(EDIT)
def new(request: StaffRequest) -> HttpResponse:
    """A form for a new reader; what was typed stays when it is refused."""
    problem = ""
    if request.method == "POST":
        try:
            patron = _add(request)
        except Refused as refusal:
            problem = sentence(refusal)
        except ValueError as bad:
            problem = _("“%(text)s” is no number.") % {"text": str(bad)[:20]}
        else:
            messages.success(request, _("%(name)s is a reader now.") % {"name": patron.name})
            return redirect("desk:reader", pk=patron.pk)
    context = {
        "classes": class_choices(request),
        "categories": [(one.pk, one.name) for one in selectors.categories_of(request.library)],
        "number": request.POST.get("card", listing.next_number(request.library, today())),
        "typed": request.POST,
        "problem": problem,
        "today": today(),
        "operation": uuid7(),
    }
    return render(request, "desk/readers/new.html", context, status=422 if problem else 200)


def _add(request: StaffRequest) -> Patron:
    category = category_of(request) or services.default_categories(request.library)["pupil"]
    return services.add_patron(
        library=request.library,
        name=request.POST.get("name", "").replace("\0", ""),
        category=category,
        card_number=request.POST.get("card", "").replace("\0", "").strip(),
        on=typed_day(request),
        school_class=class_of(request),
        class_number=small_number(request.POST.get("number", ""), 999),
        by=actor_of(request),
        at=clock.now(),
        operation=operation_of(request),
    )


@require_POST
@needs(EDIT)
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Name, category, how many volumes at once."""
    patron = reader_or_404(request, pk)
    try:
        services.change_patron(
            patron=patron,
            name=request.POST.get("name", "").replace("\0", ""),
            category=category_of(request),
            loan_limit=small_number(request.POST.get("loan_limit", ""), MOST_LOANS),
            by=actor_of(request),
            at=clock.now(),
        )
    except Refused as refusal:
        return show(request, patron, sentence(refusal), "change", 422)
    except ValueError as bad:
        return show(request, patron, _("“%(text)s” is no number.") % {"text": str(bad)[:20]}, "change", 422)
    messages.success(request, _("Changed."))
    return redirect("desk:reader", pk=pk)


@require_POST
@needs(EDIT)
def move(request: StaffRequest, pk: int) -> HttpResponse:
    """Into another class from a day on, or into none."""
    patron = reader_or_404(request, pk)
    try:
        services.move_class(
            patron=patron,
            school_class=class_of(request),
            on=typed_day(request),
            number=small_number(request.POST.get("number", ""), 999),
            by=actor_of(request),
            at=clock.now(),
        )
    except Refused as refusal:
        return show(request, patron, sentence(refusal), "move", 422)
    except ValueError as bad:
        return show(request, patron, _("“%(text)s” is no number.") % {"text": str(bad)[:20]}, "move", 422)
    messages.success(request, _("Moved; the loans of before keep the class of their day."))
    return redirect("desk:reader", pk=pk)


@require_POST
@needs(EDIT)
def lost(request: StaffRequest, pk: int) -> HttpResponse:
    """The card is lost: from this moment it opens nothing."""
    patron = reader_or_404(request, pk)
    valid = selectors.open_card(patron)
    if valid is None:
        messages.error(request, _("There is no valid card."))
        return redirect("desk:reader", pk=pk)
    try:
        services.report_card_lost(card=valid, by=actor_of(request), at=clock.now())
        messages.success(
            request,
            _("Card %(number)s opens nothing any more. Give a new number; the history stays.")
            % {"number": valid.number},
        )
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    return redirect("desk:reader", pk=pk)


@require_POST
@needs(EDIT)
def card(request: StaffRequest, pk: int) -> HttpResponse:
    """A new number; the one before is closed and never used again."""
    patron = reader_or_404(request, pk)
    number = request.POST.get("card", "").replace("\0", "").strip()
    valid = selectors.open_card(patron)
    if valid is not None and valid.number == number:
        return redirect("desk:reader", pk=pk)  # pressed twice
    try:
        services.issue_card(patron=patron, number=number, by=actor_of(request), at=clock.now())
    except Refused as refusal:
        return show(request, patron, sentence(refusal), "card", 422)
    messages.success(request, _("Card %(number)s is valid from now on.") % {"number": number})
    return redirect("desk:reader", pk=pk)


@require_POST
@needs(EDIT)
def leave(request: StaffRequest, pk: int) -> HttpResponse:
    """The reader leaves the school; what is still out stays in the reader's name."""
    patron = reader_or_404(request, pk)
    try:
        services.leave(
            patron=patron, on=min(typed_day(request), today()), by=actor_of(request), at=clock.now()
        )
        messages.success(request, _("%(name)s has left; the card is closed.") % {"name": patron.name})
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    return redirect("desk:reader", pk=pk)


@require_POST
@needs(EDIT)
def back(request: StaffRequest, pk: int) -> HttpResponse:
    """Here again, with the old card or a new one, in a class or none."""
    patron = reader_or_404(request, pk)
    try:
        services.come_back(
            patron=patron,
            on=today(),
            card_number=request.POST.get("card", "").replace("\0", "").strip(),
            school_class=class_of(request),
            by=actor_of(request),
            at=clock.now(),
        )
        messages.success(request, _("%(name)s is here again.") % {"name": patron.name})
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    return redirect("desk:reader", pk=pk)


@require_POST
@needs("desk.lend")
def renew(request: StaffRequest, pk: int, loan_pk: int) -> HttpResponse:
    """Lend one volume on, by the rules of the desk."""
    patron = reader_or_404(request, pk)
    loan = find_loan(request.library, loan_pk) if loan_pk < LARGEST else None
    if loan is None or loan.patron_id != patron.pk:
        raise Http404
    try:
        done = circulation.renew(
            loan=loan, by=actor_of(request), at=clock.now(), operation_id=operation_of(request)
        )
        messages.success(request, _("Renewed until %(day)s.") % {"day": done.due_on.isoformat()})
    except Refused as refusal:
        messages.error(request, " ".join(lending.words(reason) for reason in refusal.decision.reasons))
    return redirect("desk:reader", pk=pk)
