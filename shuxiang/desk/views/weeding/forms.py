"""What is asked: a rule, why a volume is kept, who approved, a list of titles, a pile of scanned volumes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.holdings import shelving
from shuxiang.weeding import messages as words
from shuxiang.weeding import selectors
from shuxiang.weeding.rules import Criteria

if TYPE_CHECKING:
    from datetime import date

    from shuxiang.libraries.models import Library
    from shuxiang.weeding.models import WeedingList, WeedingRule

_DAY = {"type": "date"}
_NUMBER = {"inputmode": "numeric"}


def choices(kinds: Any, said: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The kinds with their words."""
    return [(str(kind), said[str(kind)]) for kind in kinds]


def _years(label: Any, help_text: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=200,
        help_text=help_text,
        widget=forms.TextInput(_NUMBER),
    )


class RuleForm(forms.Form):
    """A rule: all that is filled in must hold."""

    name = forms.CharField(label=_("Name of the rule"), max_length=60)
    never_lent_years = _years(
        _("Not lent for so many years"), _("Only volumes that have been in the library that long.")
    )
    age_years = _years(
        _("Published at least so many years ago"), _("Volumes without a year of publication are left.")
    )
    copies_over = _years(_("Copies over"), _("Of one volume of a title; those entered first stay."))
    only_worn = forms.BooleanField(label=_("Only volumes whose condition was noted"), required=False)
    clc = forms.CharField(
        label=_("Only class"), required=False, max_length=20, help_text=_("with all that is below it: TP3")
    )
    location = forms.ChoiceField(label=_("Only this place"), required=False)
    reason = forms.ChoiceField(
        label=_("Entered as"), choices=choices(selectors.REASONS[:3], words.REASONS), initial="outdated"
    )

    def __init__(self, library: Library, rule: WeedingRule | None = None, data: Any = None) -> None:
        initial = None
        if rule is not None:
            initial = {name: getattr(rule, name) for name in Criteria.__slots__} | {
                "location": str(rule.location_id or "")
            }
        super().__init__(data, initial=initial)
        places = [(str(place.pk), place.name) for place in shelving.places_of(library)]
        location: Any = self.fields["location"]
        location.choices = [("", pgettext_lazy("place", "any place")), *places]

    def criteria(self) -> Criteria:
        given = self.cleaned_data
        return Criteria(
            name=given["name"],
            never_lent_years=given["never_lent_years"],
            age_years=given["age_years"],
            copies_over=given["copies_over"],
            only_worn=given["only_worn"],
            clc=given["clc"].strip().upper(),
            location_id=int(given["location"]) if given["location"] else None,
            reason=given["reason"],
        )


class KeepForm(forms.Form):
    """Why volumes are kept, and until when."""

    reason = forms.CharField(label=_("Why they are kept"), required=False, max_length=100)
    until_on = forms.DateField(
        label=_("Not proposed again before"), required=False, widget=forms.DateInput(_DAY, format="%Y-%m-%d")
    )


class ApproveForm(forms.Form):
    """What the signed list says."""

    approved_by = forms.CharField(label=_("Approved by"), required=False, max_length=60)
    approved_on = forms.DateField(label=_("Approved on"), widget=forms.DateInput(_DAY, format="%Y-%m-%d"))
    document = forms.CharField(
        label=pgettext_lazy("approval", "Paper"),
        required=False,
        max_length=100,
        help_text=_("minutes or number of the approval"),
    )
    reason = forms.ChoiceField(label=_("Entered as"), choices=choices(selectors.REASONS, words.REASONS))
    disposition = forms.ChoiceField(
        label=_("What becomes of the volumes"),
        required=False,
        choices=[("", "—"), *choices(selectors.DISPOSITIONS, words.DISPOSITIONS)],
    )

    def __init__(self, found: WeedingList, today: date, data: Any = None) -> None:
        initial = {"approved_on": today, "reason": found.reason, "document": found.document}
        super().__init__(data, initial=initial | {"disposition": found.disposition})


class PileForm(forms.Form):
    """Scanned volumes and what is wrong with them."""

    codes = forms.CharField(
        label=_("Scan the volumes"),
        widget=forms.Textarea({"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("One barcode a line."),
    )
    condition = forms.ChoiceField(
        label=_("Condition"), choices=choices(selectors.CONDITIONS, words.CONDITIONS)
    )


class NoteForm(PileForm):
    """The same, or in order again."""

    condition = forms.ChoiceField(
        label=_("Condition"),
        required=False,
        choices=[
            *choices(selectors.CONDITIONS, words.CONDITIONS),
            ("", pgettext_lazy("condition", "in order again")),
        ],
    )


class ReviewForm(forms.Form):
    """A list of titles to look for."""

    file = forms.FileField(
        label=_("The list"),
        help_text=_("xlsx, xls, ods or csv with columns such as ISBN, 书名, 作者, 出版社; at most 10 MB"),
    )
    name = forms.CharField(label=_("Name of the list"), required=False, max_length=100)
    document = forms.CharField(
        label=_("Notice"), required=False, max_length=100, help_text=_("number of the notice it came with")
    )


class DecideForm(forms.Form):
    """On what ground titles are set aside, and what somebody wants to remember."""

    ground = forms.ChoiceField(
        label=_("Ground"), required=False, choices=[("", "—"), *choices(selectors.GROUNDS, words.GROUNDS)]
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)
