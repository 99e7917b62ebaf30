"""Editing the rotation table: what stands against a cell, a table carried on, a proposal with a turn for every class."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time

from shuxiang.common.decisions import Decision, Reason, Weight
from shuxiang.common.schoolyear import render_label
from shuxiang.libraries.rules.timetable import Hours, Slot, judge_slot

IN_USE = ("lend", "return", "read", "lesson")


@dataclass(frozen=True)
class ClassHere:
    """A class as the table sees it: its label, grade and pupils; None where nobody counted them."""

    pk: int
    label: str
    grade: int | None
    pupils: int | None


@dataclass(frozen=True)
class Around:
    """What a cell is judged against beside the other cells."""

    rooms: Mapping[int, str] = field(default_factory=dict)
    seats: Mapping[int, int | None] = field(default_factory=dict)
    hours: Mapping[int, Sequence[Hours]] = field(default_factory=dict)
    classes: Mapping[int, ClassHere] = field(default_factory=dict)

    def who(self, slot: Slot) -> str:
        """The class or the grade; empty when the cell is everybody's."""
        if slot.class_id is not None:
            here = self.classes.get(slot.class_id)
            return here.label if here else ""
        return render_label("{grade}年级", slot.grade) if slot.grade else ""

    def pupils(self, slot: Slot) -> int | None:
        """How many pupils a cell brings; None where it is everybody's or a class was never counted."""
        if slot.class_id is not None:
            here = self.classes.get(slot.class_id)
            return here.pupils if here else None
        if slot.grade is None:
            return None
        counts = [here.pupils for here in self.classes.values() if here.grade == slot.grade]
        return sum(count or 0 for count in counts) if any(counts) else None

    def overlap(self, one: Slot, other: Slot) -> bool:
        """Whether two cells of different kinds name the same pupils: a class and its own grade."""
        a, b = (one, other) if one.class_id is not None else (other, one)
        here = self.classes.get(a.class_id or 0)
        return here is not None and b.class_id is None and b.grade is not None and here.grade == b.grade


def judge_cell(new: Slot, others: Iterable[Slot], around: Around) -> Decision:
    """May this cell stand? A class in two places at once and a room both closed and in use are refused; a room shared, too
    few seats, a time outside the opening hours and a class beside its own grade are asked about."""
    meeting = [other for other in others if new.meets(other)]
    params = {
        "who": around.who(new),
        "room": around.rooms.get(new.room_id, ""),
        "starts": f"{new.starts:%H:%M}",
        "ends": f"{new.ends:%H:%M}",
    }
    plain = judge_slot(new, meeting)
    refused = [Reason(reason.code, Weight.REFUSE, {**reason.params, **params}) for reason in plain.refused]
    if refused or new.activity == "closed":
        return Decision.of(refused)
    beside = [other for other in meeting if other.room_id == new.room_id and other.activity in IN_USE]
    twice = [other for other in meeting if other.room_id != new.room_id and around.overlap(new, other)]
    return Decision.of([
        _shared(new, beside, around, params),
        _crowded(new, beside, around, params),
        _closed_then(new, around, params),
        Reason("slot_grade_too", Weight.ASK, {**params, "other": around.who(twice[0])}) if twice else None,
    ])  # fmt: skip


def _shared(new: Slot, beside: Sequence[Slot], around: Around, params: Mapping[str, object]) -> Reason | None:
    if not beside:
        return None
    others = "、".join(around.who(other) or "—" for other in beside)
    return Reason("slot_room_taken", Weight.ASK, {**params, "others": others})


def _crowded(
    new: Slot, beside: Sequence[Slot], around: Around, params: Mapping[str, object]
) -> Reason | None:
    seats = around.seats.get(new.room_id)
    pupils = sum(around.pupils(slot) or 0 for slot in (new, *beside))
    if seats is None or pupils <= seats:
        return None
    return Reason("slot_too_many", Weight.ASK, {**params, "pupils": pupils, "seats": seats})


