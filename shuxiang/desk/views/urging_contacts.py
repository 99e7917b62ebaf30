"""Where reminders go: addresses of classes and of parents who agreed; whether the wall list shows whole names."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.circulation.selectors import identify
from shuxiang.common import clock
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.desk import LONGEST_SCAN
from shuxiang.desk.views.money import LARGEST, attempt, today, typed_number
from shuxiang.desk.views.stocktaking import operation_of
from shuxiang.libraries import selectors as libraries
from shuxiang.outbox import selectors as outbox
from shuxiang.urging import selectors, services
from shuxiang.urging.messages import say_all

SET = "libraries.edit"


@require_safe
@needs(SET)
def contacts(request: StaffRequest) -> HttpResponse:
    """All addresses, and forms to enter one."""
    library = request.library
    kept = list(selectors.contacts_of(library))
    by_class = {one.school_class_id: one for one in kept if one.school_class_id}
    classes = [
        (each, libraries.label_of(each, today()), by_class.get(each.pk))
        for each in libraries.classes_on(library, today())
    ]
    context = {
        "classes": classes,
        "parents": [one for one in kept if one.patron_id],
        "shows": selectors.shows_full_names(library),
        "sends": outbox.sends(library),
        "operation": uuid7(),
    }
    return render(request, "desk/urging/contacts.html", context)


@require_POST
@needs(SET)
def save(request: StaffRequest) -> HttpResponse:
    """Enter or change the address of a class, or of the parents of the reader whose card was typed."""
    library, key = request.library, typed_number(request.POST.get("class", ""), LARGEST)
    code = request.POST.get("card", "").strip()[:LONGEST_SCAN]
    card = identify(library, code).card if code else None
    of = selectors.class_of(library, key) if key else card.patron if card is not None else None
    if of is None:
        if key or not code:
            raise Http404
        from_words = _("No reader of this library has the card “%(code)s”.") % {"code": code}
        return redirect_with(request, from_words)
    attempt(
        request,
        lambda: services.save_contact(
            library=library,
            of=of,
            name=request.POST.get("name", ""),
            address=request.POST.get("address", "")[:254],
            consent=request.POST.get("consent", ""),
            at=clock.now(),
            by=actor_of(request),
            operation_id=operation_of(request),
        ),
        say_all,
        _("Kept."),
    )
    return redirect("desk:urging_contacts")


def redirect_with(request: StaffRequest, problem: str) -> HttpResponse:
    """Back to the addresses, saying what was wrong."""
    messages.error(request, problem)
    return redirect("desk:urging_contacts")


@require_POST
@needs(SET)
def forget(request: StaffRequest, pk: int) -> HttpResponse:
    """Take an address away."""
    found = selectors.contact_of(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    attempt(
        request,
        lambda: services.forget_contact(
            found, at=clock.now(), by=actor_of(request), operation_id=operation_of(request)
        ),
        say_all,
        _("The address is forgotten."),
    )
    return redirect("desk:urging_contacts")


@require_POST
@needs(SET)
def wall_names(request: StaffRequest) -> HttpResponse:
    """Whether the list on the wall names children in full."""
    attempt(
        request,
        lambda: services.show_full_names(
            library=request.library,
            shows=request.POST.get("shows") == "1",
            at=clock.now(),
            by=actor_of(request),
            operation_id=operation_of(request),
        ),
        say_all,
        _("Kept."),
    )
    return redirect("desk:urging_contacts")
