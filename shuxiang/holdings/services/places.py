"""Where volumes stand: shelving groups and locations."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Reason, Weight
from shuxiang.holdings.models import Holding, Item, ShelvingGroup, ShelvingLocation
from shuxiang.holdings.refusals import refuse, refuse_all
from shuxiang.holdings.rules import MAIN
from shuxiang.libraries.models import Library, Room, SchoolClass


@dataclass(frozen=True, slots=True)
class Places:
    """The group and the location for whatever names none."""

    group: ShelvingGroup
    location: ShelvingLocation


@transaction.atomic
def default_places(library: Library) -> Places:
    """The library's main collection and its open shelves; made when missing."""
    group, _is_new = ShelvingGroup.objects.get_or_create(
        library=library, code=MAIN, defaults={"name": _("Main collection")}
    )
    location, _is_new = ShelvingLocation.objects.get_or_create(
        library=library, code=MAIN, defaults={"name": _("Open shelves"), "group": group}
    )
    return Places(group, location)


@transaction.atomic
def ensure_location(library: Library, name: str, *, group: ShelvingGroup | None = None) -> ShelvingLocation:
    """The location with this code or name, made in `group` (the main one) when missing; a blank name is the default."""
    plain = name.strip()
    if not plain:
        return default_places(library).location
    there = ShelvingLocation.objects.filter(library=library)
    found = there.filter(code=plain[:40]).first() or there.filter(name=plain[:60]).first()
    if found is not None:
        return found
    return ShelvingLocation.objects.create(
        library=library, group=group or default_places(library).group, code=plain[:40], name=plain[:60]
    )


@dataclass(frozen=True, slots=True)
class PlaceValues:
    """What is known of a place; `lending` of ShelvingLocation.Lending, the three measures in pieces."""

    code: str
    name: str
    group: ShelvingGroup
    lending: str = ShelvingLocation.Lending.OUT
    room: Room | None = None
    school_class: SchoolClass | None = None
    position: int = 0
    until_on: date | None = None
    bays: int | None = None
    shelves_per_bay: int | None = None
    volumes_per_shelf: int | None = None


@transaction.atomic
def save_place(
    place: ShelvingLocation | None, values: PlaceValues, *, library: Library, by: Actor, at: datetime
) -> ShelvingLocation:
    """Make a place, or change one.

    Refuses a code that another place has, another code for the default place, and another group or class while volumes
    are at home or stand there: their call numbers belong to the group, and a class corner is an account of its own.
    """
    begun = operations.begin("holdings.save_place", by=by, at=at, library_code=library.code)
    refuse_all(_against(place, values, library))
    row = place or ShelvingLocation(library=library)
    for name in PlaceValues.__slots__:
        setattr(row, name, getattr(values, name))
    row.save()
    operations.finish(begun.operation, subject=f"holdings.place:{row.pk}", detail={"code": row.code})
    return row


def _against(place: ShelvingLocation | None, values: PlaceValues, library: Library) -> list[Reason]:
    same = ShelvingLocation.objects.filter(library=library, code=values.code)
    if place is not None:
        same = same.exclude(pk=place.pk)
    found = []
    if not values.code or not values.name:
        found.append(Reason("place_without_name", Weight.REFUSE))
    if other := same.first():
        found.append(Reason("place_code_taken", Weight.REFUSE, {"code": values.code, "location": other.name}))
    if place is not None and place.code == MAIN != values.code:
        found.append(Reason("default_code_fixed", Weight.REFUSE, {"location": place.name}))
    if place is not None and _is_used(place):
        if place.group_id != values.group.pk:
            found.append(Reason("place_group_fixed", Weight.REFUSE, {"location": place.name}))
        if place.school_class_id != (values.school_class.pk if values.school_class else None):
            found.append(Reason("place_class_fixed", Weight.REFUSE, {"location": place.name}))
    return found


def _is_used(place: ShelvingLocation) -> bool:
    return Item.objects.filter(Q(home=place) | Q(current=place)).exists()


@transaction.atomic
def remove_place(place: ShelvingLocation, *, by: Actor, at: datetime) -> None:
    """Forget a place. Refuses the default one, and one where any volume ever on the books is at home or stands."""
    begun = operations.begin("holdings.remove_place", by=by, at=at, library_code=place.library.code)
    if place.code == MAIN:
        raise refuse("place_is_default", location=place.name)
    if _is_used(place):
        raise refuse("place_in_use", location=place.name)
    operations.finish(begun.operation, subject=f"holdings.place:{place.pk}", detail={"code": place.code})
    place.delete()


@transaction.atomic
def save_group(
    group: ShelvingGroup | None, *, code: str, name: str, library: Library, by: Actor, at: datetime
) -> ShelvingGroup:
    """Make a shelving group, or rename one. Refuses a code that another group has, another for the default, a blank one."""
    begun = operations.begin("holdings.save_group", by=by, at=at, library_code=library.code)
    if not code or not name:
        raise refuse("place_without_name")
    same = ShelvingGroup.objects.filter(library=library, code=code)
    other = same.exclude(pk=group.pk).first() if group is not None else same.first()
    if other is not None:
        refuse_all([Reason("place_code_taken", Weight.REFUSE, {"code": code, "location": other.name})])
    if group is not None and group.code == MAIN != code:
        raise refuse("default_code_fixed", location=group.name)
    row = group or ShelvingGroup(library=library)
    row.code, row.name = code, name
    row.save()
    operations.finish(begun.operation, subject=f"holdings.group:{row.pk}", detail={"code": code})
    return row


@transaction.atomic
def remove_group(group: ShelvingGroup, *, by: Actor, at: datetime) -> None:
    """Forget a shelving group. Refuses the default one, and one that has places or numbered titles."""
    begun = operations.begin("holdings.remove_group", by=by, at=at, library_code=group.library.code)
    if group.code == MAIN:
        raise refuse("place_is_default", location=group.name)
    if group.locations.exists() or Holding.objects.filter(group=group).exists():
        raise refuse("group_in_use", group=group.name)
    operations.finish(begun.operation, subject=f"holdings.group:{group.pk}", detail={"code": group.code})
    group.delete()
