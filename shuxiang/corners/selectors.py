"""Reads of boxes, rounds, corners, paper sheets and what stands beside the property."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from shuxiang.circulation.models import Loan
from shuxiang.circulation.selectors import policy_for
from shuxiang.corners.besides import DriftBook, DriftComment, OwnBook, OwnLoan
from shuxiang.corners.models import (
    Box,
    BoxLine,
    CornerCheck,
    CornerMove,
    DeliveryRound,
    PaperSheet,
)
from shuxiang.holdings.choosing import items_by_code
from shuxiang.holdings.models import Item, ItemAccount, ShelvingLocation
from shuxiang.libraries import selectors as ground
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.models import Patron, PatronCategory

GROUP_HEADS = 20  # what a group takes where a rule counts heads


def label_of_reader(patron: Patron, on: date) -> str:
    """A class by its label of the day, a group by its name."""
    return patrons.class_label_on(patron, on) or patron.name


def heads_of(patron: Patron, on: date) -> int:
    """Readers of a class on a day; a group counts as twenty."""
    if patron.school_class is None:
        return GROUP_HEADS
    return len(patrons.readers_of(patron.school_class, on))


def collective_readers(library: Library) -> list[Patron]:
    """Classes and groups that may have a box, classes first, by name."""
    kinds = (PatronCategory.Kind.CLASS, PatronCategory.Kind.GROUP)
    found = patrons.patrons_of(library).filter(category__kind__in=kinds, left_on=None)
    rows = found.select_related("category", "school_class__stage").order_by("name", "pk")
    return sorted(rows, key=lambda one: one.school_class_id is None)


def collective_reader(library: Library, pk: int) -> Patron | None:
    return next((one for one in collective_readers(library) if one.pk == pk), None)


def volumes_by_code(library: Library, codes: Sequence[str]) -> tuple[list[Item], list[str]]:
    """The volumes of a scanned list in its order, and the codes that are no volume's."""
    keys = items_by_code(library, codes)
    items = Item.objects.filter(library=library).in_bulk(list(keys.values()))
    return [items[key] for key in keys.values() if key in items], [one for one in codes if one not in keys]


def room_left(patron: Patron) -> int | None:
    """How many volumes a class or group may still have by its limit."""
    limit = patron.loan_limit
    if limit is None:
        limit = policy_for(patron.library, patron.category_id, None).loan_limit
    return limit - Loan.objects.filter(patron=patron, in_at=None, kind=Loan.Kind.COLLECTIVE).count()


def with_counts(boxes: QuerySet[Box]) -> QuerySet[Any]:
    """Each box with how many volumes it has, how many were lent and how many are back."""
    lent = Q(lines__state=BoxLine.State.LENT)
    gone = lent & ~Q(lines__loan__outcome=Loan.Outcome.CANCELLED)
    back = gone & Q(lines__loan__in_at__isnull=False)
    return boxes.select_related("patron", "round", "came_from").annotate(
        volumes=Count("lines"), lent=Count("lines", filter=gone), back=Count("lines", filter=back)
    )


def boxes_of(library: Library) -> QuerySet[Any]:
    """Every box, the latest first; those cancelled are left out."""
    found = Box.objects.filter(library=library).exclude(state=Box.State.CANCELLED)
    return with_counts(found).order_by("-number")


def box_of(library: Library, pk: UUID) -> Any:
    found = with_counts(Box.objects.filter(library=library, pk=pk))
    return found.select_related("patron__category", "patron__school_class", "library", "round").first()


def lines_of(box: Box) -> QuerySet[BoxLine]:
    return (
        box.lines.select_related("item__holding__record", "item__property_line", "loan", "item__home")
        .prefetch_related("item__identifiers")
        .order_by("item__holding__call_number_sort", "pk")
    )


def still_out(box: Box) -> QuerySet[BoxLine]:
    """Lines whose volume has not come back."""
    return lines_of(box).filter(state=BoxLine.State.LENT, loan__in_at__isnull=True)


def rounds_of(library: Library) -> QuerySet[Any]:
    live = ~Q(boxes__state=Box.State.CANCELLED)
    return (
        DeliveryRound.objects.filter(library=library)
        .annotate(
            stops=Count("boxes", filter=live),
            delivered=Count("boxes", filter=live & Q(boxes__is_delivered=True)),
            collected=Count("boxes", filter=live & Q(boxes__is_collected=True)),
        )
        .order_by("-on", "-pk")
    )


def round_of(library: Library, pk: int) -> Any:
    return rounds_of(library).filter(pk=pk).first()


def stops_of(round_: DeliveryRound) -> QuerySet[Any]:
    found = round_.boxes.exclude(state=Box.State.CANCELLED)
    return with_counts(found).order_by("number")


# ---- corners


@dataclass(frozen=True, slots=True)
class Corner:
    """A class corner with its class as it is called today, and what is in it."""

    place: ShelvingLocation
    label: str
    standing: int
    out: int
    own: int


def corner_places(library: Library) -> QuerySet[ShelvingLocation]:
    found = ShelvingLocation.objects.filter(library=library, school_class__isnull=False)
    return found.select_related("school_class__stage", "library", "group").order_by("position", "code", "pk")


def corner_of(library: Library, pk: int) -> ShelvingLocation | None:
    return corner_places(library).filter(pk=pk).first()


