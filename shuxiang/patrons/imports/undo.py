"""Take back an import of readers: those nobody has used go; changes are put back where they still stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction

from shuxiang.audit.models import Operation
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Refused
from shuxiang.imports import registry, tally
from shuxiang.imports.models import Run, RunRow
from shuxiang.imports.shapes import Note, Progress, Undone
from shuxiang.libraries.models import SchoolClass
from shuxiang.patrons import services
from shuxiang.patrons.imports.counting import uncount
from shuxiang.patrons.models import Block, Card, ClassMembership, Patron, PatronCategory

Use = Callable[[Iterable[int]], set[int]]
_uses: list[Use] = []
_CHUNK = 50


def register_use(use: Use) -> None:
    """A room above tells which of these readers it has used: they stay."""
    _uses.append(use)


def used_readers(patrons: Iterable[int]) -> set[int]:
    """Those of these readers that some room has used: they stay."""
    registry.kinds()  # with that every room has told what it uses
    some = list(patrons)
    return set().union(*(use(some) for use in _uses))


def undo_patrons(run: Run, *, by: Actor, at: datetime, operation: Operation, progress: Progress) -> Undone:
    """See imports.shapes.Importer.undo."""
    del operation  # each act below writes its own
    uncount(run)
    rows = list(run.rows.filter(verdict__in=["made", "changed"]).order_by("-pk"))
    kept: list[Note] = []
    for start in range(0, len(rows), _CHUNK):
        with transaction.atomic():
            some = rows[start : start + _CHUNK]
            tally.add(run, patrons=_remove(some, by, at, kept))
            for row in some:
                if "before" in row.effects:
                    _put_back(row, by, at, kept)
        progress(min(start + _CHUNK, len(rows)), len(rows))
    classes = _close_classes(rows)
    return Undone({"patrons": tally.taken_back(run).get("patrons", 0), "classes": classes}, tuple(kept))


def _remove(rows: list[RunRow], by: Actor, at: datetime, kept: list[Note]) -> int:
    made = [row.effects["made"] for row in rows if "made" in row.effects]
    used = used_readers(made)
    count = 0
    for patron in Patron.objects.filter(pk__in=made, deleted_at=None):
        if patron.pk in used or patron.account_id is not None:
            kept.append(Note("reader_kept", {"name": patron.name}))
        else:
            services.remove_patron(patron=patron, by=by, at=at)
            count += 1
    return count


def _put_back(row: RunRow, by: Actor, at: datetime, kept: list[Note]) -> None:
    effects: dict[str, Any] = row.effects
    patron = Patron.objects.filter(pk=effects["patron"], deleted_at=None).select_related("library").first()
    if patron is None:
        return
    try:
        with transaction.atomic():
            _columns(patron, effects["before"], by, at)
            _card_and_block(patron, effects, by, at)
            _class(effects)
    except Refused:
        kept.append(Note("reader_kept", {"name": patron.name}))


def _columns(patron: Patron, before: dict[str, Any], by: Actor, at: datetime) -> None:
    if "category" in before:
        category = PatronCategory.objects.get(pk=before["category"])
        services.change_patron(patron=patron, category=category, by=by, at=at)
    if "loan_limit" in before:
        services.change_patron(patron=patron, loan_limit=before["loan_limit"], by=by, at=at)


def _card_and_block(patron: Patron, effects: dict[str, Any], by: Actor, at: datetime) -> None:
    if block := Block.objects.filter(pk=effects.get("block") or 0, lifted_at=None).first():
        services.lift_block(block=block, by=by, at=at)
    if effects.get("left"):
        services.come_back(patron=patron, on=patron.left_on or patron.joined_on, by=by, at=at)
    replaced = patron.cards.filter(to_at=None).exists()
    if not replaced:
        Card.objects.filter(pk=effects.get("lost") or 0, ended=Card.Ended.LOST).update(to_at=None, ended="")


def _class(effects: dict[str, Any]) -> None:
    """The move never was: the membership before is open again, if the reader has not moved on since."""
    moved = ClassMembership.objects.filter(pk=effects.get("membership") or 0, to_on=None).first()
    if moved is None:
        return
    moved.delete()
    ClassMembership.objects.filter(pk=effects.get("membership_before") or 0).update(to_on=None)


def _close_classes(rows: list[RunRow]) -> int:
    """Classes that the run opened and in which nobody is any more."""
    count = 0
    for key in (key for row in rows for key in row.effects.get("opened", ())):
        school_class = SchoolClass.objects.filter(pk=key, memberships=None, enrolment=None).first()
        if school_class is None:
            continue
        try:
            with transaction.atomic():
                school_class.delete()
            count += 1
        except models.ProtectedError:
            pass  # a loan or a corner names it: the class stays
    return count
