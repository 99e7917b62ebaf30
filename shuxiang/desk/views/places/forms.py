"""What is asked about a place, a shelving group, and volumes to carry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.common import clock
from shuxiang.holdings import shelving
from shuxiang.holdings.choosing import Choice, read_codes
from shuxiang.holdings.services import PlaceValues, Way
from shuxiang.libraries import selectors as libraries

if TYPE_CHECKING:
    from shuxiang.holdings.models import ShelvingLocation
    from shuxiang.libraries.models import Library

LENDING = (
    ("out", pgettext_lazy("place", "lent out")),
    ("in-room", pgettext_lazy("place", "read in the room only")),
    ("none", pgettext_lazy("place", "not for readers")),
)
_DAY = {"type": "date"}
_NUMBER = {"inputmode": "numeric"}


class PlaceForm(forms.Form):
    """A place. The three measures make its capacity; a last day makes it a temporary shelf."""

    code = forms.CharField(
        label=_("Code"), max_length=40, help_text=_("Short, as on the shelf or in lists: A3, 新书架")
    )
    name = forms.CharField(label=_("Name"), max_length=60)
    lending = forms.ChoiceField(label=_("Books of this place are"), choices=LENDING, initial="out")
    group = forms.ChoiceField(
        label=_("Shelving group"), help_text=_("Places of one group share one series of book numbers.")
    )
    room = forms.ChoiceField(label=_("Room"), required=False)
    school_class = forms.ChoiceField(
        label=_("Class corner of"),
        required=False,
        help_text=_("Volumes there are in an account of their own."),
    )
    until_on = forms.DateField(
        label=_("Temporary shelf until"),
        required=False,
        widget=forms.DateInput(_DAY, format="%Y-%m-%d"),
        help_text=_("After that day the page of today says what to put back."),
    )
    position = forms.IntegerField(
        label=_("Order in lists"),
        required=False,
        min_value=0,
        max_value=9999,
        widget=forms.TextInput(_NUMBER),
    )
    bays = forms.IntegerField(
        label=_("Bays"), required=False, min_value=1, max_value=999, widget=forms.TextInput(_NUMBER)
    )
    shelves_per_bay = forms.IntegerField(
        label=_("Shelves in a bay"),
        required=False,
        min_value=1,
        max_value=30,
        widget=forms.TextInput(_NUMBER),
    )
    volumes_per_shelf = forms.IntegerField(
        label=_("Volumes on a shelf"),
        required=False,
        min_value=1,
        max_value=999,
        widget=forms.TextInput(_NUMBER),
    )

    def __init__(self, library: Library, place: ShelvingLocation | None = None, data: Any = None) -> None:
        super().__init__(data, initial=_initial(place) if place else None)
        today = clock.local_date(clock.now())
        self._groups = {str(group.pk): group for group in shelving.groups_of(library)}
        self._rooms = {str(room.pk): room for room in shelving.rooms_of(library)}
        here = libraries.classes_on(library, today)
        if place is not None and place.school_class is not None and place.school_class not in here:
            here = [place.school_class, *here]
        self._classes = {str(one.pk): one for one in here}
        labels = [(key, libraries.label_of(one, today)) for key, one in self._classes.items()]
        _choose(self.fields["group"], [(key, str(one)) for key, one in self._groups.items()])
        _choose(self.fields["room"], [("", "—"), *((key, str(one)) for key, one in self._rooms.items())])
        _choose(self.fields["school_class"], [("", "—"), *labels])

    def values(self) -> PlaceValues:
        """What was entered, once it is valid."""
        given = self.cleaned_data
        return PlaceValues(
            code=given["code"],
            name=given["name"],
            group=self._groups[given["group"]],
            lending=given["lending"],
            room=self._rooms.get(given["room"]),
            school_class=self._classes.get(given["school_class"]),
            position=given["position"] or 0,
            until_on=given["until_on"],
            bays=given["bays"],
            shelves_per_bay=given["shelves_per_bay"],
            volumes_per_shelf=given["volumes_per_shelf"],
        )


def _initial(place: ShelvingLocation) -> dict[str, object]:
    names = (
        "code",
        "name",
        "lending",
        "until_on",
        "bays",
        "shelves_per_bay",
        "volumes_per_shelf",
        "position",
    )
    return {name: getattr(place, name) for name in names} | {
        "group": str(place.group_id),
        "room": str(place.room_id or ""),
        "school_class": str(place.school_class_id or ""),
    }


def _choose(field: Any, choices: list[tuple[str, Any]]) -> None:
    field.choices = choices


class GroupForm(forms.Form):
    """A shelving group."""

    code = forms.CharField(label=_("Code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=60)


class CarryForm(forms.Form):
    """Which volumes, and where to."""

    place = forms.ChoiceField(label=_("Standing in"), required=False)
    clc = forms.CharField(
        label=pgettext_lazy("classification", "Class"),
        required=False,
        max_length=20,
        help_text=_("with all that is below it: I24"),
    )
    first = forms.CharField(label=_("From call number"), required=False, max_length=100)
    last = forms.CharField(label=_("To call number"), required=False, max_length=100)
    codes = forms.CharField(
        label=_("Or scan the volumes"),
        required=False,
        strip=True,
        widget=forms.Textarea({"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("One barcode a line. When there is a list, the choices above do not count."),
    )
    to = forms.ChoiceField(label=pgettext_lazy("carry", "To"), required=True)
    how = forms.ChoiceField(
        label=_("For how long"),
        choices=(
            ("now", pgettext_lazy("carry", "for now: the home stays where it is")),
            ("home", pgettext_lazy("carry", "for good: this is its home from now on")),
        ),
        initial="now",
        widget=forms.RadioSelect,
    )

    def __init__(
        self, library: Library, data: Any = None, initial: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self._places = {str(place.pk): place for place in shelving.places_of(library)}
        names = [(key, shelving.full_name(place)) for key, place in self._places.items()]
        _choose(self.fields["place"], [("", pgettext_lazy("place", "any place")), *names])
        _choose(
            self.fields["to"], [("back", pgettext_lazy("carry", "back home, each to its own place")), *names]
        )

    def choice(self) -> Choice:
        """The volumes meant; with a scanned list nothing else counts."""
        given = self.cleaned_data
        if codes := read_codes(given["codes"]):
            return Choice(codes=codes)
        place = self._places.get(given["place"])
        return Choice(
            place_id=place.pk if place else None,
            clc=given["clc"].strip().upper(),
            first=given["first"].strip(),
            last=given["last"].strip(),
        )

    def way(self) -> Way:
        return Way(self._places.get(self.cleaned_data["to"]), self.cleaned_data["how"] == "home")
