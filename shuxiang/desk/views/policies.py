"""Lending rules: the whole table in words, each row to edit, and what would happen to one reader with one volume."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.circulation import messages as circulation_messages
from shuxiang.circulation import services, terms
from shuxiang.circulation.rules import BOUNDS, QUESTIONS, Policy, PolicyRow, deciding_rows
from shuxiang.circulation.services.trying import Tried, try_lending
from shuxiang.common import clock
from shuxiang.common.clock import DEFAULT_TIMEZONE
from shuxiang.common.decisions import Refused
from shuxiang.desk.counter import key_of
from shuxiang.desk.showing import reasons
from shuxiang.holdings import shelving
from shuxiang.patrons import selectors as patrons

if TYPE_CHECKING:
    from shuxiang.circulation.holdrules import VacationFacts
    from shuxiang.libraries.models import Library

POLICY = "circulation.policy"
YEARS = range(1900, 2200)  # beyond them no due date can be counted
WORDS = circulation_messages.POLICY_WORDS
_YES_NO = (
    ("", gettext_lazy("as in the less specific row")),
    ("1", gettext_lazy("yes")),
    ("0", gettext_lazy("no")),
)


class PolicyForm(forms.Form):
    """One row; an empty field leaves the question to a less specific row."""

    in_room_only = forms.ChoiceField(label=WORDS["in_room_only"], choices=_YES_NO, required=False)

    def __init__(self, row: PolicyRow, data: Any = None) -> None:
        super().__init__(data)
        self._row = row
        for name, (least, most) in BOUNDS.items():
            self.fields[name] = forms.IntegerField(
                label=WORDS[name],
                required=False,
                min_value=least,
                max_value=most,
                initial=getattr(row, name),
                widget=forms.TextInput({"inputmode": "numeric"}),
            )
        value = row.in_room_only
        self.fields["in_room_only"].initial = "" if value is None else str(int(value))
        self.order_fields([*BOUNDS, "in_room_only"])

    def row(self) -> PolicyRow:
        """The row as it was filled in."""
        values: dict[str, Any] = {name: self.cleaned_data[name] for name in BOUNDS}
        typed = self.cleaned_data["in_room_only"]
        return replace(self._row, **values, in_room_only=None if typed == "" else typed == "1")


def scopes_of(library: Library) -> tuple[dict[int, str], dict[int, str]]:
    """Categories and places by key, with their names."""
    categories = {one.pk: one.name for one in patrons.categories_of(library)}
    return categories, {one.pk: one.name for one in shelving.places_of(library)}


def scope_words(row: PolicyRow, categories: dict[int, str], places: dict[int, str]) -> str:
    """Whom and what a row is about: 学生 · 绘本馆."""
    who = categories.get(row.category_id or 0, _("All readers"))
    return f"{who} · {places.get(row.location_id, '')}" if row.location_id else who


def sentence(row: PolicyRow) -> str:
    """A row in words: 2 册、14 天、续借 1 次（14 天）."""
    parts = []
    if row.loan_limit is not None:
        parts.append(ngettext("%(n)s volume", "%(n)s volumes", row.loan_limit) % {"n": row.loan_limit})
    if row.loan_days is not None:
        parts.append(ngettext("%(n)s day", "%(n)s days", row.loan_days) % {"n": row.loan_days})
    if row.renewals is not None:
        parts.append(_("renewed %(n)s times") % {"n": row.renewals} if row.renewals else _("not renewed"))
    if row.renewal_days is not None and row.renewals != 0:
        parts.append(_("each renewal %(n)s days") % {"n": row.renewal_days})
    if row.in_room_only is not None:
        parts.append(_("read in the room only") if row.in_room_only else _("may be taken home"))
    if row.hold_limit is not None:
        parts.append(_("%(n)s holds") % {"n": row.hold_limit} if row.hold_limit else _("no holds"))
    if row.hold_days is not None:
        parts.append(_("kept %(n)s days on the pick-up shelf") % {"n": row.hold_days})
    if row.suspension_per_day_late is not None:
        n = row.suspension_per_day_late
        parts.append(
            _("each day late stops lending %(n)s days") % {"n": n} if n else _("never stopped for delay")
        )
    joined = pgettext("list", ", ").join(parts)
    return joined or _("says nothing: less specific rows answer")


@require_safe
@needs(POLICY)
def policies(request: StaffRequest) -> HttpResponse:
    """The whole table in words, and the box to try it out."""
    categories, places = scopes_of(request.library)
    rows = sorted(
        terms.policy_rows(request.library),
        key=lambda row: (row.location_id is not None, row.category_id is not None, row.category_id or 0),
    )
    common = next((row for row in rows if row.category_id is None and row.location_id is None), None)
    context = {
        "rows": [(row, scope_words(row, categories, places), sentence(row)) for row in rows],
        "common": None if common else PolicyRow(None, None, **vars(Policy())),
        "common_words": "" if common else sentence(PolicyRow(None, None, **vars(Policy()))),
        "categories": categories.items(),
        "places": places.items(),
        "today": clock.local_date(clock.now()),
    }
    return render(request, "desk/policies/page.html", context)


def _scope(request: StaffRequest, sent: Any) -> PolicyRow:
    """The row that an address or a form names, as it is. Raises Http404 for what is not here."""
    category, place = key_of(sent.get("category", "")), key_of(sent.get("place", ""))
    categories, places = scopes_of(request.library)
    if (category is not None and category not in categories) or (place is not None and place not in places):
        raise Http404
    known = {(row.category_id, row.location_id): row for row in terms.policy_rows(request.library)}
    return known.get((category, place)) or PolicyRow(category, place)


@require_http_methods(["GET", "POST"])
@needs(POLICY)
def row(request: StaffRequest) -> HttpResponse:
    """One row to fill in."""
    asked = _scope(request, request.POST if request.method == "POST" else request.GET)
    form = PolicyForm(asked, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_policy(library=request.library, row=form.row(), at=clock.now(), by=actor_of(request))
        except Refused as refused:
            for reason in refused.decision.reasons:
                form.add_error(None, circulation_messages.words(reason))
        else:
            messages.success(
                request, _("Saved. It holds from the next loan on; earlier loans keep their dates.")
            )
            return redirect("desk:policies")
    categories, places = scopes_of(request.library)
    known = {(one.category_id, one.location_id) for one in terms.policy_rows(request.library)}
    context = {
        "form": form,
        "row": asked,
        "scope": scope_words(asked, categories, places),
        "is_known": (asked.category_id, asked.location_id) in known,
        "is_common": asked.category_id is None and asked.location_id is None,
    }
    return render(request, "desk/policies/row.html", context, status=422 if form.errors else 200)


@require_POST
@needs(POLICY)
def remove(request: StaffRequest) -> HttpResponse:
    """Take a row out of the table."""
    try:
        services.remove_policy(
            library=request.library, row=_scope(request, request.POST), at=clock.now(), by=actor_of(request)
        )
        messages.success(request, _("Removed: less specific rows answer from now on."))
    except Refused as refused:
        for reason in refused.decision.reasons:
            messages.error(request, circulation_messages.words(reason))
    return redirect("desk:policies")


@require_safe
@needs(POLICY)
def try_out(request: StaffRequest) -> HttpResponse:
    """What would happen to one reader with one volume on a day, and which row said so; nothing is written."""
    sent = request.GET
    day = _day(sent.get("on", ""))
    typed_reader, typed_code = sent.get("reader", "")[:60], sent.get("code", "")[:60]
    found = try_lending(request.library, typed_reader, typed_code, _noon(day))
    context: dict[str, object] = {
        "reader": typed_reader,
        "code": typed_code,
        "on": day,
        "found": found,
        "tried": bool(typed_reader and typed_code),
    }
    if found.standing is not None and found.decision is not None:
        context |= {"reasons": reasons(found.decision), "lines": _answers(request, found)}
    return render(request, "desk/policies/try.html", context)


def _day(text: str) -> date:
    """The day that was typed; today for what is none, and for an age in which no due date can be counted."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    return day if day.year in YEARS else clock.local_date(clock.now())


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), ZoneInfo(DEFAULT_TIMEZONE)).astimezone(UTC)


