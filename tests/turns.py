"""What the turn of a school year and the pupil librarians leave in a school of the cast."""

from dataclasses import dataclass
from datetime import date, datetime, time

from shuxiang.common.actors import Actor
from shuxiang.enrolment.models import Clearance, YearOpening
from shuxiang.enrolment.services import begin_opening, bring_list, clear
from shuxiang.helpers.models import Award, Duty, Helper, Served, Training
from shuxiang.helpers.services import appoint, award, hold_training, note_served, propose, put_on_roster
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.libraries.services import add_room
from shuxiang.patrons.services import add_patron, default_categories

UNTIL = date(2027, 1, 31)
NOON, ONE = time(12), time(12, 40)


@dataclass(frozen=True)
class Turns:
    """A draft for the year to come with a list, somebody who was cleared, a helper with all that helpers have."""

    opening: YearOpening
    clearance: Clearance
    helper: Helper
    training: Training
    duty: Duty
    served: Served
    award: Award


def turns(
    library: Library, school_class: SchoolClass, word: str, *, on: date, by: Actor, at: datetime
) -> Turns:
    """Every name in it begins with the school's word."""
    category = default_categories(library)["pupil"]

    def pupil(name: str, card: str) -> int:
        made = add_patron(
            library=library, name=f"{word}{name}", category=category, card_number=f"{library.code}{card}".upper(),
            on=on, by=by, at=at, school_class=school_class,
        )  # fmt: skip
        return made.pk

    opening = begin_opening(library=library, school_year="2027-2028", by=by, at=at)
    bring_list(opening, f"姓名,班级\n{word}新生,一（1）班\n".encode(), name=f"{word}.csv", by=by, at=at)
    gone = clear([pupil("转学", "T1")], library=library, reason="transferred", on=on, by=by, at=at)
    reader = category.patrons.get(pk=pupil("小馆员", "H1"))
    helper = propose(reader, library=library, on=on, by=by, at=at)
    helper = appoint(helper, from_on=on, to_on=UNTIL, for_all=False, by=by, at=at)
    room = add_room(library=library, code="turns", name=f"{word}值日室", by=by, at=at)
    return Turns(
        opening=opening,
        clearance=Clearance.objects.get(pk=gone.done[0]),
        helper=helper,
        training=hold_training(
            library=library, topic="labels", on=on, present=[helper.pk], trainer=f"{word}老师", by=by, at=at
        ),
        duty=put_on_roster(helper, room=room, weekday=4, week="every", starts=NOON, ends=ONE, by=by, at=at),
        served=note_served(helper, on=on, starts=NOON, minutes=40, by=by, at=at),
        award=award(helper, term="2026-autumn", on=UNTIL, by=by, at=at),
    )
