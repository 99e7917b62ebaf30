"""The wall of a class: a tile for every reader, in a handful of queries for the whole and two for one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuxiang.circulation import selectors
from shuxiang.common.clock import to_local
from shuxiang.desk.class_sitting import LENT, RENEWED, RETURNED, ClassSitting
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.rules.timetable import BORROWING, is_turn_of
from shuxiang.libraries.selectors import SlotNow
from shuxiang.patrons import selectors as patrons
from shuxiang.ui.drawing import mark

if TYPE_CHECKING:
    from shuxiang.circulation.models import Loan
    from shuxiang.libraries.models import Library, SchoolClass
    from shuxiang.patrons.models import ClassMembership, Patron

LONG, LONGEST = 4, 8  # signs of a name that fit on one line in large type, and on two in middling type


@dataclass(frozen=True)
class Tile:
    """One reader on the wall: who, what is out, what was done this sitting."""

    pk: int
    name: str
    number: int | None
    class_label: str  # of a guest
    out: int
    late: int
    called_in: int  # of these not late yet
    title: str  # of what was lent last and is still out
    done: Sequence[int]  # lent, returned, renewed
    picked: bool
    place: int  # on the wall, from 0: it gives the picture

    @property
    def parts(self) -> list[str]:
        """A name with a dot may break after it, and nowhere else."""
        first, *rest = self.name.split("·")
        return [first + ("·" if rest else ""), *(part + "·" for part in rest[:-1]), *rest[-1:]]

    @property
    def size(self) -> str:
        """Class of the name's type."""
        return "long longest" if len(self.name) > LONGEST else "long" if len(self.name) > LONG else ""

    @property
    def picture(self) -> int:
        return mark(self._drawn)[0]

    @property
    def colour(self) -> str:
        return mark(self._drawn)[1]

    @property
    def _drawn(self) -> int:
        """The number in the class keeps the picture the same all year; who has none takes the place on the wall."""
        return (self.number or self.place + 1) - 1

    @property
    def states(self) -> list[tuple[str, str]]:
        """Shape and words, the most pressing first."""
        said = [("late", _("%(count)s overdue") % {"count": self.late})] if self.late else []
        if self.picked:
            return [*said, ("out", _("waiting for a book"))]
        said += [("away", _("%(count)s called in") % {"count": self.called_in})] if self.called_in else []
        done = [words % {"count": self.done[what]} for what, words in self._words.items() if self.done[what]]
        if done:
            return [*said, ("in", " ".join(done))]
        return said or ([("out", _("%(count)s out") % {"count": self.out})] if self.out else [])

    @property
    def _words(self) -> dict[int, str]:
        """What was done, in short where more than one thing was."""
        if sum(map(bool, self.done)) == 1:
            return {
                LENT: _("%(count)s lent"),
                RETURNED: _("%(count)s returned"),
                RENEWED: _("%(count)s renewed"),
            }
        return {
            RETURNED: pgettext("tile", "back %(count)s"),
            LENT: pgettext("tile", "lent %(count)s"),
            RENEWED: pgettext("tile", "renewed %(count)s"),
        }

    @property
    def look(self) -> str:
        if self.late:
            return "late"
        return "done" if any(self.done) else "out" if self.out else ""


@dataclass(frozen=True)
class Wall:
    """All tiles: the class by number, then whoever came as a guest."""

    tiles: list[Tile]
    guests: list[Tile]

    @property
    def columns(self) -> int:
        """As many as keep the wall within six rows of a 1366×768 screen."""
        count = len(self.tiles) + len(self.guests)
        return 8 if count <= 48 else 10 if count <= 60 else 12


def wall(
    library: "Library", members: Sequence["ClassMembership"], sitting: ClassSitting, today: date
) -> Wall:
    """The whole wall."""
    guests = guests_of(library, members, sitting)
    readers = [member.patron for member in members] + guests
    by_reader = _loans(library, readers)
    labels = patrons.labels_on(library, guests, today) if guests else {}

    def tile(reader: "Patron", number: int | None, class_label: str, place: int) -> Tile:
        loans = by_reader.get(reader.pk, [])
        return Tile(
            pk=reader.pk,
            name=reader.name,
            number=number,
            class_label=class_label,
            out=len(loans),
            late=sum(loan.due_on < today for loan in loans),
            called_in=sum(loan.due_on >= today and loan.is_recalled for loan in loans),
            title=max(loans, key=lambda loan: loan.out_at).record.title if loans else "",
            done=sitting.tally.get(reader.pk, (0, 0, 0)),
            picked=sitting.patron == reader.pk,
            place=place,
        )

    return Wall(
        [tile(member.patron, member.number, "", place) for place, member in enumerate(members)],
        [
            tile(guest, None, labels.get(guest.pk, guest.category.name), place)
            for place, guest in enumerate(guests, len(members))
        ],
    )


def guests_of(
    library: "Library", members: Sequence["ClassMembership"], sitting: ClassSitting
) -> list["Patron"]:
    """Readers of no or another class who were served or are picked."""
    keys = {key for key in (*sitting.tally, sitting.patron) if key}
    strangers = keys - {member.patron_id for member in members}
    return list(patrons.patrons_of(library).filter(pk__in=strangers).order_by("pk")) if strangers else []


def _loans(library: "Library", readers: Iterable["Patron"]) -> dict[int, list[Any]]:
    """What each has out; `is_recalled` says that it was called in."""
    found: dict[int, list[Any]] = {}
    rows = selectors.open_loans(library).filter(patron__in=list(readers)).select_related("record")
    rows = rows.annotate(is_recalled=selectors.recalled())
    for loan in rows.order_by("due_on", "out_at"):
        found.setdefault(loan.patron_id or 0, []).append(loan)
    return found


@dataclass(frozen=True)
class Choice:
    """A class that may be served, with its turn today."""

    pk: int
    label: str
    grade: int
    turn: SlotNow | None
    is_on: bool


def choices(library: "Library", at: datetime, reach: Iterable[int] | None) -> list[Choice]:
    """The classes of today, by grade; `reach` narrows them. A turn is the one that is on, else the next of the day."""
    local = to_local(at)
    today, now = local.date(), local.time()
    calendar = libraries.calendar_of(library)
    classes = [
        c for c in libraries.classes_on(library, today, calendar) if reach is None or c.pk in set(reach)
    ]
    labels = libraries.class_labels(library, classes, today, calendar)
    turns = [
        turn for turn in libraries.turns_on(library, today) if turn.activity in BORROWING and turn.ends > now
    ]
    found = []
    for each in classes:
        grade = libraries.grade_of(each, today, calendar) or 0
        mine = [t for t in turns if (t.class_id or t.grade) and is_turn_of(t, each.pk, grade)]
        turn = min(mine, key=lambda one: one.starts, default=None)
        found.append(Choice(each.pk, labels[each.pk], grade, turn, turn is not None and turn.starts <= now))
    return found


def find_class(library: "Library", pk: int) -> "SchoolClass | None":
    return next((each for each in libraries.classes_of(library) if each.pk == pk), None)


def loans_of(reader: "Patron | None") -> list["Loan"]:
    """What the picked reader has out, for the line beside the last act."""
    return list(selectors.loans_of(reader)) if reader is not None else []
