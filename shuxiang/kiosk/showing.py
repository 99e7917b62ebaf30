"""What each step of a turn shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from shuxiang.circulation import queue, selectors
from shuxiang.common.clock import local_date
from shuxiang.kiosk import words
from shuxiang.kiosk.sitting import CLASSES, ME, PAD, WALL, Sitting
from shuxiang.libraries import selectors as libraries
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.messages import PICTURES as PICTURE_WORDS
from shuxiang.patrons.rules import LENGTH
from shuxiang.ui.drawing import mark

if TYPE_CHECKING:
    from shuxiang.accounts.devicemodels import Kiosk
    from shuxiang.circulation.models import Loan
    from shuxiang.circulation.selectors import Identified
    from shuxiang.libraries.models import Library
    from shuxiang.patrons.models import Patron


@dataclass(frozen=True)
class Name:
    """A child of the class: what is pressed to say “that is me”."""

    pk: int
    name: str
    number: int | None
    picture: int
    colour: str


@dataclass(frozen=True)
class Out:
    """A book that the reader has out."""

    pk: int
    title: str
    clc: str
    when: str
    is_late: bool
    may_renew: bool
    operation: UUID = field(default_factory=uuid4)  # of its renewal


def of_step(library: "Library", sitting: Sitting, today: date, *, kiosk: "Kiosk") -> dict[str, Any]:
    """What the step's page needs beside the frame."""
    if sitting.step == CLASSES:
        return {"grades": grades(library, today)}
    if sitting.step == WALL:
        return {
            "label": _label(library, sitting.school_class, today),
            "names": names(library, sitting.school_class, today),
        }
    reader = patrons.find_patron(library, sitting.patron) if sitting.patron else None
    if sitting.step == PAD and reader is not None:
        return {"reader": reader, **pressed([])}
    if sitting.step == ME and reader is not None:
        loans = selectors.loans_of(reader)
        holds = queue.holds_of(reader)
        return {
            "reader": reader,
            "loans": [_out(loan, today, kiosk) for loan in loans],
            "holds": [(hold, hold.state == "ready", uuid4()) for hold in holds],
        }
    return {}


def _out(loan: "Loan", today: date, kiosk: "Kiosk") -> Out:
    return Out(
        pk=loan.pk,
        title=loan.record.title,
        clc=loan.record.clc,
        when=words.until(loan.due_on, today),
        is_late=loan.due_on < today,
        may_renew=kiosk.may_renew and loan.due_on >= today and loan.kind != "in-room",
    )


def pressed(chosen: Sequence[int]) -> dict[str, Any]:
    """The twelve pictures with their words, and how many were pressed."""
    return {
        "pictures": list(PICTURE_WORDS.items()),
        "so_far": ",".join(map(str, chosen)),
        "dots": [place < len(chosen) for place in range(LENGTH)],
        "pressed": len(chosen),
        "length": LENGTH,
    }


def grades(library: "Library", today: date) -> list[list[tuple[int, str]]]:
    """Key and label of the classes of today, a list for each grade."""
    calendar = libraries.calendar_of(library)
    found = libraries.classes_on(library, today, calendar)
    labels = libraries.class_labels(library, found, today, calendar)
    by_grade: dict[int, list[tuple[int, str]]] = {}
    for one in found:
        grade = libraries.grade_of(one, today, calendar) or 0
        by_grade.setdefault(grade, []).append((one.pk, labels[one.pk]))
    return list(by_grade.values())


def class_keys(library: "Library", today: date) -> set[int]:
    return {one.pk for one in libraries.classes_on(library, today)}


def _label(library: "Library", pk: int, today: date) -> str:
    found = next((one for one in libraries.classes_of(library) if one.pk == pk), None)
    return libraries.label_of(found, today) if found else ""


def names(library: "Library", pk: int, today: date) -> list[Name]:
    """The children of a class, by number; the sign is that of the class desk."""
    found = next((one for one in libraries.classes_of(library) if one.pk == pk), None)
    members = patrons.members_of(found, today) if found else []
    return [
        Name(row.patron_id, row.patron.name, row.number, *mark((row.number or place) - 1))
        for place, row in enumerate(members, 1)
    ]


def member(library: "Library", class_pk: int, pk: int, at: datetime) -> "Patron | None":
    """A reader of this library who is in that class today."""
    reader = patrons.find_patron(library, pk) if pk else None
    membership = patrons.membership_on(reader, local_date(at)) if reader else None
    return reader if membership is not None and membership.school_class_id == class_pk else None


def found(several: Iterable["Identified"]) -> list[tuple[str, str]]:
    """Code and title of what one picture showed; nobody's name, and no card."""
    return [
        (one.code, one.item.holding.record.title if one.item else one.records[0].title)
        for one in several
        if one.item or one.records
    ]
