"""Self-service machines (自助借还机): where they stand, what they may do, the code that makes a computer one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuxiang.accounts import selectors, services
from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.accounts.messages import words
from shuxiang.accounts.services import KioskValues
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.libraries.rotation import rooms_of
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.services import show_history

if TYPE_CHECKING:
    from datetime import date

    from shuxiang.accounts.devicemodels import Kiosk
    from shuxiang.libraries.models import Library

EDIT = "libraries.edit"
SECONDS = ((15, "15"), (30, "30"), (45, "45"), (60, "60"), (90, "90"), (120, "120"))


class KioskForm(forms.Form):
    """A machine: its name, its place, what it may do."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=40,
        help_text=gettext_lazy("As one calls it: by the door, second floor"),
    )
    room = forms.ChoiceField(label=gettext_lazy("Room"), required=False)
    may_lend = forms.BooleanField(label=gettext_lazy("lends"), required=False, initial=True)
    may_return = forms.BooleanField(label=gettext_lazy("takes back"), required=False, initial=True)
    may_renew = forms.BooleanField(label=gettext_lazy("renews"), required=False, initial=True)
    by_class = forms.BooleanField(
        label=gettext_lazy("also without a card: class, name, picture code"), required=False, initial=True
    )
    shows_pinyin = forms.BooleanField(
        label=gettext_lazy("pinyin above the characters"), required=False, initial=True
    )
    reset_seconds = forms.TypedChoiceField(
        label=gettext_lazy("Forgets after so many seconds without a touch"),
        choices=SECONDS,
        coerce=int,
        initial=30,
    )
    expires_on = forms.DateField(
        label=pgettext_lazy("machine", "Last day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: until it is taken out of use."),
    )

    def __init__(self, library: Library, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.rooms = {str(room.pk): room for room in rooms_of(library)}
        choices = [("", "—"), *((key, room.name) for key, room in self.rooms.items())]
        self.fields["room"].choices = choices  # type: ignore[attr-defined]

    def values(self) -> KioskValues:
        sent = self.cleaned_data
        return KioskValues(**{**sent, "room": self.rooms.get(sent["room"])})


def _row(kiosk: Kiosk, today: date) -> dict[str, Any]:
    """A machine and how it stands."""
    if kiosk.revoked_at is not None:
        state = ("away", _("out of use"))
    elif kiosk.expires_on is not None and kiosk.expires_on < today:
        state = ("late", _("its last day is over"))
    elif kiosk.key_digest:
        state = ("ok", _("in use"))
    else:
        state = ("short", _("not registered yet"))
    acts = [(kiosk.may_lend, _("lends")), (kiosk.may_return, _("takes back")), (kiosk.may_renew, _("renews"))]
    return {"kiosk": kiosk, "state": state, "acts": " · ".join(words for on, words in acts if on)}


@require_safe
@needs(EDIT)
def kiosks(request: StaffRequest) -> HttpResponse:
    """All machines of the library, and what readers see on their own page."""
    today = clock.local_date(clock.now())
    context = {
        "rows": [_row(kiosk, today) for kiosk in selectors.kiosks_of(request.library)],
        "shows_history": patrons.shows_history(request.library),
        "operation": uuid4(),
        "reader_url": reverse("opac:me", args=[request.library.code]),
    }
    return render(request, "desk/kiosks/list.html", context)


@require_http_methods(["GET", "POST"])
@needs(EDIT)
def kiosk_new(request: StaffRequest) -> HttpResponse:
    return _edited(request, None)


@require_http_methods(["GET", "POST"])
@needs(EDIT)
def kiosk(request: StaffRequest, pk: int) -> HttpResponse:
    """One machine, to look at and to change."""
    return _edited(request, _kiosk(request, pk))


def _kiosk(request: StaffRequest, pk: int) -> Kiosk:
    found = selectors.find_kiosk(request.library, pk)
    if found is None:
        raise Http404
    return found


def _edited(request: StaffRequest, row: Kiosk | None) -> HttpResponse:
    names = [*KioskForm.base_fields]
    initial = {name: getattr(row, name) for name in names} | {"room": row.room_id or ""} if row else None
    form = KioskForm(request.library, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        at = clock.now()
        try:
            saved = services.save_kiosk(
                library=request.library,
                values=form.values(),
                row=row,
                by=actor_of(request),
                at=at,
                operation_id=_operation(request),
            )
        except Refused as refused:
            for reason in refused.decision.reasons:
                form.add_error(None if reason.code == "kiosk_idle" else "name", words(reason))
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": saved.name})
            return redirect("desk:kiosk", pk=saved.pk) if row is None else redirect("desk:kiosks")
    row_now = _row(row, clock.local_date(clock.now())) if row else None
    context = {"form": form, "row": row_now, "operation": uuid4()}
    return render(request, "desk/kiosks/machine.html", context, status=422 if form.errors else 200)


def _operation(request: StaffRequest) -> UUID:
    try:
        return UUID(request.POST.get("operation", ""))
    except ValueError:
        return uuid4()


@require_POST
@never_cache
@needs(EDIT)
def kiosk_code(request: StaffRequest, pk: int) -> HttpResponse:
    """A one-time code, shown this once, with the address to open at the machine."""
    row = _kiosk(request, pk)
    code = services.issue_kiosk_code(kiosk=row, by=actor_of(request), at=clock.now())
    address = request.build_absolute_uri(reverse("kiosk:register"))
    return render(request, "desk/kiosks/code.html", {"kiosk": row, "code": code, "address": address})


@require_POST
@needs(EDIT)
def kiosk_revoke(request: StaffRequest, pk: int) -> HttpResponse:
    """Out of use; a new code puts it back into use."""
    row = _kiosk(request, pk)
    services.revoke_kiosk(kiosk=row, by=actor_of(request), at=clock.now(), operation_id=_operation(request))
    messages.success(request, _("“%(name)s” is out of use. A new code puts it back.") % {"name": row.name})
    return redirect("desk:kiosks")


@require_POST
@needs(EDIT)
def history(request: StaffRequest) -> HttpResponse:
    """Whether readers see what they borrowed before."""
    shows = request.POST.get("shows") == "yes"
    show_history(
        library=request.library,
        shows=shows,
        by=actor_of(request),
        at=clock.now(),
        operation_id=_operation(request),
    )
    told = (
        _("Readers see now what they borrowed before.")
        if shows
        else _("Readers see only what they have out.")
    )
    messages.success(request, told)
    return redirect("desk:kiosks")
