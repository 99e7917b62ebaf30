"""Who may wait for a title, in which order, and what a recall or a late return comes to: facts in, answers out.

Nothing here touches the database. Weights as in rules.py.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shuxiang.common.decisions import Decision, Reason, Weight

LONGEST_RECALL = 400  # days ahead; a later day is a slip of the pen
LONGEST_REASON = 120  # signs


@dataclass(frozen=True)
class HoldFacts:
    """All that the rules of placing a hold look at."""

    reader_left_on: date | None
    card_ended: str
    block_reasons: tuple[str, ...]
    has_hold: bool  # for the same title or volume
    has_it: bool  # the reader has this title (or this volume) out now
    holds: int  # of the reader, not yet ended
    hold_limit: int
    copies: int  # on the books, of the title; for a hold on one volume 1 while it is
    lendable: int  # of these, how many may leave the house
    copies_in: int  # of these, how many stand on the shelf for nobody
    place: str  # of one that is in
    held_for_review: bool


def may_place_hold(f: HoldFacts) -> Decision:
    """A reader waits for what can be lent and is out; what is in is fetched at once, unless a librarian says otherwise."""
    return Decision.of(
        [
            Reason("reader_left", Weight.REFUSE, {"on": f.reader_left_on}) if f.reader_left_on else None,
            Reason(f"card_{f.card_ended}", Weight.REFUSE) if f.card_ended else None,
            Reason("hold_exists", Weight.REFUSE) if f.has_hold else None,
            Reason("already_lent_to_reader", Weight.REFUSE) if f.has_it else None,
            _can_be_lent(f),
            Reason("held_for_review", Weight.REFUSE) if f.held_for_review else None,
            Reason("reader_blocked", Weight.ASK, {"reason": "；".join(f.block_reasons)})
            if f.block_reasons
            else None,
            Reason("hold_limit_reached", Weight.ASK, {"limit": f.hold_limit, "holds": f.holds})
            if f.holds >= f.hold_limit
            else None,
            Reason("copy_is_in", Weight.ASK, {"place": f.place}) if f.copies_in else None,
        ]
    )


def _can_be_lent(f: HoldFacts) -> Reason | None:
    if not f.copies:
        return Reason("no_copy_to_wait_for", Weight.REFUSE)
    return None if f.lendable else Reason("not_lendable_to_wait_for", Weight.REFUSE)


def others_first(before: int, spare: int) -> int:
    """How many of those who wait before a reader cannot be served by the other copies that are in."""
    return max(0, before - spare)


def late_days(due_on: date, in_on: date, is_open: Callable[[date], bool]) -> int:
    """Days on which the volume could have been brought back and was not: the open days after the day it was due."""
    gap = (in_on - due_on).days
    return sum(is_open(due_on + timedelta(days=n)) for n in range(1, gap + 1)) if gap > 0 else 0


def suspended_until(in_on: date, days_late: int, per_day: int, longest: int = 366) -> date | None:
    """The last day on which nothing is lent, counted from the return; None when the policy sets none."""
    days = min(days_late * per_day, longest)
    return in_on + timedelta(days=days) if days > 0 else None


def may_recall(*, due_on: date, today: date, reason: str, loans: int) -> Decision:
    """A recall names a day from today on and its reason, and there is something to call in."""
    return Decision.of(
        [
            Reason("recall_without_reason", Weight.REFUSE) if not reason.strip() else None,
            Reason("recall_in_the_past", Weight.REFUSE, {"on": due_on}) if due_on < today else None,
            Reason("recall_too_far", Weight.REFUSE, {"on": due_on})
            if due_on > today + timedelta(days=LONGEST_RECALL)
            else None,
            Reason("nothing_to_recall", Weight.REFUSE, {"on": due_on}) if not loans else None,
        ]
    )


@dataclass(frozen=True)
class VacationFacts:
    """A period that lends by rules of its own; empty sets stand for everybody."""

    name: str
    from_on: date
    to_on: date
    due_on: date | None
    loan_days: int | None
    loan_limit: int | None
    category_ids: frozenset[int] = frozenset()
    class_ids: frozenset[int] = frozenset()
    pk: int = 0

    def is_for(self, category_id: int, class_id: int | None) -> bool:
        """Whether a reader of a category and a class borrows by it."""
        return (not self.category_ids or category_id in self.category_ids) and (
            not self.class_ids or class_id in self.class_ids
        )


def vacation_for(
    periods: Iterable[VacationFacts], category_id: int, class_id: int | None
) -> VacationFacts | None:
    """The period that is meant for a reader: one for classes before one for categories before one for all."""
    fitting = [one for one in periods if one.is_for(category_id, class_id)]
    return max(fitting, key=lambda one: (bool(one.class_ids), bool(one.category_ids), -one.pk), default=None)


def judge_vacation(one: VacationFacts, others: Sequence[VacationFacts]) -> Decision:
    """A period has a name, its days in order, and is no second answer for the same readers on the same day."""
    clash = next((other for other in others if _clash(one, other)), None)
    empty = one.due_on is None and one.loan_days is None and one.loan_limit is None
    return Decision.of(
        [
            Reason("vacation_needs_name", Weight.REFUSE) if not one.name.strip() else None,
            Reason("vacation_order", Weight.REFUSE) if one.to_on < one.from_on else None,
            Reason("vacation_due_too_early", Weight.REFUSE, {"on": one.to_on})
            if one.due_on is not None and one.due_on < one.to_on
            else None,
            Reason("vacation_day_and_days", Weight.REFUSE)
            if one.due_on is not None and one.loan_days is not None
            else None,
            Reason("vacation_says_nothing", Weight.REFUSE) if empty else None,
            Reason("vacation_days_bad", Weight.REFUSE, {"most": 400})
            if one.loan_days is not None and not 1 <= one.loan_days <= 400
            else None,
            Reason("vacation_limit_bad", Weight.REFUSE, {"most": 999})
            if one.loan_limit is not None and not 0 <= one.loan_limit <= 999
            else None,
            Reason("vacation_overlaps", Weight.REFUSE, {"name": clash.name}) if clash else None,
        ]
    )


def _clash(one: VacationFacts, other: VacationFacts) -> bool:
    """Same days, and equally near to the same reader; a period for one class beside one for all is no clash."""
    if other.pk == one.pk or one.from_on > other.to_on or other.from_on > one.to_on:
        return False
    if bool(one.class_ids) != bool(other.class_ids) or bool(one.category_ids) != bool(other.category_ids):
        return False
    classes = not one.class_ids or bool(one.class_ids & other.class_ids)
    return classes and (not one.category_ids or bool(one.category_ids & other.category_ids))
