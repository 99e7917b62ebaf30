"""The page after signing in: what today is like, whether the books agree and the data are safe."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from shuxiang.accounts.access import StaffRequest, libraries_of, needs, scope, signed_in
from shuxiang.audit import reconcile
from shuxiang.circulation import today as day
from shuxiang.common import clock
from shuxiang.desk.views import dashboard as board
from shuxiang.figures import registry
from shuxiang.figures import selectors as figures
from shuxiang.helpers import selectors as helpers
from shuxiang.holdings import shelving
from shuxiang.libraries import selectors as libraries
from shuxiang.reports.ledgers.tenrules import held
from shuxiang.safekeeping import services as safekeeping

if TYPE_CHECKING:
    from shuxiang.libraries.models import Library

MOST_CLASSES = 8


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Today at a glance, as far as the account's grants reach."""
    if getattr(request, "library", None) is None:
        return _without_library(request)
    return _at_a_glance(cast(StaffRequest, request))


def _without_library(request: HttpRequest) -> HttpResponse:
    """Several libraries and none chosen, or no grant anywhere."""
    if isinstance(request.user, AnonymousUser) or not libraries_of(request.user):
        return render(request, "desk/nowhere.html")
    return redirect("accounts:choose_library")


def _at_a_glance(request: StaffRequest) -> HttpResponse:
    at = clock.now()
    today = clock.local_date(at)
    may = {
        name: scope(request.user, permission, request.library, today)
        for name, permission in (("lend", "desk.lend"), ("see_figures", "figures.view"))
    }
    sees_all = may["see_figures"].everywhere
    may_place = scope(request.user, "libraries.edit", request.library, today).everywhere
    overdue = _overdue_by_class(request.library, today) if sees_all else []
    context = {
        "may_lend": bool(may["lend"]),
        "helps": helpers.mine(request.user, request.library, today) is not None,
        "lead": _so_far(request.library, today) if sees_all else "",
        "overdue": overdue[:MOST_CLASSES],
        "overdue_more": len(overdue) - MOST_CLASSES,
        "overdue_url": reverse("desk:figure", args=["circulation.overdue"]) if sees_all else "",
        "counts": day.counts(request.library, today) if sees_all or may["lend"] else None,
        "ended": shelving.ended(request.library, today) if may_place else [],
        "is_open": libraries.is_open_day(request.library, today),
        "turns": libraries.turns_on(request.library, today),
        "light": safekeeping.light(at),
        "today": today,
    }
    return render(request, "desk/home.html", context)


def _this_term(library: "Library", today: date) -> registry.Scope:
    return figures.scope_of(library, libraries.term_on(library, today).code, today)


def _so_far(library: "Library", today: date) -> SafeString:
    """The sentence of the running term, asked for by itself."""
    scope = _this_term(library, today)
    return board.lead(
        board.board(scope, figures.values(scope, ("circulation.loans", board.PER_PUPIL, board.NEVER)))
    )


@dataclass(frozen=True)
class Overdue:
    """How much a class has overdue, and where its rows are."""

    label: str
    count: int
    url: str


def _overdue_by_class(library: "Library", today: date) -> list[Overdue]:
    """Whom to remind, the class with most first; the last is what belongs to no class."""
    scope = _this_term(library, today)
    found = [
        Overdue(
            part.label,
            int(part.value.number),
            board.address("circulation.overdue", scope, part=f"class:{part.key}"),
        )
        for part in registry.get("circulation.overdue").parts["class"](scope)
        if part.value.number
    ]
    return sorted(found, key=lambda each: -each.count)


def _said(found: Iterable[reconcile.Difference]) -> list[tuple[str, str]]:
    """What each row is about, and the sentence."""
    return [(each.subject, reconcile.describe(each)) for each in found]


@require_safe
@needs("reconcile.run")
def reconciliation(request: StaffRequest) -> HttpResponse:
    """帐帐相符: every check run now, by the ten rules; each row that differs by name."""
    outcome = reconcile.run(request.library.code)
    rules, others, exceptions = held(outcome)
    context = {
        "outcome": outcome,
        "rules": [(each.rule, _said(each.differences), _said(each.exceptions)) for each in rules],
        "others": _said(others),
        "exceptions": _said(exceptions),
        "count": len(outcome.differences),
    }
    return render(request, "desk/reconcile.html", context)
