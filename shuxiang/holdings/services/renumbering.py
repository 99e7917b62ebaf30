"""A title gets another call number: checked, unique, freed number kept for the next title; and the way back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.catalogue.clc.judging import judge_class
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.holdings.models import Holding
from shuxiang.holdings.rules import CallNumber, read_call_number, shown, sort_key
from shuxiang.holdings.services.counts import recount
from shuxiang.holdings.services.numbering import fill_book_numbers, raise_book_numbers

ACTION = "holdings.change_call_number"
_MEANT_AS_CLASS = re.compile(r"[\[{]?[A-Za-z]{1,2}[-0-9]")
_PARTS = ("clc", "book_number", "auxiliary", "call_number")


def change_call_number(
    holding: Holding, call_number: str, *, by: Actor, at: datetime, operation_id: UUID | None = None
) -> Operation:
    """Give a holding this call number; a class alone gets the lowest number that nothing bears. Volumes follow.

    A text without class (a shelf of its own) and author numbers are taken as they are. Gives the operation, by which
    `undo_call_number` takes it back. Raises Refused: class_faulty (with the first fault), call_number_taken (by which
    title), call_number_same.
    """
    wanted = read_call_number("", call_number)
    if operation_id is None or not Operation.objects.filter(pk=operation_id).exists():  # else it is a retry
        _judge(holding, wanted, call_number).enforce()
    try:
        with transaction.atomic():
            request = {"holding": holding.pk, "call_number": call_number.strip()}
            begun = operations.begin(
                ACTION,
                by=by,
                at=at,
                library_code=holding.library.code,
                operation_id=operation_id,
                request=request,
            )
            if begun.repeated:
                return begun.operation
            return _write(begun.operation, Holding.objects.get(pk=holding.pk), wanted, at)
    except IntegrityError:  # another desk gave it away between the look and the writing
        raise _taken(holding, _text(wanted, wanted.book_number)) from None


def _judge(holding: Holding, wanted: CallNumber, typed: str) -> Decision:
    reasons: list[Reason] = []
    head = typed.strip().partition("/")[0]
    verdict = judge_class(head if _MEANT_AS_CLASS.match(head) else wanted.clc)
    fault = next((one for one in verdict.faults if not one.is_note), None)
    if fault is not None:
        reasons.append(Reason("class_faulty", Weight.REFUSE, {"fault": fault.code, "piece": fault.piece}))
    text = _text(wanted, wanted.book_number)
    now = Holding.objects.get(pk=holding.pk)
    same = text == now.call_number if text or not wanted.clc else wanted.clc == now.clc and now.book_number
    if same:
        reasons.append(Reason("call_number_same", Weight.REFUSE, {"call_number": now.call_number or typed}))
    elif text and (other := _bearer(holding, text)):
        params = {"call_number": text, "title": other.record.title}
        reasons.append(Reason("call_number_taken", Weight.REFUSE, params))
    return Decision.of(reasons)


def _text(wanted: CallNumber, book_number: int | None) -> str:
    return wanted.text if book_number is None else shown(wanted.clc, book_number, wanted.auxiliary)


def _bearer(holding: Holding, call_number: str) -> Holding | None:
    rows = Holding.objects.filter(library=holding.library_id, group=holding.group_id, call_number=call_number)
    return rows.exclude(pk=holding.pk).select_related("record").first()


def _taken(holding: Holding, call_number: str) -> Refused:
    other = _bearer(holding, call_number)
    params = {"call_number": call_number, "title": other.record.title if other else ""}
    return Refused(Decision((Reason("call_number_taken", Weight.REFUSE, params),)))


def _write(operation: Operation, holding: Holding, wanted: CallNumber, at: datetime) -> Operation:
    before = {name: getattr(holding, name) for name in _PARTS}
    number = wanted.book_number
    if wanted.needs_number:
        number = fill_book_numbers(holding.library_id, holding.group_id, {wanted.clc: 1})[wanted.clc][0]
    elif number is not None:
        raise_book_numbers(holding.library_id, holding.group_id, {wanted.clc: number})
    text = _text(wanted, number)
    after = {"clc": wanted.clc, "book_number": number, "auxiliary": wanted.auxiliary, "call_number": text}
    _store(holding, after, at)
    operations.finish(
        operation,
        subject=f"holdings.holding:{holding.pk}",
        result={"call_number": text},
        detail={"before": before, "after": after},
    )
    return operation


def _store(holding: Holding, parts: Mapping[str, Any], at: datetime) -> None:
    text = str(parts["call_number"])
    Holding.objects.filter(pk=holding.pk).update(
        **parts, call_number_sort=sort_key(text) if text else "", modified_at=at
    )
    recount([holding.pk])  # its class is one of its facets


def undo_call_number(operation_id: UUID, *, library_code: str, by: Actor, at: datetime) -> Holding:
    """Give the title back the call number it had before an operation.

    Raises Refused: change_unknown (no such change in this library), changed_since (it has another one by now),
    call_number_taken (another title got the old one).
    """
    done = Operation.objects.filter(pk=operation_id, action=ACTION, library_code=library_code).first()
    key = int(done.subject.rpartition(":")[2]) if done else 0
    with transaction.atomic():
        holding = Holding.objects.select_related("record", "library").filter(pk=key).first()
        if done is None or holding is None:
            raise Refused(Decision((Reason("change_unknown", Weight.REFUSE),)))
        before, after = done.detail["before"], done.detail["after"]
        if any(getattr(holding, name) != after[name] for name in _PARTS):
            params = {"call_number": holding.call_number, "title": holding.record.title}
            raise Refused(Decision((Reason("changed_since", Weight.REFUSE, params),)))
        if before["call_number"] and _bearer(holding, before["call_number"]):
            raise _taken(holding, before["call_number"])
        begun = operations.begin("holdings.undo_call_number", by=by, at=at, library_code=library_code)
        if before["book_number"] is not None:  # the row is locked as for any other taker
            raise_book_numbers(holding.library_id, holding.group_id, {before["clc"]: before["book_number"]})
        _store(holding, before, at)
        operations.finish(begun.operation, subject=done.subject, detail={"undoes": str(operation_id)})
    holding.refresh_from_db()
    return holding