def corners_of(library: Library, on: date) -> list[Corner]:
    """All corners of a library with their counts, in few questions."""
    places = list(corner_places(library))
    labels = ground.class_labels(library, [p.school_class for p in places if p.school_class], on)
    there = _in_places(library).values_list("stands", "account").annotate(n=Count("pk")).order_by()
    counts = {(stands, account): int(n) for stands, account, n in there}
    own = dict(
        OwnBook.objects.filter(library=library, ended_on=None)
        .values_list("location_id")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return [
        Corner(
            place,
            labels.get(place.school_class_id or 0, place.name),
            counts.get((place.pk, ItemAccount.CORNER), 0),
            counts.get((place.pk, ItemAccount.LOAN), 0),
            int(own.get(place.pk, 0)),
        )
        for place in places
    ]


def _in_places(library: Library) -> QuerySet[Any]:
    """Volumes with the place where they stand, or stood before they were lent, as `stands`."""
    return Item.objects.filter(library=library).annotate(stands=Coalesce("current_id", F("home_id")))


def volumes_in(place: ShelvingLocation) -> QuerySet[Item]:
    """Every volume of a corner: standing there, lent from there, or missing from there, in shelf order."""
    accounts = (ItemAccount.CORNER, ItemAccount.LOAN, ItemAccount.MISSING)
    found = _in_places(place.library).filter(stands=place.pk, account__in=accounts)
    return (
        found.select_related("holding__record", "home", "property_line")
        .prefetch_related("identifiers")
        .order_by("holding__call_number_sort", "pk")
    )


def out_of(place: ShelvingLocation) -> list[Loan]:
    """Open loans of the corner's volumes, the oldest due first."""
    found = Loan.objects.filter(library=place.library, in_at=None, item__in=volumes_in(place).values("pk"))
    return list(found.select_related("record", "patron", "item").order_by("due_on", "pk"))


def terms_of(place: ShelvingLocation) -> tuple[int, int]:
    """How many volumes of a corner a pupil may have, and for how many days."""
    policy = policy_for(place.library, 0, place.pk)
    return policy.loan_limit, policy.loan_days


def own_books(place: ShelvingLocation) -> QuerySet[OwnBook]:
    """Pupils' own books in a corner now, by number."""
    return OwnBook.objects.filter(location=place, ended_on=None).select_related("owner").order_by("number")


def own_out(place: ShelvingLocation) -> list[OwnLoan]:
    found = OwnLoan.objects.filter(book__location=place, book__ended_on=None, in_on=None)
    return list(found.select_related("book", "patron").order_by("out_on", "pk"))


def own_by_code(library: Library, code: str) -> OwnBook | None:
    """The own book whose slip says Z0001, while it is in a corner."""
    number = _number(code, "Z")
    found = OwnBook.objects.filter(library=library, number=number or 0, ended_on=None)
    return found.select_related("owner", "location").first() if number else None


def _number(code: str, letter: str) -> int | None:
    plain = code.strip().upper()
    digits = plain[1:]
    if not plain.startswith(letter) or not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        return None
    return int(digits)


def moves_of(place: ShelvingLocation) -> QuerySet[CornerMove]:
    found = CornerMove.objects.filter(library=place.library).filter(Q(one=place) | Q(other=place))
    return found.select_related("one", "other", "first", "second").order_by("-created_at")


def move_of(library: Library, pk: UUID) -> CornerMove | None:
    found = CornerMove.objects.filter(library=library, pk=pk)
    return found.select_related("one", "other", "first__library", "second__library", "library").first()


def checks_of(place: ShelvingLocation) -> QuerySet[CornerCheck]:
    return CornerCheck.objects.filter(location=place).order_by("-opened_at")


def check_of(library: Library, pk: int) -> CornerCheck | None:
    found = CornerCheck.objects.filter(library=library, pk=pk)
    return found.select_related("location__school_class", "location__library", "library").first()


# ---- paper


def sheets_of(library: Library) -> QuerySet[Any]:
    return (
        PaperSheet.objects.filter(library=library)
        .annotate(lines=Count("rows"), done=Count("rows", filter=Q(rows__state="done")))
        .order_by("-created_at")
    )


def sheet_of(library: Library, pk: UUID) -> PaperSheet | None:
    found = PaperSheet.objects.filter(library=library, pk=pk)
    return found.select_related("school_class__stage", "library").first()


def class_of(library: Library, pk: int) -> SchoolClass | None:
    return SchoolClass.objects.filter(library=library, pk=pk).select_related("stage", "library").first()


def loans_of_class(school_class: SchoolClass, first: date, last: date) -> QuerySet[Loan]:
    """What readers of a class borrowed from a day to a day, for the filled register sheet."""
    found = Loan.objects.filter(
        library=school_class.library, school_class=school_class, out_on__range=(first, last)
    ).exclude(outcome=Loan.Outcome.CANCELLED)
    return found.select_related("record", "patron").order_by("out_on", "pk")


# ---- drifting


def drift_books(library: Library) -> QuerySet[Any]:
    """Every drifting book, those on the way first, with hands and comments counted."""
    return (
        DriftBook.objects.filter(library=library)
        .annotate(
            hands=Count("hops", distinct=True),
            waiting=Count("comments", filter=Q(comments__state="waiting"), distinct=True),
        )
        .order_by(F("ended_on").desc(nulls_first=True), "-number")
    )


def drift_book(library: Library, pk: int) -> Any:
    return drift_books(library).filter(pk=pk).first()


def drift_by_number(library: Library, number: int) -> DriftBook | None:
    return DriftBook.objects.filter(library=library, number=number).first()


def drift_by_code(library: Library, code: str) -> DriftBook | None:
    number = _number(code, "P")
    return drift_by_number(library, number) if number else None


def shown_comments(book: DriftBook) -> QuerySet[DriftComment]:
    """What the public may read."""
    return book.comments.filter(state=DriftComment.State.SHOWN).order_by("at", "pk")