def _answers(request: StaffRequest, found: Tried) -> list[tuple[str, str, str]]:
    """Each question, its answer, and the row that gave it."""
    if found.standing is None or found.patron is None:
        return []
    categories, places = scopes_of(request.library)
    deciding = deciding_rows(terms.policy_rows(request.library), found.patron.category_id, found.place_id)
    policy, lines = found.standing.terms.policy, []
    for name in QUESTIONS:
        deciding_row = deciding[name]
        who = (
            scope_words(deciding_row, categories, places)
            if deciding_row
            else _("what ships with the program")
        )
        value = getattr(policy, name)
        shown = (_("yes") if value else _("no")) if isinstance(value, bool) else str(value)
        lines.append((str(WORDS[name]), shown, who))
    return [*_before_the_table(found.patron.loan_limit, found.standing.terms.vacation), *lines]


def _before_the_table(own: int | None, vacation: VacationFacts | None) -> list[tuple[str, str, str]]:
    """What comes before any row: the reader's own limit, the holidays."""
    lines = [] if own is None else [(str(WORDS["loan_limit"]), str(own), _("this reader's own limit"))]
    if vacation is None:
        return lines
    if vacation.due_on is not None:
        lines.append((_("All is due on"), vacation.due_on.isoformat(), vacation.name))
    for name in ("loan_days", "loan_limit"):
        value = getattr(vacation, name)
        if value is not None:
            lines.append((str(WORDS[name]), str(value), vacation.name))
    return lines
