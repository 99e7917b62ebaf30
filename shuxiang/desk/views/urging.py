"""Urging: what is overdue by class, slips, the list on the wall, messages, rounds, the history of a loan."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.money import LARGEST, attempt, may_also, today
from shuxiang.desk.views.stocktaking import operation_of
from shuxiang.outbox import selectors as outbox
from shuxiang.urging import selectors, services
from shuxiang.urging.messages import WAYS, say_all

if TYPE_CHECKING:
    from shuxiang.urging.selectors import LateClass

SEE, URGE, SET = "patrons.view", "desk.override", "libraries.edit"
A_PAGE = 50


def _groups(request: StaffRequest) -> list[LateClass]:
    """What is overdue in the classes that who is here may see."""
    classes = None if request.scope.everywhere else request.scope.class_ids
    return selectors.overdue(request.library, today(), classes)


def _group_or_404(request: StaffRequest, key: int) -> LateClass:
    wanted = key or None
    found = next((group for group in _groups(request) if group.school_class_id == wanted), None)
    if found is None:
        raise Http404
    return found


def _about(request: StaffRequest) -> dict[str, object]:
    return {
        "may_urge": may_also(request, URGE),
        "may_set": may_also(request, SET),
        "sends": outbox.sends(request.library),
        "today": today(),
        "operation": uuid7(),
    }


@require_safe
@needs(SEE, scoped=True)
def urging(request: StaffRequest) -> HttpResponse:
    """Overdue volumes class by class, with how often they were urged."""
    groups = _groups(request)
    rows = [row for group in groups for row in group.rows]
    context = _about(request) | {
        "groups": groups,
        "volumes": len(rows),
        "never": sum(not row.times for row in rows),
        "often": sum(row.is_often for row in rows),
    }
    return render(request, "desk/urging/page.html", context)


@require_safe
@needs(SEE, scoped=True)
def group(request: StaffRequest, key: int) -> HttpResponse:
    """One class: its overdue loans, to be ticked and marked as urged."""
    found = _group_or_404(request, key)
    ways = [(code, words) for code, words in WAYS.items() if code != "message"]
    return render(request, "desk/urging/group.html", _about(request) | {"group": found, "ways": ways})


@require_safe
@needs(SEE, scoped=True)
def slips(request: StaffRequest) -> HttpResponse:
    """One page a class to print, for its teacher; `class` asks for one."""
    groups = _groups(request)
    wanted = request.GET.get("class", "")
    if wanted:
        groups = [group for group in groups if group.key == wanted]
    return render(request, "desk/urging/slips.html", _about(request) | {"groups": groups, "wanted": wanted})


@require_safe
@needs(URGE)
def wall(request: StaffRequest) -> HttpResponse:
    """The list for the wall: names with a star, classes and numbers of volumes; no titles."""
    shows = selectors.shows_full_names(request.library)
    groups = []
    for group in selectors.overdue(request.library, today()):
        names = {row.loan.patron_id: row.name if shows else row.masked_name for row in group.rows}
        counted = Counter(row.loan.patron_id for row in group.rows)
        if group.school_class_id is not None:
            groups.append((group, [(names[key], count) for key, count in counted.items()]))
    return render(request, "desk/urging/wall.html", _about(request) | {"groups": groups, "shows": shows})


def _ticked(request: StaffRequest) -> list[int]:
    keys = request.POST.getlist("loan")[:5000]
    return [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 18]


@require_POST
@needs(URGE)
def mark(request: StaffRequest) -> HttpResponse:
    """These loans were urged, by the way that was chosen; without ticks all that are overdue in these classes."""
    way = request.POST.get("way", "")
    if way not in WAYS or way == selectors.Way.MESSAGE:
        raise Http404
    key = request.POST.get("class", "")
    found = None
    loans = _ticked(request)
    if key.isascii() and key.isdigit() and len(key) < 10:
        found = selectors.class_of(request.library, int(key))
        if request.POST.get("all"):
            loans = [row.loan.pk for row in _group_or_404(request, int(key)).rows]
    elif request.POST.get("all"):
        loans = [row.loan.pk for each in _groups(request) for row in each.rows]
    made = attempt(
        request,
        lambda: services.mark_urged(
            loans,
            library=request.library,
            way=way,
            school_class=found,
            note=request.POST.get("note", ""),
            at=clock.now(),
            by=actor_of(request),
            operation_id=operation_of(request),
        ),
        say_all,
        _("Marked as urged."),
    )
    return redirect("desk:urging_rounds") if made else redirect("desk:urging")


@require_POST
@needs(URGE)
def send(request: StaffRequest, key: int) -> HttpResponse:
    """A message to the teacher of a class about all that is overdue in it."""
    found = _group_or_404(request, key)
    contact = found.contact
    if contact is None:
        raise Http404
    lines = [_line(row.name, row.loan.record.title, row.days, row.times) for row in found.rows]
    n = len(lines)
    subject = ngettext(
        "%(library)s: %(n)s volume overdue in %(class)s", "%(library)s: %(n)s volumes overdue in %(class)s", n
    ) % {"library": request.library.name, "n": n, "class": found.label}
    body = _("Please remind these readers of your class:") + "\n\n" + "\n".join(lines) + "\n"
    attempt(
        request,
        lambda: services.send_to_class(
            [row.loan.pk for row in found.rows],
            contact,
            services.Paper(subject, body),
            at=clock.now(),
            by=actor_of(request),
            operation_id=operation_of(request),
        ),
        say_all,
        _("The message waits in the outbox and goes as soon as there is a network."),
    )
    return redirect("desk:urging_group", key=key)


def _line(name: str, title: str, days: int, times: int) -> str:
    words = {"name": name, "title": title, "days": days, "times": times}
    line = _("%(name)s: “%(title)s”, %(days)s days late") % words
    return line + (_(", urged %(times)s times before") % words if times else "")


@require_POST
@needs(URGE)
def send_reader(request: StaffRequest, pk: int) -> HttpResponse:
    """A message to the parents of one reader, who agreed to get one."""
    contact = selectors.contact_of(request.library, pk) if pk < LARGEST else None
    if contact is None or contact.patron is None:
        raise Http404
    late = selectors.overdue_loans(request.library, today()).filter(patron=contact.patron)
    titles = [_line(contact.patron.name, one.record.title, (today() - one.due_on).days, 0) for one in late]
    subject = _("%(library)s: please bring back what is overdue") % {"library": request.library.name}
    body = _("Please help to bring back:") + "\n\n" + "\n".join(titles) + "\n"
    attempt(
        request,
        lambda: services.send_to_reader(
            [one.pk for one in late],
            contact,
            services.Paper(subject, body),
            at=clock.now(),
            by=actor_of(request),
            operation_id=operation_of(request),
        ),
        say_all,
        _("The message waits in the outbox and goes as soon as there is a network."),
    )
    return redirect("desk:urging_contacts")


@require_safe
@needs(URGE)
def rounds(request: StaffRequest) -> HttpResponse:
    """What was urged when, by which way, and how much of it came back."""
    page = Paginator(selectors.rounds_of(request.library), A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, WAYS[one.way]) for one in page]
    return render(request, "desk/urging/rounds.html", _about(request) | {"page": page, "rounds": rows})


@require_POST
@needs(URGE)
def take_back(request: StaffRequest, pk: int) -> HttpResponse:
    """A round that was marked by mistake."""
    found = selectors.round_of(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    attempt(
        request,
        lambda: services.take_back(
            found, at=clock.now(), by=actor_of(request), operation_id=operation_of(request)
        ),
        say_all,
        _("Taken back: it does not count any more."),
    )
    return redirect("desk:urging_rounds")


@require_safe
@needs(SEE, scoped=True)
def loan(request: StaffRequest, pk: int) -> HttpResponse:
    """How one loan was urged, and what may be done with it now."""
    found = selectors.loan_of(request.library, pk) if pk < 2**62 else None
    if found is None:
        raise Http404
    if not request.scope.everywhere and not request.scope.has_class(found.school_class_id or 0):
        raise PermissionDenied
    days = (today() - found.due_on).days
    context = _about(request) | {
        "loan": found,
        "days": days if found.in_at is None else 0,
        "history": [(one, WAYS[one.round.way]) for one in selectors.history_of(found)],
        "times": selectors.times_urged([found.pk]).get(found.pk, 0),
        "ways": [(code, words) for code, words in WAYS.items() if code != "message"],
        "may_open": may_also(request, "cash.keep"),
    }
    return render(request, "desk/urging/loan.html", context)
