"""The page after signing in: what today is like, whether the books agree and the data are safe."""

from typing import cast

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from shuxiang.accounts.access import StaffRequest, libraries_of, needs, scope, signed_in
from shuxiang.audit import reconcile
from shuxiang.circulation import selectors
from shuxiang.common import clock
from shuxiang.libraries import selectors as libraries
from shuxiang.safekeeping import services as safekeeping


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
        name: bool(scope(request.user, permission, request.library, today))
        for name, permission in (
            ("lend", "desk.lend"),
            ("see_figures", "figures.view"),
            ("import", "catalogue.import"),
        )
    }
    context = {
        "may": may,
        "counts": selectors.day_counts(request.library, today),
        "is_open": libraries.is_open_day(request.library, today),
        "turns": libraries.turns_on(request.library, today),
        "light": safekeeping.light(at),
        "today": today,
    }
    return render(request, "desk/home.html", context)


@require_safe
@needs("reconcile.run")
def reconciliation(request: StaffRequest) -> HttpResponse:
    """帐帐相符: every check run now; each row that differs by name."""
    outcome = reconcile.run(request.library.code)
    context = {
        "outcome": outcome,
        "differences": [(d.subject, reconcile.describe(d)) for d in outcome.differences],
        "exceptions": [(d.subject, reconcile.describe(d)) for d in outcome.exceptions],
    }
    return render(request, "desk/reconcile.html", context)
