"""Pure rules of pupil librarians: topics, who may be one, turns of the roster, and who did most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from shuxiang.common.decisions import Decision, Reason, Weight

# what is trained, in the order in which a year meets it
TOPICS = (
    "tasks", "collection", "layout", "cards", "labels", "notices",
    "register", "claims", "twins", "catalogue", "mending", "meeting",
)  # fmt: skip
LONGEST_DAYS = 400  # an appointment is for a school year at most, so that none is forgotten
A_SHARE = 3  # of how many helpers one is proposed for the award


@dataclass(frozen=True, slots=True)
class Turn:
    """A cell of the roster; Monday is 1, `week` every, A or B."""

    weekday: int
    week: str
    starts: time
    ends: time

    def meets(self, other: Turn) -> bool:
        """Whether nobody can keep both."""
        apart = {self.week, other.week} == {"A", "B"}
        return (
            self.weekday == other.weekday
            and not apart
            and self.starts < other.ends
            and other.starts < self.ends
        )

    def is_on(self, day: date, week: int | None) -> bool:
        """Whether it is that day's, in teaching week `week` (None outside teaching: only those of every week)."""
        if day.isoweekday() != self.weekday:
            return False
        return self.week == "every" or (week is not None and ("A" if week % 2 else "B") == self.week)

    @property
    def minutes(self) -> int:
        return (self.ends.hour - self.starts.hour) * 60 + self.ends.minute - self.starts.minute


def judge_proposal(*, is_pupil: bool, left_on: date | None, name: str, has_one: bool) -> Decision:
    """Who may be proposed: a pupil who is here and is not proposed or appointed already."""
    params = {"name": name}
    return Decision.of([
        None if is_pupil else Reason("not_a_pupil", Weight.REFUSE, params),
        Reason("gone", Weight.REFUSE, params) if left_on is not None else None,
        Reason("proposed_already", Weight.REFUSE, params) if has_one else None,
    ])  # fmt: skip


def judge_time(from_on: date, to_on: date) -> Reason | None:
    """From a day to a later one, a school year at most."""
    if to_on < from_on or (to_on - from_on).days > LONGEST_DAYS:
        return Reason("time_bad", Weight.REFUSE, {"from": from_on, "to": to_on})
    return None


def judge_turn(new: Turn, others: Iterable[Turn]) -> Decision:
    """A turn is long enough to be one, and nobody is in two places at once."""
    return Decision.of([
        None if 1 <= new.weekday <= 7 and new.starts < new.ends else Reason("turn_bad", Weight.REFUSE),
        Reason("turn_twice", Weight.REFUSE) if any(new.meets(other) for other in others) else None,
    ])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Work:
    """What a helper did in a period."""

    helper: int
    name: str
    label: str
    acts: int = 0
    minutes: int = 0
    trainings: int = 0


def ranked(work: Sequence[Work]) -> list[Work]:
    """Who did most first: an act counts as a minute, a training as thirty; the same work stands by class and name."""
    return sorted(work, key=lambda one: (-points(one), one.label, one.name, one.helper))


def points(one: Work) -> int:
    return one.acts + one.minutes + 30 * one.trainings


def proposed(work: Sequence[Work]) -> list[int]:
    """Who is proposed for the award: the first third of those who did anything, and who did as much as the last of them."""
    active = [one for one in ranked(work) if points(one)]
    if not active:
        return []
    last = points(active[-(-len(active) // A_SHARE) - 1])
    return [one.helper for one in active if points(one) >= last]
