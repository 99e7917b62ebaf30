"""An opening carried out: its steps are written down first, then done a few at a time, so that a power cut loses nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction

from shuxiang.audit import jobs, operations
from shuxiang.common.actors import Actor
from shuxiang.enrolment.models import Step, YearOpening
from shuxiang.enrolment.planning import Worked, work_out
from shuxiang.enrolment.refusals import refuse
from shuxiang.enrolment.rules import key_of, numbered
from shuxiang.enrolment.services.steps import do
from shuxiang.libraries.services import open_school_year
from shuxiang.patrons.models import Card

RUN = "enrolment.run"
CHUNK = 60  # steps in one transaction: some fifty milliseconds
State, Kind = YearOpening.State, Step.Kind
Progress = Callable[[int, int | None], None]


@transaction.atomic
def start(opening: YearOpening, *, shown: str, by: Actor, at: datetime) -> YearOpening:
    """Write down every step of the plan that was shown, and have the server do them. Pressed twice, it begins once.

    Raises Refused while questions are open, and when something has changed since the page was shown.
    """
    now = YearOpening.objects.select_for_update().select_related("library").get(pk=opening.pk)
    if now.state in (State.RUNNING, State.DONE):
        return now
    if now.state != State.DRAFT:
        raise refuse("no_draft")
    worked = work_out(now)
    if worked.plan.questions:
        raise refuse("questions_open", count=len(worked.plan.questions))
    if not worked.plan.stands:
        raise refuse("plan_impossible")
    if worked.digest != shown:
        raise refuse("plan_changed")
    begun = operations.begin("enrolment.start", by=by, at=at, library_code=now.library.code)
    open_school_year(library=now.library, school_year=now.school_year, by=by, at=at)
    Step.objects.bulk_create(list(_steps(now, worked)), batch_size=500)
    now.lines = [_line(line) for line in worked.plan.lines]
    now.totals = {"refused": sum(problem.row > 0 for problem in worked.plan.problems)}
    now.entrants.all().delete()
    now.state = State.RUNNING
    params = {"opening": now.pk, "by": by.name, "account": by.account_id}
    now.job = jobs.queue(RUN, by=by, library_code=now.library.code, params=params)
    now.save()
    operations.finish(
        begun.operation, subject=f"enrolment.opening:{now.pk}", detail={"steps": now.steps.count()}
    )
    return now


def _line(line: object) -> dict[str, object]:
    names = (
        "label_before",
        "label_after",
        "before",
        "graduated",
        "left",
        "out",
        "into",
        "back",
        "new",
        "after",
    )
    return {name: getattr(line, name) for name in names}


def _steps(opening: YearOpening, worked: Worked) -> Iterable[Step]:
    """Classes first, then readers who go and come, then what is closed and counted."""
    plan, turn = worked.plan, worked.turn
    for key, label in plan.renamed.items():
        yield Step(
            opening=opening, kind=Kind.RENAME, school_class_id=key, wants={"pattern": turn.pattern(label)}
        )
    grades = {row.label: row.grade for row in worked.rows.values()}
    for target in plan.opened:
        label = target.removeprefix("new:")
        yield Step(opening=opening, kind=Kind.OPEN, wants={"label": label, "grade": grades.get(label)})
    for patron, target, row in plan.returning:
        wants = {"target": target, "number": worked.rows[row].number}
        yield Step(opening=opening, kind=Kind.RETURN, patron_id=patron, wants=wants)
    for patron, target, number in plan.moves:
        yield Step(
            opening=opening, kind=Kind.MOVE, patron_id=patron, wants={"target": target, "number": number}
        )
    for patron in plan.leavers:
        yield Step(opening=opening, kind=Kind.LEAVE, patron_id=patron)
    cards = iter(new_numbers(worked))
    for new in plan.newcomers:
        wants = {
            "name": new.name,
            "target": new.target,
            "number": new.number,
            "card": new.card or next(cards),
        }
        yield Step(opening=opening, kind=Kind.ENTER, wants=wants)
    for key, why in plan.closed.items():
        yield Step(opening=opening, kind=Kind.CLOSE, school_class_id=key, wants={"why": why})
    for line in plan.lines:
        if line.label_after:
            yield Step(
                opening=opening,
                kind=Kind.COUNT,
                school_class_id=key_of(line.target),
                wants={"target": line.target},
            )


def new_numbers(worked: Worked) -> list[str]:
    """Card numbers for rows without one, in their order: two digits of the year and a running number nobody ever had."""
    prefix = f"{worked.turn.year % 100:02d}"
    without = sum(not row.card for row in worked.plan.newcomers)
    taken = Card.objects.filter(library=worked.turn.library, number__startswith=prefix) if without else None
    used = set(taken.values_list("number", flat=True)) if taken is not None else set()
    return numbered(prefix, without, used | {row.card for row in worked.plan.newcomers})


def carry_out(opening: YearOpening, *, by: Actor, at: datetime, progress: Progress) -> YearOpening:
    """Do what still waits, some steps a transaction; called again after an interruption it goes on where it was."""
    total, done = opening.steps.count(), opening.steps.exclude(state=Step.State.WAITING).count()
    while True:
        with transaction.atomic():
            now = YearOpening.objects.select_for_update().select_related("library").get(pk=opening.pk)
            if now.state != State.RUNNING:
                return now
            some = _next(now)
            if not some:
                _finish(now, by, at)
                return now
            do(now, some, by=by, at=at)
            done += len(some)
        progress(done, total)
        time.sleep(0)  # a desk that waits for the write lock comes first


def _next(opening: YearOpening) -> Sequence[Step]:
    """The next steps of one kind."""
    waiting = opening.steps.filter(state=Step.State.WAITING).order_by("pk")[:CHUNK]
    for _kind, group in groupby(waiting.select_related("school_class__library"), key=lambda step: step.kind):
        return list(group)
    return []


def _finish(opening: YearOpening, by: Actor, at: datetime) -> None:
    steps = opening.steps.values_list("kind", "state")
    told = dict.fromkeys(("made", "changed", "skipped"), 0)
    for kind, state in steps:
        if state == Step.State.KEPT:
            told["skipped"] += 1
        elif kind == Kind.ENTER:
            told["made"] += 1
        elif kind in (Kind.MOVE, Kind.LEAVE, Kind.RETURN):
            told["changed"] += 1
    opening.totals = {**opening.totals, **told}
    opening.state, opening.done_at = State.DONE, at
    opening.save(update_fields=["totals", "state", "done_at"])
    begun = operations.begin("enrolment.done", by=by, at=at, library_code=opening.library.code)
    operations.finish(begun.operation, subject=f"enrolment.opening:{opening.pk}", detail=opening.totals)