def _closed_then(new: Slot, around: Around, params: Mapping[str, object]) -> Reason | None:
    """A room without hours of its own is open at any time."""
    holding = [row for row in around.hours.get(new.room_id, ()) if row.holds_on(new.valid_from)]
    inside = any(
        row.weekday == new.weekday and row.opens <= new.starts and new.ends <= row.closes for row in holding
    )
    return None if inside or not holding else Reason("slot_outside_hours", Weight.ASK, params)


def judge_all(adding: Sequence[Slot], others: Sequence[Slot], around: Around) -> list[tuple[Slot, Decision]]:
    """Each new cell with what stands against it, every one judged beside those before it."""
    judged, standing = [], list(others)
    for slot in adding:
        judged.append((slot, judge_cell(slot, standing, around)))
        standing.append(slot)
    return judged


@dataclass(frozen=True)
class Carried:
    """A table carried into a new stretch of time: the cells, and how many were left out and why."""

    cells: tuple[Slot, ...]
    gone: int  # of classes that are not there any more
    there: int  # stand in the new time already


def carry(
    source: Iterable[Slot],
    standing: Sequence[Slot],
    present: Mapping[int, ClassHere],
    from_on: date,
    to_on: date | None,
) -> Carried:
    """The cells of an earlier day from `from_on` on; classes that have left, and cells that hold anyway, stay out."""
    cells: list[Slot] = []
    gone = there = 0
    for slot in source:
        new = replace(slot, valid_from=from_on, valid_to=to_on)
        if slot.class_id is not None and slot.class_id not in present:
            gone += 1
        elif any(_same_cell(new, other) and new.meets(other) for other in (*standing, *cells)):
            there += 1
        else:
            cells.append(new)
    return Carried(tuple(cells), gone, there)


def _same_cell(one: Slot, other: Slot) -> bool:
    return (one.room_id, one.class_id, one.grade, one.activity) == (
        other.room_id,
        other.class_id,
        other.grade,
        other.activity,
    )


@dataclass(frozen=True, order=True)
class Time:
    """A time of the week that may be given to a class."""

    starts: time
    ends: time
    weekday: int


@dataclass(frozen=True)
class Proposal:
    """What is proposed for a class: a cell and why it, or nothing (slot None) and why not."""

    of: ClassHere
    slot: Slot | None
    why: str  # has_one, free, shared, none_left
    beside: str = ""  # who has the room at the same time


def propose(
    classes: Sequence[ClassHere],
    times: Sequence[Time],
    others: Sequence[Slot],
    around: Around,
    *,
    room_id: int,
    activity: str,
    from_on: date,
    to_on: date | None = None,
) -> list[Proposal]:
    """Once a week for each class that has no such turn: first the times at which the room is empty, over the days of the
    week in turn; then those at which it is shared and all find a seat. Nothing that would be refused or asked
    about otherwise."""
    standing = list(others)
    said: list[Proposal] = []
    for here in classes:
        if any(slot.class_id == here.pk and slot.activity == activity for slot in others):
            said.append(Proposal(here, None, "has_one"))
            continue
        wanted = [
            Slot(room_id, at.weekday, "every", at.starts, at.ends, activity, from_on, to_on, here.pk)
            for at in sorted(times)
        ]
        found = _place(here, wanted, standing, around)
        if found.slot is not None:
            standing.append(found.slot)
        said.append(found)
    return said


def _place(here: ClassHere, wanted: Sequence[Slot], standing: Sequence[Slot], around: Around) -> Proposal:
    shared: Proposal | None = None
    for slot in wanted:
        decision = judge_cell(slot, standing, around)
        if not decision.blocking():
            return Proposal(here, slot, "free")
        codes = {reason.code for reason in decision.blocking()}
        if shared is None and codes == {"slot_room_taken"} and around.seats.get(slot.room_id):
            shared = Proposal(here, slot, "shared", str(decision.asks[0].params["others"]))
    return shared or Proposal(here, None, "none_left")
