"""An opening taken back within thirty days: the last step first; what others have touched since stays, by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db import models, transaction

from shuxiang.audit import jobs, operations
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Refused
from shuxiang.enrolment.models import Step, YearOpening
from shuxiang.enrolment.refusals import refuse
from shuxiang.enrolment.rules import UNDO_DAYS, may_take_back
from shuxiang.enrolment.services.running import CHUNK, Progress
from shuxiang.libraries.models import EnrolmentCount, SchoolClass
from shuxiang.libraries.services import rename_class, reopen
from shuxiang.patrons import services as patrons
from shuxiang.patrons.imports.undo import used_readers
from shuxiang.patrons.models import Block, Patron
from shuxiang.patrons.services.together import (
    Moved,
    WasLeft,
    never_left,
    never_moved,
    remove_many,
)

UNDO = "enrolment.undo"
State, Kind = Step.State, Step.Kind


@transaction.atomic
def take_back(opening: YearOpening, *, by: Actor, at: datetime) -> YearOpening:
    """Have the server take it back; asked twice, once. Raises Refused after thirty days, and while another is at work."""
    now = YearOpening.objects.select_for_update().select_related("library").get(pk=opening.pk)
    if now.state in (YearOpening.State.UNDOING, YearOpening.State.UNDONE):
        return now
    if now.state != YearOpening.State.DONE:
        raise refuse("not_done")
    if not may_take_back(now.done_at, at):
        raise refuse("undo_late", days=UNDO_DAYS)
    closed = [YearOpening.State.DONE, YearOpening.State.UNDONE]
    others = YearOpening.objects.filter(library=now.library).exclude(pk=now.pk)
    if others.exclude(state__in=closed).exists() or others.filter(
        school_year__gt=now.school_year, state=YearOpening.State.DONE
    ):
        raise refuse("undo_later_first")
    now.state = YearOpening.State.UNDOING
    params = {"opening": now.pk, "by": by.name, "account": by.account_id}
    now.job = jobs.queue(UNDO, by=by, library_code=now.library.code, params=params)
    now.save(update_fields=["state", "job"])
    return now


def carry_back(opening: YearOpening, *, by: Actor, at: datetime, progress: Progress) -> YearOpening:
    """Undo what is done, some steps a transaction; called again after an interruption it goes on where it was."""
    total = opening.steps.exclude(state__in=[State.KEPT, State.WAITING]).count()
    done = opening.steps.filter(state__in=[State.UNDONE, State.STAYS]).count()
    while True:
        with transaction.atomic():
            now = YearOpening.objects.select_for_update().select_related("library").get(pk=opening.pk)
            if now.state != YearOpening.State.UNDOING:
                return now
            steps = now.steps.filter(state=State.DONE).order_by("-pk")[:CHUNK]
            some: list[Step] = []
            for _kind, group in groupby(steps.select_related("school_class", "patron"), key=lambda s: s.kind):
                some = list(group)
                break
            if not some:
                _finish(now, by, at)
                return now
            _UNDO[some[0].kind](_Undoing(now, by, at), some)
            Step.objects.bulk_update(some, ["state", "note"])
            done += len(some)
        progress(done, total)


def _finish(opening: YearOpening, by: Actor, at: datetime) -> None:
    stays = opening.steps.filter(state=State.STAYS).count()
    opening.totals = {
        **opening.totals,
        "stays": stays,
        "undone": opening.steps.filter(state=State.UNDONE).count(),
    }
    opening.state, opening.undone_at = YearOpening.State.UNDONE, at
    opening.save(update_fields=["totals", "state", "undone_at"])
    begun = operations.begin("enrolment.undone", by=by, at=at, library_code=opening.library.code)
    operations.finish(begun.operation, subject=f"enrolment.opening:{opening.pk}", detail=opening.totals)


class _Undoing:
    def __init__(self, opening: YearOpening, by: Actor, at: datetime) -> None:
        self.library, self.by, self.at = opening.library, by, at


def _mark(steps: Sequence[Step], undone: set[int]) -> None:
    for step in steps:
        is_undone = step.patron_id in undone
        step.state, step.note = (State.UNDONE, "") if is_undone else (State.STAYS, "touched_since")


def _uncount(_doing: _Undoing, steps: Sequence[Step]) -> None:
    for step in steps:
        effects = step.effects
        day = EnrolmentCount.objects.filter(
            school_class=step.school_class_id or 0,
            counted_on=effects.get("on"),
            count=effects.get("count", -1),
        ).first()
        if day is None:
            step.state, step.note = State.STAYS, "counted_since"
            continue
        old = effects["old"]
        if old is None:
            day.delete()
        else:
            EnrolmentCount.objects.filter(pk=day.pk).update(count=old)
        step.state = State.UNDONE


def _reopen(doing: _Undoing, steps: Sequence[Step]) -> None:
    for step in steps:
        school_class = step.school_class
        if school_class is None or str(school_class.graduated_on) != step.effects["on"]:
            step.state, step.note = State.STAYS, "touched_since"
            continue
        school_class.library = doing.library
        reopen(school_class=school_class, by=doing.by, at=doing.at)
        rows = [
            WasLeft(key, date.fromisoformat(step.effects["on"]), _instant(step), cards, ())
            for key, cards in step.effects["itself"]
        ]
        never_left(rows, library=doing.library, by=doing.by, at=doing.at)
        step.state = State.UNDONE


def _instant(step: Step) -> datetime:
    return datetime.fromisoformat(step.effects["at"])


def _remove(doing: _Undoing, steps: Sequence[Step]) -> None:
    """New readers whom nobody has used or changed go again."""
    keys = [step.patron_id for step in steps if step.patron_id is not None]
    used = used_readers(keys) | set(Block.objects.filter(patron__in=keys).values_list("patron_id", flat=True))
    found = Patron.objects.filter(pk__in=keys, deleted_at=None, account=None)
    changed = dict(found.values_list("pk", "modified_at"))
    at = {step.patron_id: _instant(step) for step in steps}
    gone = {key for key, modified_at in changed.items() if key not in used and modified_at == at[key]}
    remove_many(gone, library=doing.library, by=doing.by, at=doing.at)
    _mark(steps, gone)


def _here_again(doing: _Undoing, steps: Sequence[Step]) -> None:
    rows = [
        WasLeft(
            step.patron_id or 0, date.fromisoformat(step.effects["left_on"]), _instant(step),
            step.effects["cards"], step.effects["memberships"], step.effects.get("grants", ()),
        )
        for step in steps
    ]  # fmt: skip
    _mark(steps, never_left(rows, library=doing.library, by=doing.by, at=doing.at))


def _move_back(doing: _Undoing, steps: Sequence[Step]) -> None:
    rows = [Moved(step.patron_id or 0, step.effects["membership"], step.effects["before"]) for step in steps]
    _mark(steps, never_moved(rows, library=doing.library, by=doing.by, at=doing.at))


def _gone_again(doing: _Undoing, steps: Sequence[Step]) -> None:
    """Who came back by the list leaves again, unless touched since."""
    back = set()
    for step in steps:
        patron = Patron.objects.select_related("library").get(pk=step.patron_id or 0)
        if patron.modified_at != _instant(step):
            continue
        patron.memberships.filter(pk=step.effects["membership"] or 0, to_on=None).delete()
        if step.effects["left_on"]:
            on = date.fromisoformat(step.effects["left_on"])
            patrons.leave(patron=patron, on=on, by=doing.by, at=doing.at)
        back.add(patron.pk)
    _mark(steps, back)


def _unopen(_doing: _Undoing, steps: Sequence[Step]) -> None:
    """A class that was opened goes while nobody is in it and nothing names it."""
    for step in steps:
        school_class = SchoolClass.objects.filter(
            pk=step.school_class_id or 0, memberships=None, enrolment=None
        ).first()
        step.state, step.note = State.STAYS, "class_in_use"
        if not step.effects.get("opened"):
            step.state, step.note = State.UNDONE, ""
        elif school_class is not None and not _is_named(school_class):
            try:
                with transaction.atomic():
                    step.school_class = None
                    Step.objects.filter(school_class=school_class).update(school_class=None)
                    school_class.delete()
                step.state, step.note = State.UNDONE, ""
            except models.ProtectedError:
                pass  # a loan or a corner names it: it stays


def _is_named(school_class: SchoolClass) -> bool:
    """Whether a grant, a turn of the rotation table or a room above would go with the class."""
    opts: Any = SchoolClass._meta
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: school_class}).exists()
        for relation in opts.related_objects
        if relation.related_model is not Step
    )


def _unname(doing: _Undoing, steps: Sequence[Step]) -> None:
    for step in steps:
        school_class = step.school_class
        try:
            if school_class is None:
                raise refuse("class_unknown")
            with transaction.atomic():
                school_class.library = doing.library
                if school_class.label_pattern != step.wants["pattern"]:
                    raise refuse("touched_since")
                rename_class(
                    school_class=school_class, pattern=step.effects["before"], by=doing.by, at=doing.at
                )
            step.state = State.UNDONE
        except Refused:
            step.state, step.note = State.STAYS, "touched_since"


_UNDO: dict[str, Callable[[_Undoing, Sequence[Step]], None]] = {
    Kind.COUNT: _uncount,
    Kind.CLOSE: _reopen,
    Kind.ENTER: _remove,
    Kind.LEAVE: _here_again,
    Kind.MOVE: _move_back,
    Kind.RETURN: _gone_again,
    Kind.OPEN: _unopen,
    Kind.RENAME: _unname,
}
