"""The rule table of compensation: take one over, change its rows, try it."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.ids import uuid7
from shuxiang.common.yuan import read_yuan
from shuxiang.compensation import selectors, services, shipped
from shuxiang.compensation.messages import BASES, MATERIALS, SEVERITIES, in_words, say_all
from shuxiang.compensation.refusals import refuse
from shuxiang.compensation.rules import Loss, Rule, reckon
from shuxiang.desk.views.money import attempt, typed_number, typed_sum
from shuxiang.desk.views.stocktaking import operation_of

SET = "circulation.policy"
SPARE_ROWS = 3
_CHOSEN = ("list", "current", "set", "none")


@require_safe
@needs(SET)
def rules(request: StaffRequest) -> HttpResponse:
    """The table, those that come along, what holds for all cases, and a box to try it."""
    terms = selectors.terms_of(request.library)
    rows = [*terms.rules, *[None] * SPARE_ROWS]
    context = {
        "terms": terms,
        "rows": list(enumerate(rows, 1)),
        "sets": shipped.SETS,
        "chosen": shipped.set_called(terms.set_code),
        "severities": SEVERITIES.items(),
        "materials": MATERIALS.items(),
        "bases": [(code, BASES[code]) for code in _CHOSEN],
        "tried": _tried(request, terms),
        "operation": uuid7(),
    }
    return render(request, "desk/compensation/rules.html", context)


def _tried(request: StaffRequest, terms: selectors.Terms) -> dict[str, object]:
    """The try box: what a volume of such a price would cost for each damage."""
    asked = request.GET.get("price", "")[:12]
    try:
        price = read_yuan(asked)
    except ValueError:
        return {"price": asked, "problem": True}
    if price is None:
        return {"price": asked}
    material = request.GET.get("material", "")
    copies = typed_number(request.GET.get("copies", ""), 9999) or 1
    found = []
    for severity, words in SEVERITIES.items():
        loss = Loss(
            severity,
            list_fen=price,
            set_fen=price if material == "set" else None,
            is_reference=material == "reference",
            is_serial=material == "serial",
            is_of_set=material == "set",
            copies=copies,
            year=typed_number(request.GET.get("year", ""), 9999),
        )
        reckoning = reckon(terms.rules, loss, terms.unknown_price_fen)
        found.append((words, in_words(asdict(reckoning)) if reckoning else ""))
    return {
        "price": asked,
        "material": material,
        "copies": copies,
        "year": request.GET.get("year", "")[:4],
        "found": found,
    }


@require_POST
@needs(SET)
def take_over(request: StaffRequest) -> HttpResponse:
    """Begin with a table that comes along."""
    attempt(
        request,
        lambda: services.take_over(
            library=request.library,
            code=request.POST.get("set", "")[:20],
            at=clock.now(),
            by=actor_of(request),
            operation_id=operation_of(request),
        ),
        say_all,
        _("The table is taken over. Cases that are open keep their sums."),
    )
    return redirect("desk:compensation_rules")


@require_POST
@needs(SET)
def save(request: StaffRequest) -> HttpResponse:
    """The table as it was changed; rows without a price to begin with and without a fee are left out."""
    attempt(
        request,
        lambda: services.save_rules(
            library=request.library,
            rules=_typed(request),
            at=clock.now(),
            by=actor_of(request),
            operation_id=operation_of(request),
        ),
        say_all,
        _("Kept. Cases that are open keep their sums."),
    )
    return redirect("desk:compensation_rules")


def _typed(request: StaffRequest) -> list[Rule]:
    found: list[Rule] = []
    for place in range(1, services.MOST_RULES + 1):
        base = request.POST.get(f"base{place}", "")
        if base not in _CHOSEN:
            continue

        def number(name: str, row: int = place) -> int | None:
            text = request.POST.get(f"{name}{row}", "").strip()
            if not text:
                return None
            typed = typed_number(text, 9999)
            if typed is None:
                raise refuse("bad_rule", place=row)
            return typed

        severity, material = (
            request.POST.get(f"severity{place}", ""),
            request.POST.get(f"material{place}", ""),
        )
        found.append(
            Rule(
                severity if severity in SEVERITIES else "",
                material if material in MATERIALS else "",
                number("from"),
                number("to"),
                number("year"),
                base,
                _factor(request.POST.get(f"factor{place}", ""), place),
                typed_sum(request, f"fee{place}", 0) or 0,
                typed_sum(request, f"min{place}"),
                typed_sum(request, f"max{place}"),
            )
        )
    return found


def _factor(text: str, place: int) -> int:
    """Per cent of a factor typed as 2 or 1.5; read like a sum, which has two decimals too."""
    try:
        typed = read_yuan(text)
    except ValueError:
        raise refuse("bad_rule", place=place) from None
    return 100 if typed is None else typed


@require_POST
@needs(SET)
def policy(request: StaffRequest) -> HttpResponse:
    """What holds for all cases."""

    def write() -> selectors.Terms:
        days = typed_number(request.POST.get("refund_days", ""), 3660)
        if days is None:
            raise refuse("bad_policy")
        values = services.PolicyValues(typed_sum(request, "unknown"), days, typed_sum(request, "fee", 0) or 0)
        return services.save_policy(
            library=request.library,
            values=values,
            at=clock.now(),
            by=actor_of(request),
            operation_id=operation_of(request),
        )

    attempt(request, write, say_all, _("Kept."))
    return redirect("desk:compensation_rules")
