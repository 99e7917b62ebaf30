"""A class corner is a place with the class: opened, filled, exchanged with another one, emptied at the end of a term."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuxiang.circulation.rules import PolicyRow
from shuxiang.circulation.services import set_policy
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Refused
from shuxiang.corners import selectors
from shuxiang.corners.models import CornerMove
from shuxiang.corners.refusals import refuse
from shuxiang.holdings.choosing import Choice
from shuxiang.holdings.models import ShelvingLocation
from shuxiang.holdings.placemodels import Carriage
from shuxiang.holdings.services import PlaceValues, Way, carry_back_later, carry_later, foresee
from shuxiang.holdings.services.carrying import carry, carry_back
from shuxiang.holdings.services.places import default_places, save_place
from shuxiang.libraries import selectors as ground
from shuxiang.libraries.models import Library, SchoolClass

Kind, State = CornerMove.Kind, Carriage.State
AT_ONCE = 300  # volumes carried while the page waits; more are left to the server's own time
LIMIT, DAYS, RENEWALS = 1, 7, 1  # what corners ordinarily allow: one book, one week


def open_corner(
    *,
    library: Library,
    school_class: SchoolClass,
    by: Actor,
    at: datetime,
    loan_limit: int = LIMIT,
    loan_days: int = DAYS,
) -> ShelvingLocation:
    """The corner of a class, with its own limit and days. Refuses a class of another library, and a second corner."""
    if school_class.library_id != library.pk:
        raise refuse("class_elsewhere")
    label = ground.label_of(school_class, local_date(at))
    with transaction.atomic():
        if ShelvingLocation.objects.filter(library=library, school_class=school_class).exists():
            raise refuse("corner_is_there", label=label)
        values = PlaceValues(
            code=f"corner-{school_class.pk}",
            name=_("Class corner %(label)s") % {"label": label},
            group=default_places(library).group,
            school_class=school_class,
        )
        place = save_place(None, values, library=library, by=by, at=at)
        return set_terms(place, loan_limit=loan_limit, loan_days=loan_days, by=by, at=at)


def set_terms(
    place: ShelvingLocation, *, loan_limit: int, loan_days: int, by: Actor, at: datetime
) -> ShelvingLocation:
    """How many volumes of the corner a pupil may have at a time, and for how many days."""
    if not (0 < loan_limit <= 10 and 0 < loan_days <= 200):
        raise refuse("corner_terms")
    row = PolicyRow(None, place.pk, loan_limit, loan_days, RENEWALS, loan_days)
    set_policy(library=place.library, row=row, at=at, by=by)
    return place


def foresee_fill(
    place: ShelvingLocation,
    codes: Sequence[str],
    *,
    by: Actor,
    at: datetime,
    operation_id: UUID | None = None,
) -> CornerMove:
    """What would become of each scanned volume if it went to the corner; nothing is moved."""
    if known := _known(place.library, operation_id):
        return known
    first = foresee(place.library, Choice(codes=tuple(codes)), Way(place, is_home=False), by=by, at=at)
    move = CornerMove(library=place.library, kind=Kind.FILL, one=place, first=first)
    return _write(move, operation_id, by=by, at=at)


def foresee_home(
    place: ShelvingLocation, *, by: Actor, at: datetime, operation_id: UUID | None = None
) -> CornerMove:
    """What would become of each volume of the corner if all went home, as at the end of a term."""
    if known := _known(place.library, operation_id):
        return known
    first = foresee(place.library, Choice(place_id=place.pk), Way(None, is_home=True), by=by, at=at)
    move = CornerMove(library=place.library, kind=Kind.HOME, one=place, first=first)
    return _write(move, operation_id, by=by, at=at)


def foresee_exchange(
    one: ShelvingLocation,
    other: ShelvingLocation,
    *,
    by: Actor,
    at: datetime,
    operation_id: UUID | None = None,
) -> CornerMove:
    """Two classes exchange what stands in their corners (轮换): both ways are foreseen before either is gone.

    Refuses one corner twice, another library's, and two empty ones.
    """
    if one.pk == other.pk or one.library_id != other.library_id:
        raise refuse("exchange_with_whom")
    if known := _known(one.library, operation_id):
        return known
    first, second = _way(one, other, by, at), _way(other, one, by, at)
    if first is None and second is None:
        raise refuse("corners_empty")
    move = CornerMove(
        library=one.library, kind=Kind.EXCHANGE, one=one, other=other, first=first, second=second
    )
    return _write(move, operation_id, by=by, at=at)


def _way(here: ShelvingLocation, there: ShelvingLocation, by: Actor, at: datetime) -> Carriage | None:
    try:
        return foresee(here.library, Choice(place_id=here.pk), Way(there, is_home=False), by=by, at=at)
    except Refused as refusal:
        if "nothing_there" in refusal.codes:
            return None
        raise


def _known(library: Library, operation_id: UUID | None) -> CornerMove | None:
    return CornerMove.objects.filter(library=library, pk=operation_id).first() if operation_id else None


def _write(move: CornerMove, operation_id: UUID | None, *, by: Actor, at: datetime) -> CornerMove:
    move.created_at, move.created_by = at, by.name[:80]
    if operation_id is not None:
        move.pk = operation_id
    move.save(force_insert=True)
    return move


def carriages_of(move: CornerMove) -> list[Carriage]:
    return [one for one in (move.first, move.second) if one is not None]


def carry_out(move: CornerMove, *, by: Actor, at: datetime) -> CornerMove:
    """Carry what was foreseen, both ways; asked twice, it is done once. Refuses a day in closed books."""
    with transaction.atomic():
        for one in carriages_of(move):
            carry_later(one, by=by, at=at, on=local_date(at))
    for one in carriages_of(move):
        if one.state == State.RUNNING and one.volumes <= AT_ONCE:
            carry(one, by=by, at=at)
    return move


def take_back(move: CornerMove, *, by: Actor, at: datetime) -> CornerMove:
    """Volumes that still stand where they were put go back; the others are left and named. Refuses what was not done."""
    with transaction.atomic():
        for one in carriages_of(move):
            carry_back_later(one, by=by, at=at)
    for one in carriages_of(move):
        if one.state == State.UNDOING and one.moved <= AT_ONCE:
            carry_back(one, by=by, at=at)
    return move


def corner_for(library: Library, school_class: SchoolClass) -> ShelvingLocation | None:
    """The corner of a class, if it has one."""
    return selectors.corner_places(library).filter(school_class=school_class).first()
