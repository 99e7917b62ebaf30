"""What is to be paid for a lost or damaged volume: facts and a table in, a reckoning out. There is no fine by the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shuxiang.common.decisions import Decision, Reason, Weight


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table; None or '' fits everything. `factor` is per cent, sums are fen."""

    severity: str = ""
    material: str = ""
    copies_from: int | None = None
    copies_to: int | None = None
    year_to: int | None = None
    base: str = "list"
    factor: int = 100
    fee_fen: int = 0
    min_fen: int | None = None
    max_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """What the rules look at. `copies` are all that the library has of the title, this one among them."""

    severity: str
    list_fen: int | None = None
    current_fen: int | None = None  # what it costs now, as somebody looked it up
    set_fen: int | None = None
    is_reference: bool = False
    is_serial: bool = False
    is_of_set: bool = False
    copies: int = 1
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How a sum came about. `base` says which price it began with, `unknown` that none was known; `limit` is min or max
    where that cut the sum; `material` what the rule took it for."""

    base: str
    base_fen: int
    factor: int
    fee_fen: int
    total_fen: int
    limit: str = ""
    material: str = ""
    severity: str = ""


def material_of(loss: Loss) -> str:
    """What a volume counts as; a volume of a set before a reference work, since the whole set is broken."""
    if loss.is_of_set:
        return "set"
    if loss.is_reference:
        return "reference"
    return "serial" if loss.is_serial else "book"


def fits(rule: Rule, loss: Loss) -> bool:
    """Whether a row is about this loss; a year that is not known fits no row that asks for one."""
    return (
        rule.severity in ("", loss.severity)
        and rule.material in ("", material_of(loss))
        and (rule.copies_from is None or loss.copies >= rule.copies_from)
        and (rule.copies_to is None or loss.copies <= rule.copies_to)
        and (rule.year_to is None or (loss.year is not None and loss.year <= rule.year_to))
    )


def _base(rule: Rule, loss: Loss, unknown_fen: int | None) -> tuple[str, int | None]:
    """The price that a row begins with, and which one it is: the set's, today's, the list price, the fixed sum."""
    if rule.base == "none":
        return "none", 0
    if rule.base == "set" and loss.set_fen is not None:
        return "set", loss.set_fen
    if loss.current_fen is not None and (rule.base == "current" or loss.list_fen is None):
        return "current", loss.current_fen
    if loss.list_fen is not None:
        return "list", loss.list_fen
    return "unknown", unknown_fen


def reckon(rules: Sequence[Rule], loss: Loss, unknown_fen: int | None = None) -> Reckoning | None:
    """The sum by the first row that fits; nothing to pay where none does. None: no price is known, and no fixed sum set."""
    rule = next((rule for rule in rules if fits(rule, loss)), None)
    if rule is None:
        return Reckoning("none", 0, 0, 0, 0, "", material_of(loss), loss.severity)
    base, fen = _base(rule, loss, unknown_fen)
    if fen is None:
        return None
    total = (fen * rule.factor + 50) // 100 + rule.fee_fen
    limit = ""
    if rule.min_fen is not None and total < rule.min_fen:
        total, limit = rule.min_fen, "min"
    if rule.max_fen is not None and total > rule.max_fen:
        total, limit = rule.max_fen, "max"
    return Reckoning(base, fen, rule.factor, rule.fee_fen, total, limit, material_of(loss), loss.severity)


@dataclass(frozen=True, slots=True)
class FoundFacts:
    """A lost volume turned up, and somebody wants money back."""

    is_lost: bool
    state: str
    paid_fen: int
    refund_fen: int
    settled_on: date | None
    refund_days: int
    on: date


def may_be_found(f: FoundFacts) -> Decision:
    """Paid back is what was paid at most; after the days that the school set somebody must say yes."""
    last = f.settled_on + timedelta(days=f.refund_days) if f.settled_on else None
    is_late = f.refund_fen > 0 and last is not None and f.on > last
    return Decision.of(
        [
            None if f.is_lost else Reason("not_a_loss", Weight.REFUSE),
            None if f.state in ("open", "settled") else Reason("case_ended", Weight.REFUSE),
            Reason("refund_too_much", Weight.REFUSE, {"fen": f.paid_fen})
            if not 0 <= f.refund_fen <= f.paid_fen
            else None,
            Reason("refund_late", Weight.ASK, {"on": last, "days": f.refund_days}) if is_late else None,
        ]
    )
