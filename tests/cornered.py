"""A school's box on a round, its corner with a check and a paper sheet, a drifting book; for the tests of no single room."""

from dataclasses import dataclass
from datetime import datetime

from shuxiang.common.actors import Actor
from shuxiang.corners.besides import DriftBook
from shuxiang.corners.models import Box, CornerCheck, CornerMove, DeliveryRound, PaperSheet
from shuxiang.corners.services import boxes, checks, drifting, own, paper, places, rounds
from shuxiang.holdings.choosing import Choice
from shuxiang.holdings.models import Item, ShelvingLocation
from shuxiang.holdings.services import Way, foresee
from shuxiang.libraries.models import SchoolClass
from shuxiang.patrons.models import Patron
from shuxiang.patrons.services import add_patron, default_categories


@dataclass(frozen=True)
class Cornered:
    """Everything that the pages of boxes and corners can name."""

    box: Box
    round: DeliveryRound
    corner: ShelvingLocation
    move: CornerMove
    check: CornerCheck
    sheet: PaperSheet
    drift: DriftBook


def furnish(
    school_class: SchoolClass, pupil: Patron, item: Item, word: str, *, by: Actor, at: datetime
) -> Cornered:
    """A stop with a lent volume planned, a corner to which it cannot go, a pupil's own book, a sheet typed, a book adrift.

    No volume is added and none moves: the other tests count them.
    """
    library, on = school_class.library, at.date()
    group = add_patron(
        library=library, name=f"{word}语文组", category=default_categories(library)["group"],
        card_number=f"{library.code.upper()}G1", on=on, by=by, at=at,
    )  # fmt: skip
    tour = rounds.plan_round(library=library, name=f"{word}送书", on=on, by=by, at=at)
    box = rounds.add_stop(tour, group, by=by, at=at)
    boxes.put_in(box, [item])
    corner = places.open_corner(library=library, school_class=school_class, by=by, at=at)
    carriage = foresee(library, Choice(place_id=item.home_id), Way(corner, is_home=False), by=by, at=at)
    move = CornerMove.objects.create(
        library=library,
        kind=CornerMove.Kind.FILL,
        one=corner,
        first=carriage,
        created_at=at,
        created_by=by.name,
    )
    own.receive(corner, owner=pupil, title=f"{word}自带书", on=on, by=by, at=at)
    check = checks.open_check(corner, by=by, at=at)
    sheet = paper.begin_sheet(school_class, f"{word}纸质登记", by=by, at=at)
    paper.keep_rows(sheet, [paper.Typed("9.2", f"{word}小朋友", f"{word}图书箱", "")])
    drift = drifting.release(library=library, title=f"{word}漂流书", giver=f"{word}老师", on=on, by=by, at=at)
    drifting.comment(drift, f"{word}留言", by=by, at=at)
    return Cornered(box, tour, corner, move, check, sheet, drift)
