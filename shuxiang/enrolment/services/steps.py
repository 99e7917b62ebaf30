"""What each kind of step does, a handful at once, inside the caller's transaction; and what it writes down for undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Refused
from shuxiang.enrolment.models import Step, YearOpening
from shuxiang.libraries import selectors as ground
from shuxiang.libraries.models import EnrolmentCount, Library, SchoolClass
from shuxiang.libraries.rules.terms import year_of
from shuxiang.libraries.services import close_class, count_enrolment, find_or_open, rename_class
from shuxiang.patrons import services as patrons
from shuxiang.patrons.models import ClassMembership, Patron
from shuxiang.patrons.services.together import Move, leave_many, move_many

Kind, State = Step.Kind, Step.State


class Doing:
    """One chunk of an opening at work: who, when, for which days."""

    def __init__(self, opening: YearOpening, by: Actor, at: datetime) -> None:
        self.opening, self.by, self.at = opening, by, at
        self.library: Library = opening.library
        year = ground.calendar_of(self.library).school_year(year_of(opening.school_year))
        self.first_day: date = year.starts_on
        self.last_day: date = self.first_day - timedelta(days=1)
        self._found: dict[str, SchoolClass | None] = {}

    def target(self, wanted: str) -> SchoolClass | None:
        """The class of a target: one that was there, or one that an earlier step opened."""
        if wanted not in self._found:
            kind, _colon, rest = wanted.partition(":")
            classes = SchoolClass.objects.filter(library=self.library).select_related("library", "stage")
            if kind == "class":
                self._found[wanted] = classes.filter(pk=int(rest)).first()
            else:
                step = self.opening.steps.filter(kind=Kind.OPEN, wants__label=rest).first()
                self._found[wanted] = (
                    classes.filter(pk=step.school_class_id).first() if step and step.school_class_id else None
                )
        return self._found[wanted]


def do(opening: YearOpening, steps: Sequence[Step], *, by: Actor, at: datetime) -> None:
    """Carry out steps of one kind and note what became of each."""
    _DO[steps[0].kind](Doing(opening, by, at), steps)
    Step.objects.bulk_update(steps, ["state", "patron", "school_class", "wants", "effects", "note"])


def _kept(step: Step, code: str) -> None:
    step.state, step.note = State.KEPT, code[:40]


def _each(steps: Sequence[Step], act: Callable[[Step], None]) -> None:
    """One by one: a step that is refused is kept with the reason, the others are done."""
    for step in steps:
        try:
            with transaction.atomic():
                act(step)
            step.state = State.DONE
        except Refused as refusal:
            _kept(step, refusal.codes[0])


def _rename(doing: Doing, steps: Sequence[Step]) -> None:
    def act(step: Step) -> None:
        school_class = SchoolClass.objects.select_related("library").get(pk=step.school_class_id or 0)
        step.effects = {"before": school_class.label_pattern}
        rename_class(school_class=school_class, pattern=step.wants["pattern"], by=doing.by, at=doing.at)

    _each(steps, act)


def _open(doing: Doing, steps: Sequence[Step]) -> None:
    def act(step: Step) -> None:
        before = set(SchoolClass.objects.filter(library=doing.library).values_list("pk", flat=True))
        opened = find_or_open(
            library=doing.library,
            label=step.wants["label"],
            school_year=doing.opening.school_year,
            grade=step.wants.get("grade"),
            by=doing.by,
            at=doing.at,
        )
        step.school_class = opened
        step.effects = {"opened": opened.pk not in before}

    _each(steps, act)


def _return(doing: Doing, steps: Sequence[Step]) -> None:
    """Somebody who left is here again, or somebody without a class gets one."""

    def act(step: Step) -> None:
        patron = Patron.objects.select_related("library").get(pk=step.patron_id or 0)
        left_on, target = patron.left_on, doing.target(step.wants["target"])
        if left_on is not None:
            patrons.come_back(patron=patron, on=doing.first_day, by=doing.by, at=doing.at)
        made = patrons.move_class(
            patron=patron, school_class=target, on=doing.first_day, number=step.wants["number"], by=doing.by, at=doing.at
        )  # fmt: skip
        step.school_class = target
        step.effects = {
            "left_on": left_on.isoformat() if left_on else None,
            "membership": made.pk if made else None,
            "at": doing.at.isoformat(),
        }

    _each(steps, act)


def _move(doing: Doing, steps: Sequence[Step]) -> None:
    moves = []
    for step in steps:
        target = doing.target(step.wants["target"])
        if target is None or step.patron_id is None:
            _kept(step, "class_missing")
        else:
            step.school_class = target
            moves.append(Move(step.patron_id, target, step.wants["number"]))
    moved, kept = move_many(moves, library=doing.library, on=doing.first_day, by=doing.by, at=doing.at)
    done = {one.patron_id: one for one in moved}
    for step in steps:
        one = done.get(step.patron_id or 0)
        if one is not None:
            step.state, step.effects = State.DONE, {"membership": one.membership, "before": one.before}
        elif step.patron_id in kept:
            _kept(step, kept[step.patron_id])


def _leave(doing: Doing, steps: Sequence[Step]) -> None:
    keys = [step.patron_id for step in steps if step.patron_id is not None]
    left = leave_many(keys, library=doing.library, on=doing.last_day, by=doing.by, at=doing.at)
    for step in steps:
        key = step.patron_id or 0
        if key in left.kept:
            _kept(step, left.kept[key])
            continue
        step.state = State.DONE
        step.effects = {
            "left_on": doing.last_day.isoformat(),
            "at": doing.at.isoformat(),
            **left.effects(key),
        }


def _enter(doing: Doing, steps: Sequence[Step]) -> None:
    """New readers, all at once; when one of them cannot be, one by one, so that only that one is kept."""
    category = patrons.default_categories(doing.library)["pupil"]

    def wanted(step: Step) -> patrons.NewPatron:
        target = doing.target(step.wants["target"])
        return patrons.NewPatron(
            name=step.wants["name"],
            category=category,
            card_number=step.wants["card"],
            on=doing.first_day,
            school_class=target,
            class_number=step.wants["number"],
        )

    def enter(some: Sequence[Step]) -> None:
        with transaction.atomic():
            keys = patrons.add_patrons(
                [wanted(step) for step in some], library=doing.library, by=doing.by, at=doing.at
            )
        for step, key in zip(some, keys, strict=True):
            step.state, step.patron_id, step.school_class = (
                State.DONE,
                key,
                doing.target(step.wants["target"]),
            )
            step.effects = {"at": doing.at.isoformat()}
            step.wants = {"card": step.wants["card"]}  # the name stands with the reader from now on

    try:
        enter(steps)
    except Refused:
        for step in steps:
            try:
                enter([step])
            except Refused as refusal:
                _kept(step, refusal.codes[0])


def _close(doing: Doing, steps: Sequence[Step]) -> None:
    """A class ends, and so does the class where it is a reader itself."""

    def act(step: Step) -> None:
        school_class = SchoolClass.objects.select_related("library").get(pk=step.school_class_id or 0)
        close_class(school_class=school_class, on=doing.last_day, by=doing.by, at=doing.at)
        itself = Patron.objects.filter(school_class=school_class, left_on=None, deleted_at=None)
        keys = list(itself.values_list("pk", flat=True))
        left = leave_many(keys, library=doing.library, on=doing.last_day, by=doing.by, at=doing.at)
        step.effects = {
            "on": doing.last_day.isoformat(),
            "at": doing.at.isoformat(),
            "itself": [[key, left.cards.get(key, [])] for key in keys if key not in left.kept],
        }

    _each(steps, act)


def _count(doing: Doing, steps: Sequence[Step]) -> None:
    """Pupils of a class as of the first day of the year: the denominator of every figure a head."""

    def act(step: Step) -> None:
        school_class = doing.target(step.wants["target"])
        if school_class is None:
            return
        old = EnrolmentCount.objects.filter(school_class=school_class, counted_on=doing.first_day).first()
        count = _members(school_class, doing.first_day)
        step.school_class = school_class
        step.effects = {
            "old": old.count if old else None,
            "count": count,
            "on": doing.first_day.isoformat(),
        }
        count_enrolment(
            library=doing.library, school_class=school_class, count=count, on=doing.first_day, by=doing.by, at=doing.at
        )  # fmt: skip

    _each(steps, act)


def _members(school_class: SchoolClass, day: date) -> int:
    rows = ClassMembership.objects.filter(
        school_class=school_class, from_on__lte=day, patron__deleted_at=None, patron__left_on=None
    )
    return rows.exclude(to_on__lt=day).values("patron").distinct().count()


_DO: dict[str, Callable[[Doing, Sequence[Step]], None]] = {
    Kind.RENAME: _rename,
    Kind.OPEN: _open,
    Kind.RETURN: _return,
    Kind.MOVE: _move,
    Kind.LEAVE: _leave,
    Kind.ENTER: _enter,
    Kind.CLOSE: _close,
    Kind.COUNT: _count,
}
