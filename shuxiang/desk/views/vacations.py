"""Periods of the holidays with lending rules of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.circulation import messages as circulation_messages
from shuxiang.circulation import services, terms
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.desk.views.holds import LARGEST
from shuxiang.desk.views.policies import POLICY
from shuxiang.desk.views.recalls import classes_of
from shuxiang.patrons import selectors as patrons

if TYPE_CHECKING:
    from shuxiang.circulation.holdmodels import Vacation

_DAY = {"type": "date"}
_NUMBER = {"inputmode": "numeric"}


def _day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(_DAY, format="%Y-%m-%d"), **more)


class VacationForm(forms.Form):
    """A period: its days of lending, when all is due or for how long, how many, for whom."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=40)
    from_on = _day_field(gettext_lazy("First day of lending"))
    to_on = _day_field(gettext_lazy("Last day of lending"))
    due_on = _day_field(
        gettext_lazy("All is due on"),
        required=False,
        help_text=gettext_lazy("The first week of the next term. Leave it empty to give a number of days."),
    )
    loan_days = forms.IntegerField(
        label=gettext_lazy("Days of a loan"),
        required=False,
        min_value=1,
        max_value=400,
        widget=forms.TextInput(_NUMBER),
    )
    loan_limit = forms.IntegerField(
        label=gettext_lazy("Volumes at once"),
        required=False,
        min_value=0,
        max_value=999,
        widget=forms.TextInput(_NUMBER),
        help_text=gettext_lazy("Empty: as the lending rules say."),
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Only for these readers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: for all."),
    )
    classes = forms.MultipleChoiceField(
        label=gettext_lazy("Only for these classes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: for all."),
    )

    def __init__(self, request: StaffRequest, row: Vacation | None = None, data: Any = None) -> None:
        super().__init__(data, initial=_initial(row) if row else None)
        self._categories = {str(one.pk): one for one in patrons.categories_of(request.library)}
        found = classes_of(request)
        self._classes = {str(one.pk): one for one, _label in found}
        _choices(self, "categories", [(key, one.name) for key, one in self._categories.items()])
        _choices(self, "classes", [(str(one.pk), label) for one, label in found])

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        kept = dict(self.cleaned_data)
        kept["categories"] = [self._categories[key] for key in kept["categories"]]
        kept["classes"] = [self._classes[key] for key in kept["classes"]]
        return kept


def _choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    cast(forms.MultipleChoiceField, form.fields[name]).choices = choices


def _initial(row: Vacation) -> dict[str, Any]:
    names = ("name", "from_on", "to_on", "due_on", "loan_days", "loan_limit")
    return {name: getattr(row, name) for name in names} | {
        "categories": [str(one.pk) for one in row.categories.all()],
        "classes": [str(one.pk) for one in row.classes.all()],
    }


@require_safe
@needs(POLICY)
def vacations(request: StaffRequest) -> HttpResponse:
    """All periods, the latest first."""
    labels = {one.pk: label for one, label in classes_of(request)}
    rows = [
        (
            row,
            [one.name for one in row.categories.all()]
            + [labels.get(one.pk, one.label_pattern) for one in row.classes.all()],
        )
        for row in terms.all_vacations(request.library)
    ]
    context = {"rows": rows, "today": clock.local_date(clock.now())}
    return render(request, "desk/policies/vacations.html", context)


@require_http_methods(["GET", "POST"])
@needs(POLICY)
def new(request: StaffRequest) -> HttpResponse:
    """Enter a period."""
    return _form(request, None)


@require_http_methods(["GET", "POST"])
@needs(POLICY)
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a period; what was lent in it stays due as it is."""
    return _form(request, _found(request, pk))


def _found(request: StaffRequest, pk: int) -> Vacation:
    found = terms.find_vacation(request.library, pk) if pk < LARGEST else None
    if found is None:
        raise Http404
    return found


def _form(request: StaffRequest, row: Vacation | None) -> HttpResponse:
    form = VacationForm(request, row, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_vacation(
                library=request.library, row=row, at=clock.now(), by=actor_of(request), **form.values()
            )
        except Refused as refused:
            for reason in refused.decision.reasons:
                form.add_error(None, circulation_messages.words(reason))
        else:
            messages.success(request, _("Saved. It holds for what is lent on these days."))
            return redirect("desk:vacations")
    context = {"form": form, "row": row}
    return render(request, "desk/policies/vacation.html", context, status=422 if form.errors else 200)


@require_POST
@needs(POLICY)
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    """The period is no more."""
    services.remove_vacation(row=_found(request, pk), at=clock.now(), by=actor_of(request))
    messages.success(request, _("Removed. What was lent stays due as it is."))
    return redirect("desk:vacations")
