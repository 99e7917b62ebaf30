"""Places as pages show them: what stands there, how full they are, their shelves, what a re-shelving would carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Case, Count, QuerySet, When
from django.db.models.functions import Coalesce

from shuxiang.audit import operations
from shuxiang.audit.models import Job
from shuxiang.catalogue import clc
from shuxiang.common.actors import Actor
from shuxiang.holdings.choosing import in_bytes
from shuxiang.holdings.layout import Row, Shift, Title, lay_out, shifts
from shuxiang.holdings.models import Item, ItemAccount, ShelvingGroup, ShelvingLocation
from shuxiang.holdings.placemodels import Carriage, CarriageLine, Shelf
from shuxiang.holdings.refusals import refuse
from shuxiang.holdings.rules import MAIN, ON_BOOKS, ON_SHELF
from shuxiang.libraries.models import Library, Room


@dataclass(frozen=True, slots=True)
class Filled:
    """A place, the volumes that are at home there and those that stand there now."""

    place: ShelvingLocation
    at_home: int
    standing: int

    @property
    def percent(self) -> int | None:
        """Share of its capacity that is filled now, rounded; None while it is not measured."""
        capacity = self.place.capacity
        return None if not capacity else round(100 * self.standing / capacity)


def shown_code(place: ShelvingLocation | ShelvingGroup) -> str:
    """The code that a person gave it; empty for the default one, which the program made."""
    return "" if place.code == MAIN else place.code


def full_name(place: ShelvingLocation) -> str:
    """Its name, and its code where that says more."""
    code = shown_code(place)
    return place.name if code in {"", place.name} else f"{place.name}（{code}）"


def places_of(library: Library) -> QuerySet[ShelvingLocation]:
    """The places of a library in their order."""
    places = ShelvingLocation.objects.filter(library=library).select_related("group", "room", "school_class")
    return places.order_by("position", "code")


def rooms_of(library: Library) -> QuerySet[Room]:
    """The rooms of a library, for choosing where a place is."""
    return Room.objects.filter(library=library).order_by("name")


def groups_of(library: Library) -> QuerySet[ShelvingGroup]:
    """The shelving groups of a library, with how many places each has."""
    groups = ShelvingGroup.objects.filter(library=library).annotate(places=Count("locations"))
    return groups.order_by("code")


def filled(library: Library) -> list[Filled]:
    """Every place with its volumes: two questions, whatever the number of places."""
    items = Item.objects.filter(library=library, account__in=ON_BOOKS).order_by()
    homes = dict(items.values_list("home").annotate(n=Count("pk")))
    on_shelf = items.filter(account__in=ON_SHELF).annotate(stands=Coalesce("current", "home"))
    stand = dict(on_shelf.values_list("stands").annotate(n=Count("pk")))
    return [Filled(place, homes.get(place.pk, 0), stand.get(place.pk, 0)) for place in places_of(library)]


@dataclass(frozen=True, slots=True)
class Ended:
    """A temporary shelf whose last day is over, and how many volumes still have it as their place."""

    place: ShelvingLocation
    volumes: int


def ended(library: Library, today: date) -> list[Ended]:
    """What is to be carried back to its home shelves."""
    items = Item.objects.filter(library=library, current__until_on__lt=today, account__in=ON_BOOKS)
    counts = dict(items.order_by().values_list("current").annotate(n=Count("pk")))
    places = ShelvingLocation.objects.filter(pk__in=counts).order_by("until_on", "code")
    return [Ended(place, counts[place.pk]) for place in places]


def titles_in(place: ShelvingLocation) -> list[Title]:
    """The titles at home in a place in shelf order, lent ones too, because they come back; without call number last."""
    items = Item.objects.filter(home=place, account__in=ON_BOOKS - {ItemAccount.MISSING})
    rows = (
        items.annotate(in_order=in_bytes("holding__call_number_sort"))
        .values_list("holding__call_number", "holding__call_number_sort", "in_order", "holding")
        .annotate(n=Count("pk"))
        .order_by("in_order", "holding")
    )
    found = [Title(number, sort, n) for number, sort, _order, _holding, n in rows]
    return [one for one in found if one.sort] + [one for one in found if not one.sort]


def rows_of(place: ShelvingLocation) -> list[Row]:
    """The shelves of a place as they were last laid out, numbered through."""
    shelves = place.shelves.order_by("bay", "number")
    return [
        Row(n, one.first, one.last, one.first_sort, one.last_sort, one.volumes)
        for n, one in enumerate(shelves)
    ]


@dataclass(frozen=True, slots=True)
class Plan:
    """A re-shelving of a place: how its shelves would be filled, and what would be carried for it."""

    place: ShelvingLocation
    rows: list[Row]
    shifts: list[Shift]
    volumes: int
    is_first: bool  # there was no layout before

    @property
    def carried(self) -> int:
        return sum(shift.volumes for shift in self.shifts)

    @property
    def over(self) -> int:
        """Volumes for which there is no room."""
        return max(0, self.volumes - (self.place.capacity or 0))


def shelf_name(place: ShelvingLocation, number: int) -> str:
    """A shelf numbered through from 0, as people call it: bay and shelf, from 1."""
    bay, shelf = divmod(number, place.shelves_per_bay or 1)
    return f"{bay + 1}-{shelf + 1}"


def plan_for(place: ShelvingLocation) -> Plan:
    """What a re-shelving would come to; nothing is written. Refuses a place that is not measured."""
    if not place.capacity:
        raise refuse("place_not_measured", location=place.name)
    titles = titles_in(place)
    shelves = (place.bays or 0) * (place.shelves_per_bay or 0)
    after = lay_out(titles, shelves, place.volumes_per_shelf or 0)
    before = rows_of(place)
    total = sum(title.volumes for title in titles)
    return Plan(place, after, shifts(titles, before, after), total, not before)


@transaction.atomic
def lay_out_shelves(place: ShelvingLocation, *, by: Actor, at: datetime, on: date) -> Plan:
    """Write down that the shelves stand as planned now; the signs are made from it. Refuses as plan_for does."""
    plan = plan_for(place)
    begun = operations.begin("holdings.lay_out", by=by, at=at, library_code=place.library.code)
    place.shelves.all().delete()
    per_bay = place.shelves_per_bay or 1
    Shelf.objects.bulk_create(
        Shelf(
            library_id=place.library_id,
            location=place,
            bay=row.shelf // per_bay + 1,
            number=row.shelf % per_bay + 1,
            first=row.first,
            last=row.last,
            first_sort=row.first_sort,
            last_sort=row.last_sort,
            volumes=row.volumes,
            laid_out_on=on,
        )
        for row in plan.rows
    )
    operations.finish(begun.operation, subject=f"holdings.place:{place.pk}", detail={"carried": plan.carried})
    return plan


@dataclass(frozen=True, slots=True)
class ShelfSign:
    """What is to be read at the end of a shelf: where it is, from which call number to which, the classes on it."""

    place: str
    shelf: str
    first: str
    last: str
    classes: tuple[str, ...]
    volumes: int


def shelf_signs(place: ShelvingLocation) -> list[ShelfSign]:
    """The signs of a place as its shelves were last laid out; empty shelves have none."""
    letters = [one.letter for one in clc.MAIN_CLASSES]
    names = {one.letter: f"{one.letter} {one.short_name}" for one in clc.MAIN_CLASSES}
    signs = []
    for row in rows_of(place):
        if not row.volumes:
            continue
        ends = [call[:1].upper() for call in (row.first, row.last)]
        known = [letters.index(end) for end in ends if end in letters]
        between = letters[known[0] : known[-1] + 1] if known else []
        signs.append(
            ShelfSign(
                place.name,
                shelf_name(place, row.shelf),
                row.first,
                row.last,
                tuple(names[letter] for letter in between),
                row.volumes,
            )
        )
    return signs


def carriages_of(library: Library) -> QuerySet[Carriage]:
    """What was carried together, the latest first; what was only looked at is left out."""
    rows = Carriage.objects.filter(library=library).exclude(state=Carriage.State.FORESEEN)
    return rows.select_related("to").order_by("-created_at")


def all_carriages(library: Library) -> QuerySet[Carriage]:
    """What was carried together, and what was only looked at."""
    return Carriage.objects.filter(library=library).select_related("library", "to")


def lines_of(carriage: Carriage) -> QuerySet[CarriageLine]:
    """The volumes of a carriage: first those that are left, then the others in the order they were chosen."""
    lines = carriage.lines.select_related(
        "item__holding__record", "item__home", "item__current", "item__property_line", "home_before"
    )
    return lines.annotate(is_left=Case(When(why="", then=1), default=0)).order_by("is_left", "pk")


def whys_of(carriage: Carriage) -> list[tuple[str, int]]:
    """How many volumes are left for each reason; the reason '' is none."""
    return list(carriage.lines.order_by().values_list("why").annotate(n=Count("pk")))


def job_of(carriage: Carriage) -> Job | None:
    """The job that carries it, while it is known."""
    return Job.objects.filter(pk=carriage.job_id).first() if carriage.job_id else None
