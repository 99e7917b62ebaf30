"""The form of a target."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuxiang.sources.rules import MAX_SECONDS, MIN_SECONDS
from shuxiang.sources.selectors import TargetVersion
from shuxiang.sources.services import TargetValues


class TargetForm(forms.Form):
    """A catalogue that is asked; whether the values can be is judged by the service."""

    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("It stands beside every record from there.")
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=300,
        help_text=_(
            "Like http://opac.example.org:8080/sru, as that library tells it. Another Shuxiang has it at /sru."
        ),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    record_schema = forms.CharField(
        label=_("Form of records"),
        max_length=100,
        required=False,
        initial="cnmarc",
        help_text=_(
            "What the server calls it: cnmarc at another Shuxiang, marcxml at most others. Empty: its own choice."
        ),
    )
    profile = forms.ChoiceField(
        label=_("The records are"),
        required=False,
        choices=[("", _("read from each record")), ("cnmarc", "CNMARC"), ("marc21", "MARC 21")],
    )
    version = forms.ChoiceField(label=_("SRU version"), choices=[(one, one) for one in TargetVersion.values])
    isbn_index = forms.CharField(
        label=_("Index for ISBN"), max_length=40, required=False, initial="bath.isbn"
    )
    title_index = forms.CharField(
        label=_("Index for titles"), max_length=40, required=False, initial="dc.title"
    )
    timeout_seconds = forms.IntegerField(
        label=_("Wait at most (seconds)"), initial=8, min_value=MIN_SECONDS, max_value=MAX_SECONDS
    )
    allows_private = forms.BooleanField(
        label=_("This server stands in our own network"),
        required=False,
        help_text=_("Only the owner may say so. Without it addresses of the own network are never asked."),
    )

    def values(self, *, is_used: bool) -> TargetValues:
        """What was typed, for the service."""
        given: dict[str, Any] = dict(self.cleaned_data)
        return TargetValues(**given, is_used=is_used)
