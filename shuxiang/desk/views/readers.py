"""Readers: found, listed, and one of them with classes, cards, what is out, what stops borrowing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from shuxiang.accounts.access import StaffRequest, needs, scope
from shuxiang.circulation.history import loans_before
from shuxiang.circulation.selectors import loans_of
from shuxiang.common import clock
from shuxiang.common.ids import uuid7
from shuxiang.libraries import selectors as ground
from shuxiang.patrons import dues, listing, selectors

if TYPE_CHECKING:
    from shuxiang.patrons.models import Patron

SEE, EDIT, HISTORY = "patrons.view", "patrons.edit", "desk.history"
A_PAGE = 50
LARGEST = 2**31
MOST_FOUND, MOST_LOANS = 200, 2000
ENDED = {
    "lost": pgettext_lazy("card", "lost"),
    "replaced": pgettext_lazy("card", "replaced"),
    "left": pgettext_lazy("card", "left the school"),
    "undone": pgettext_lazy("card", "given by mistake"),
}


def today() -> date:
    return clock.local_date(clock.now())


def may(request: StaffRequest, permission: str) -> bool:
    """Whether the account may do this in the whole library."""
    return scope(request.user, permission, request.library, today()).everywhere


def reader_or_404(request: StaffRequest, pk: int) -> Patron:
    """A reader whom the account may see: of the library, and of the class where the grant is for one."""
    found = selectors.find_patron(request.library, pk) if pk < LARGEST else None
    if found is None or not _is_within(request, found):
        raise Http404
    return found


def _is_within(request: StaffRequest, patron: Patron) -> bool:
    if request.scope.everywhere:
        return True
    now = selectors.membership_on(patron, today())
    return now is not None and request.scope.has_class(now.school_class_id)


def number_of(text: str) -> int | None:
    """The key in a form or address; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def class_choices(request: StaffRequest) -> list[tuple[int, str]]:
    """The classes of today that the account may see."""
    classes = ground.classes_on(request.library, today())
    labels = ground.class_labels(request.library, classes, today())
    return [(one.pk, labels[one.pk]) for one in classes if request.scope.has_class(one.pk)]


@require_safe
@needs(SEE, scoped=True)
def readers(request: StaffRequest) -> HttpResponse:
    """The list; with words typed, who fits them: name, pinyin, initials, card, class."""
    wanted = request.GET.get("q", "").replace("\0", "").strip()[:80]
    within = None if request.scope.everywhere else request.scope.class_ids
    left = request.GET.get("left") == "1"
    key, category = number_of(request.GET.get("class", "")), number_of(request.GET.get("category", ""))
    if wanted:
        found = selectors.search(request.library, wanted, on=today(), limit=MOST_FOUND)
        found = [one for one in found if _is_within(request, one)] if within is not None else found
        page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    else:
        rows = listing.readers(
            request.library, today(), class_id=key, category_id=category, left=left, within=within
        )
        page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": listing.lines(request.library, list(page), today()),
        "q": wanted,
        "left": left,
        "class_key": key,
        "category_key": category,
        "classes": class_choices(request),
        "categories": [(one.pk, one.name) for one in selectors.categories_of(request.library)],
        "may_edit": may(request, EDIT),
        "may_history": may(request, HISTORY),
    }
    return render(request, "desk/readers/list.html", context)


@require_safe
@needs(SEE, scoped=True)
def reader(request: StaffRequest, pk: int) -> HttpResponse:
    """One reader."""
    return show(request, reader_or_404(request, pk))


def show(
    request: StaffRequest, patron: Patron, problem: str = "", which: str = "", status: int = 200
) -> HttpResponse:
    """The page of a reader; with a problem, the form it belongs to opens again."""
    library, on = request.library, today()
    valid = selectors.open_card(patron)
    owed = [due for due in dues.owed(library, [patron.pk]).get(patron.pk, []) if due.kind != "loan"]
    context = {
        "patron": patron,
        "label": selectors.class_label_on(patron, on),
        "card": valid,
        "cards": [(one, ENDED.get(one.ended, "")) for one in listing.cards(patron)],
        "memberships": listing.memberships(patron),
        "loans": loans_of(patron),
        "owed": [(dues.words_of(due.kind), due) for due in owed],
        "blocks": selectors.blocks_on(patron, on),
        "may_edit": may(request, EDIT),
        "may_lend": may(request, "desk.lend"),
        "may_history": bool(scope(request.user, HISTORY, library, on)),
        "categories": [(one.pk, one.name) for one in selectors.categories_of(library)],
        "classes": class_choices(request),
        "next_number": listing.next_number(library, on) if valid is None and patron.left_on is None else "",
        "typed": request.POST,
        "problem": problem,
        "which": which,
        "today": on,
        "operation": uuid7(),
    }
    return render(request, "desk/readers/reader.html", context, status=status)


@require_safe
@needs(HISTORY, scoped=True)
def history(request: StaffRequest, pk: int) -> HttpResponse:
    """What a reader borrowed before."""
    patron = reader_or_404(request, pk)
    page = Paginator(loans_before(patron, MOST_LOANS), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/readers/history.html", {"patron": patron, "page": page})
