"""What is asked when signing in: a name and a password, or a code and a new password."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from shuxiang.accounts.access import may_enter
from shuxiang.accounts.models import Account
from shuxiang.accounts.services.people import plain_username
from shuxiang.common import clock


class SignInForm(forms.Form):
    """One sentence for every failure: a wrong name, a wrong password, a closed account and ended grants look the same."""

    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(data)
        self.request = request
        self.account: Account | None = None

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if self.errors:
            return values
        account = authenticate(
            self.request, username=plain_username(values["username"]), password=values["password"]
        )
        if not isinstance(account, Account) or not may_enter(account, clock.local_date(clock.now())):
            raise forms.ValidationError(_("The name or the password is not right."), code="wrong")
        self.account = account
        return values


def _rules_of_strength() -> str:
    """What the validators want, in Django's own sentences."""
    return " ".join(password_validators_help_texts())


class NewPasswordForm(forms.Form):
    """A new password, typed twice. Its strength is judged by the service."""

    password = forms.CharField(
        label=_("New password"),
        help_text=lazy(_rules_of_strength, str)(),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not self.errors and values["password"] != values["again"]:
            self.add_error("again", _("The two passwords differ."))
        return values


class WelcomeForm(NewPasswordForm):
    """The one-time code and the password chosen with it."""

    code = forms.CharField(
        label=_("One-time code"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )
    field_order = ("code", "password", "again")


class ChangePasswordForm(NewPasswordForm):
    """The password until now and the new one."""

    present = forms.CharField(
        label=_("Present password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    field_order = ("present", "password", "again")

    def __init__(self, account: Account, data: Any = None) -> None:
        super().__init__(data)
        self.account = account

    def clean_present(self) -> str:
        present: str = self.cleaned_data["present"]
        if not self.account.check_password(present):
            raise forms.ValidationError(_("This is not the present password."), code="wrong")
        return present
