"""Opening hours, open days and the rotation table (班级轮流借阅表)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Protocol

from shuxiang.common.decisions import Decision, Reason, Weight

_LONGEST_CLOSURE = 400  # days; a library closed for longer has no next open day


@dataclass(frozen=True, slots=True)
class Hours:
    """A room open on a weekday (Monday is 1) from a time to a time, over a stretch of days."""

    weekday: int
    opens: time
    closes: time
    valid_from: date
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """Days that differ from the weekly hours: a holiday, or a make-up working day."""

    from_on: date
    to_on: date
    is_open: bool

    @property
    def length(self) -> int:
        return (self.to_on - self.from_on).days


def is_open(
    day: date, hours: Sequence[Hours], exceptions: Iterable[SpecialDays], *, weekends: bool = False
) -> bool:
    """Whether the library is open on a day. The shortest exception wins (a make-up day inside a holiday); then the weekly
    hours; a library that has set no hours for that time is open Monday to Friday, with `weekends` on all days."""
    named = [exception for exception in exceptions if exception.from_on <= day <= exception.to_on]
    if named:
        return min(named, key=lambda exception: exception.length).is_open
    holding = [row for row in hours if row.holds_on(day)]
    if holding:
        return any(row.weekday == day.isoweekday() for row in holding)
    return weekends or day.isoweekday() <= 5


def next_open(day: date, is_open_on: Callable[[date], bool]) -> date:
    """The day itself when open, else the next open one; the day itself too when nothing is open for over a year."""
    for ahead in range(_LONGEST_CLOSURE):
        candidate = day + timedelta(days=ahead)
        if is_open_on(candidate):
            return candidate
    return day


def hours_per_week(day: date, hours: Iterable[Hours]) -> Decimal:
    """Hours in which at least one room is open in a regular week, from the rows in force on a day, two decimals."""
    minutes = 0
    for weekday in range(1, 8):
        spans = sorted(
            (row.opens, row.closes) for row in hours if row.weekday == weekday and row.holds_on(day)
        )
        reached = 0
        for opens, closes in spans:
            begin, end = max(_minute(opens), reached), _minute(closes)
            minutes += max(0, end - begin)
            reached = max(reached, end)
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"))


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


@dataclass(frozen=True, slots=True)
class Slot:
    """One cell of the rotation table; the class or the grade may be empty: then it is for everybody."""

    room_id: int
    weekday: int
    week: str  # every, A (odd teaching weeks), B (even ones)
    starts: time
    ends: time
    activity: str
    valid_from: date
    valid_to: date | None = None
    class_id: int | None = None
    grade: int | None = None

    def meets(self, other: "Slot") -> bool:
        """Whether both can ever be at the same moment."""
        if self.weekday != other.weekday or {self.week, other.week} == {"A", "B"}:
            return False
        if not (self.starts < other.ends and other.starts < self.ends):
            return False
        return (self.valid_to is None or other.valid_from <= self.valid_to) and (
            other.valid_to is None or self.valid_from <= other.valid_to
        )

    def is_at(self, local: datetime, week: int | None) -> bool:
        """Whether the slot is on at a local moment of teaching week `week` (None: no week, so A and B never are)."""
        day = local.date()
        if day.isoweekday() != self.weekday or not self.valid_from <= day:
            return False
        if self.valid_to is not None and day > self.valid_to:
            return False
        if self.week != "every" and (week is None or ("A" if week % 2 else "B") != self.week):
            return False
        return self.starts <= local.time() < self.ends


def judge_slot(new: Slot, others: Iterable[Slot]) -> Decision:
    """May this cell stand beside the others? One class in two rooms is refused, and so is a room both closed and in use;
    two classes in one room is noted, because small schools do it on purpose."""
    meeting = [other for other in others if new.meets(other)]
    params = {"weekday": new.weekday, "starts": new.starts, "ends": new.ends}
    reasons: list[Reason] = []
    if new.ends <= new.starts:
        reasons.append(Reason("slot_order", Weight.REFUSE, params))
    same = [
        other
        for other in meeting
        if _same_readers(new, other) and "closed" not in (new.activity, other.activity)
    ]
    if same:
        reasons.append(Reason("slot_readers_twice", Weight.REFUSE, params))
    in_room = [other for other in meeting if other.room_id == new.room_id and other not in same]
    if any((new.activity == "closed") != (other.activity == "closed") for other in in_room):
        reasons.append(Reason("slot_room_closed", Weight.REFUSE, params))
    elif in_room:
        reasons.append(Reason("slot_room_shared", Weight.NOTE, params))
    return Decision.of(reasons)


def _same_readers(one: Slot, other: Slot) -> bool:
    if one.class_id is not None:
        return one.class_id == other.class_id
    return one.grade is not None and one.grade == other.grade


class Turn(Protocol):
    """Whose time it is, as far as the rules of turns look: a class, a grade, or (neither) everybody."""

    @property
    def activity(self) -> str: ...
    @property
    def class_id(self) -> int | None: ...
    @property
    def grade(self) -> int | None: ...


BORROWING = ("lend", "return")


def is_turn_of(turn: Turn, class_id: int | None, grade: int | None) -> bool:
    """Whether a turn is for the readers of a class, by name, by grade, or because it is everybody's."""
    if turn.class_id is not None:
        return turn.class_id == class_id
    return turn.grade in (None, grade)


def has_turn(turns: Iterable[Turn], class_id: int | None, grade: int | None) -> bool:
    """Whether readers of a class may come at the moment of these turns: it is theirs, or nobody's in particular.

    Reading and lessons in a room keep nobody from borrowing.
    """
    borrowing = [turn for turn in turns if turn.activity in BORROWING]
    return not borrowing or any(is_turn_of(turn, class_id, grade) for turn in borrowing)


def judge_reader(
    turns: Iterable[Turn], *, class_id: int | None, grade: int | None, label: str, serving: int
) -> Decision:
    """What to say of a reader who stands where one class is served. Notes only: nobody is sent away for the time alone."""
    is_guest = class_id != serving
    return Decision.of([
        Reason("reader_of_other_class", Weight.NOTE, {"class": label}) if is_guest and label else None,
        Reason("reader_without_class", Weight.NOTE) if is_guest and not label else None,
        None if has_turn(turns, class_id, grade) else Reason("turn_of_others", Weight.NOTE, {"class": label}),
    ])  # fmt: skip
