"""Acts made while the server was away, done afterwards: each once, at its own instant; what the books refuse is kept.

A device queues what was scanned and does not know what it means. Here the codes are read in their order, as the desk would
have read them: a card brings a reader forward, a volume is lent to them or taken back. Where it is not certain who
stood there (the code before was unknown, or was struck out), nothing is lent: it is kept for somebody to look at.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shuxiang.audit.models import Operation
from shuxiang.audit.operations import OperationMismatch
from shuxiang.circulation import selectors
from shuxiang.circulation.keptmodels import KeptAct
from shuxiang.circulation.services.by_code import lend, take_back
from shuxiang.circulation.services.renew import renew
from shuxiang.circulation.services.scan import Outcome, ScanResult, Sitting, scan
from shuxiang.circulation.services.undo import undo_act
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Patron


class Verb(StrEnum):
    """What was done: a scan, whose meaning is found out, or an act of another machine, which is known."""

    SCAN = "scan"
    CHECK_OUT = "check_out"
    CHECK_IN = "check_in"
    RENEW = "renew"
    UNDO = "undo"


class Replay(StrEnum):
    """How a replay ended."""

    READER = "reader"  # a card: somebody came forward
    DONE = "done"
    BEFORE = "before"  # it had been done already: its answer was lost, or it is sent again
    DROPPED = "dropped"  # struck out on the device before it was sent
    KEPT = "kept"


@dataclass(frozen=True)
class PastAct:
    """One act of the past. `doubt` is why its instant is not certain; `confirmed` what was answered with yes then."""

    operation: UUID
    at: datetime
    code: str
    verb: Verb = Verb.SCAN
    doubt: str = ""
    is_dropped: bool = False
    confirmed: frozenset[str] = frozenset()
    undoes: UUID | None = None


@dataclass(frozen=True)
class Stands:
    """Who stood at the desk, and whether that is certain."""

    reader: Patron | None = None
    is_certain: bool = True


@dataclass(frozen=True)
class Replayed:
    outcome: Replay
    stands: Stands
    decision: Decision = field(default_factory=Decision)
    kept: KeptAct | None = None
    to_look_at: bool = False  # done, and yet somebody should look: a return of what was not lent


@dataclass(frozen=True)
class _Case:
    """One act to be done afterwards, and where."""

    library: Library
    act: PastAct
    stands: Stands
    by: Actor
    now: datetime


def everybody(_patron: Patron) -> bool:
    """For whoever may serve all readers."""
    return True


def replay(
    *,
    library: Library,
    act: PastAct,
    stands: Stands,
    by: Actor,
    now: datetime,
    in_reach: Callable[[Patron], bool] = everybody,
) -> Replayed:
    """Do one act of the past, or keep it. Sent again it gives the same and does nothing."""
    if Operation.objects.filter(pk=act.operation).exists():
        return Replayed(Replay.BEFORE, stands)
    kept = KeptAct.objects.filter(pk=act.operation, library=library).first()
    if kept is not None:
        return Replayed(Replay.KEPT, _after(kept, stands), kept=kept)
    case = _Case(library, act, stands, by, now)
    if act.verb is not Verb.SCAN:
        return _known(case)
    found = selectors.identify(library, act.code)
    is_volume = found.card is None and (found.item is not None or bool(found.records))
    if act.is_dropped:
        return Replayed(Replay.DROPPED, stands if is_volume else replace(stands, is_certain=False))
    if is_volume and not (stands.is_certain and not act.doubt):
        reasons = [act.doubt] * bool(act.doubt) + ["reader_uncertain"] * (not stands.is_certain)
        doubts = Decision(tuple(Reason(code, Weight.ASK, {"at": act.at}) for code in reasons))
        result = ScanResult(Outcome.ASKED, found.code, doubts)
    else:
        patron = stands.reader if stands.is_certain else None
        result = scan(Sitting(library, act.at, by, patron, operation_id=act.operation), act.code)
    return _judged(case, result, in_reach)


def _judged(case: _Case, result: ScanResult, in_reach: Callable[[Patron], bool]) -> Replayed:
    if result.outcome is Outcome.READER and result.patron is not None:
        if in_reach(result.patron):
            return Replayed(Replay.READER, Stands(result.patron))
        out = Decision((Reason("reader_out_of_reach", Weight.REFUSE),))
        result = ScanResult(Outcome.REFUSED, result.code, out, patron=result.patron, card=result.card)
    # At the desk somebody would have heard that it was not lent; here it may be a loan whose card was not scanned.
    is_in_vain = result.outcome is Outcome.RETURNED and "was_not_lent" in {
        r.code for r in result.decision.notes
    }
    if result.outcome in (Outcome.LENT, Outcome.RETURNED, Outcome.TWICE):
        if is_in_vain:
            _keep(case, result)
        return Replayed(Replay.DONE, case.stands, result.decision, to_look_at=is_in_vain)
    kept = _keep(case, result)
    return Replayed(Replay.KEPT, _after(kept, case.stands), result.decision, kept)


# After these nobody knows who stood there: the code may have been a card.
_CARDS = {"unknown", "which-reader", "card"}


def _after(kept: KeptAct, stands: Stands) -> Stands:
    return replace(stands, is_certain=False) if kept.outcome in _CARDS else stands


def _keep(case: _Case, result: ScanResult) -> KeptAct:
    act, stands, by = case.act, case.stands, case.by
    is_card = result.card is not None or (result.outcome is Outcome.REFUSED and result.record is None)
    about_card = is_card and result.item is None and act.verb is Verb.SCAN
    kept, _is_new = KeptAct.objects.get_or_create(
        pk=act.operation,
        defaults={
            "library": case.library,
            "account": by.name[:80],
            "door": by.door,
            "verb": act.verb,
            "code": act.code[:200],
            "patron": stands.reader,
            "is_certain": stands.is_certain,
            "at": act.at,
            "outcome": "card" if about_card else str(result.outcome),
            "reasons": [
                [
                    reason.code,
                    int(reason.weight),
                    {name: _plain(value) for name, value in reason.params.items()},
                ]
                for reason in _why(result).reasons
            ],
            "received_at": case.now,
        },
    )
    return kept


def _why(result: ScanResult) -> Decision:
    """A kept act says why, also where the desk would have shown a list to choose from."""
    if result.decision.reasons:
        return result.decision
    code = {Outcome.WHICH_READER: "which_reader_meant", Outcome.WHICH_TITLE: "which_title_meant"}
    return Decision((Reason(code.get(result.outcome, "which_reader"), Weight.ASK, {"code": result.code}),))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return {"instant": value.isoformat()}
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _known(case: _Case) -> Replayed:
    """An act of another machine: it is known what it was, so it is that or it is kept."""
    try:
        result = _act(case)
    except Refused as refusal:
        result = ScanResult(Outcome.REFUSED, case.act.code, refusal.decision)
    except OperationMismatch:  # another request with this id was quicker
        return Replayed(Replay.BEFORE, case.stands)
    if result.outcome in (Outcome.LENT, Outcome.RETURNED):
        return Replayed(Replay.DONE, case.stands, result.decision)
    kept = _keep(case, result)
    return Replayed(Replay.KEPT, case.stands, result.decision, kept)


def _act(case: _Case) -> ScanResult:
    library, act, stands, by = case.library, case.act, case.stands, case.by
    sitting = Sitting(library, act.at, by, stands.reader, act.confirmed, operation_id=act.operation)
    if act.verb is Verb.UNDO and act.undoes is not None:
        undo_act(library=library, act=act.undoes, at=act.at, by=by, operation_id=act.operation)
        return ScanResult(Outcome.RETURNED, act.code)
    if act.verb is Verb.CHECK_IN:
        return take_back(sitting, act.code)
    if stands.reader is None:
        return ScanResult(Outcome.REFUSED, act.code, _refusing("reader_uncertain"))
    if act.verb is Verb.CHECK_OUT:
        return lend(sitting, stands.reader, act.code)
    item = selectors.identify(library, act.code).item
    loan = selectors.open_loan_of(item) if item is not None else None
    if loan is None or loan.patron_id != stands.reader.pk:
        return ScanResult(Outcome.REFUSED, act.code, _refusing("loan_closed"), item=item)
    renew(loan=loan, at=act.at, by=by, confirmed=act.confirmed, operation_id=act.operation)
    return ScanResult(Outcome.LENT, act.code)


def _refusing(code: str) -> Decision:
    return Decision((Reason(code, Weight.REFUSE),))
