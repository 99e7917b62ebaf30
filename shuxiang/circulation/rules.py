"""When a volume may be lent, renewed or taken back: facts in, a Decision with every reason out.

Nothing here touches the database. Weights: REFUSE nobody may; ASK a librarian may, having been told; NOTE go on, but say so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from shuxiang.common.decisions import Decision, Reason, Weight


@dataclass(frozen=True)
class PolicyRow:
    """One row of the policy table; None leaves the question to a less specific row."""

    category_id: int | None
    location_id: int | None
    loan_limit: int | None = None
    loan_days: int | None = None
    renewals: int | None = None
    renewal_days: int | None = None
    in_room_only: bool | None = None
    hold_limit: int | None = None
    hold_days: int | None = None
    suspension_per_day_late: int | None = None


@dataclass(frozen=True)
class Policy:
    """What holds for one reader and one place, every question answered."""

    loan_limit: int = 1
    loan_days: int = 14
    renewals: int = 1
    renewal_days: int = 14
    in_room_only: bool = False
    hold_limit: int = 2
    hold_days: int = 5  # that a volume stays on the pick-up shelf
    suspension_per_day_late: int = 0  # days without lending


QUESTIONS = tuple(one.name for one in fields(Policy))


def deciding_rows(
    rows: Sequence[PolicyRow], category_id: int | None, location_id: int | None
) -> dict[str, PolicyRow | None]:
    """Which row answers each question: the most specific one that has an answer; None where none has."""

    def rank(row: PolicyRow) -> int:
        return 2 * (row.location_id is not None) + (row.category_id is not None)

    fitting = sorted(
        (r for r in rows if r.category_id in (None, category_id) and r.location_id in (None, location_id)),
        key=rank,
        reverse=True,
    )
    return {
        name: next((row for row in fitting if getattr(row, name) is not None), None) for name in QUESTIONS
    }


def resolve_policy(rows: Sequence[PolicyRow], category_id: int | None, location_id: int | None) -> Policy:
    """Answer each question from the most specific row that has an answer: place and category, place, category, library."""
    deciding = deciding_rows(rows, category_id, location_id)
    return Policy(**{name: getattr(row, name) for name, row in deciding.items() if row is not None})


BOUNDS = {  # of each number: the least and the most that make sense
    "loan_limit": (0, 999),
    "loan_days": (1, 400),
    "renewals": (0, 20),
    "renewal_days": (1, 400),
    "hold_limit": (0, 99),
    "hold_days": (1, 60),
    "suspension_per_day_late": (0, 30),
}


def judge_policy(row: PolicyRow) -> Decision:
    """Every number within its bounds."""
    return Decision.of(
        Reason("policy_out_of_bounds", Weight.REFUSE, {"question": name, "least": least, "most": most})
        for name, (least, most) in BOUNDS.items()
        if (value := getattr(row, name)) is not None and not least <= value <= most
    )


@dataclass(frozen=True)
class DueDate:
    """When a loan is due, and what moved it from the plain count of days."""

    due_on: date
    capped_by_recall: bool = False
    moved_past_closed_days: bool = False
    vacation: str = ""  # the period whose rule made it


def due_date(
    out_on: date, days: int, recall_on: date | None, next_open_day: Callable[[date], date]
) -> DueDate:
    """Count the days, cap at the term's recall date, then move past closed days, but never past the recall date.

    A loan made after the recall date (a vacation loan) is not capped by it.
    """
    plain = out_on + timedelta(days=days)
    capped = recall_on is not None and out_on <= recall_on < plain
    due = recall_on if capped and recall_on is not None else plain
    opened = next_open_day(due)
    if opened != due and not capped and (recall_on is None or opened <= recall_on or out_on > recall_on):
        return DueDate(opened, moved_past_closed_days=True)
    return DueDate(due, capped_by_recall=capped)


@dataclass(frozen=True)
class CheckoutFacts:
    """All that the rules of lending look at, gathered once."""

    reader_left_on: date | None
    card_ended: str  # "", or lost | replaced | left
    block_reasons: tuple[str, ...]
    open_loans: int
    overdue_loans: int
    loan_limit: int
    account: str  # of the item
    held_for_review: bool
    lending: str  # of the place: out | in-room | none
    is_reference: bool
    in_room_only: bool
    kind: str  # of the loan asked for
    lent_to_this_reader: bool
    lent_to: str  # who has it according to the books, else ""
    library_open: bool
    in_slot: bool  # False: another class's turn in the rotation table
    last_moved_at: datetime | None
    at: datetime
    due: DueDate
    ready_for: str = ""  # another reader for whom it stands on the pick-up shelf
    others_first: int = 0  # who wait before this reader and whom no other copy serves
    recalled_loans: int = 0  # of this reader, called in and still out


Rule = Callable[[CheckoutFacts], Reason | None]


def reader_is_here(f: CheckoutFacts) -> Reason | None:
    """Somebody who left the school borrows no more."""
    return Reason("reader_left", Weight.REFUSE, {"on": f.reader_left_on}) if f.reader_left_on else None


def card_is_current(f: CheckoutFacts) -> Reason | None:
    """A card reported lost or replaced opens nothing."""
    return Reason(f"card_{f.card_ended}", Weight.REFUSE) if f.card_ended else None


def reader_is_not_blocked(f: CheckoutFacts) -> Reason | None:
    """A block has a reason; a librarian who knows it may go on."""
    return (
        Reason("reader_blocked", Weight.ASK, {"reason": "；".join(f.block_reasons)})
        if f.block_reasons
        else None
    )


def below_loan_limit(f: CheckoutFacts) -> Reason | None:
    """A reader may hold only so many volumes at once; reading in the room does not count."""
    if f.kind != "in-room" and f.open_loans >= f.loan_limit:
        return Reason("loan_limit_reached", Weight.ASK, {"limit": f.loan_limit, "open": f.open_loans})
    return None


def nothing_overdue(f: CheckoutFacts) -> Reason | None:
    """What is late comes back first."""
    return Reason("has_overdue", Weight.ASK, {"count": f.overdue_loans}) if f.overdue_loans else None


def item_is_on_the_books(f: CheckoutFacts) -> Reason | None:
    """A volume is lent only once it has been entered, and no longer when it was struck off."""
    codes = {"draft": "item_not_posted", "void": "item_withdrawn", "withdrawn": "item_withdrawn"}
    code = codes.get(f.account)
    return Reason(code, Weight.REFUSE) if code else None


def item_is_at_its_place(f: CheckoutFacts) -> Reason | None:
    """A volume in the class corner, being mended or on display can be lent by somebody who knows; a corner lends its own."""
    if f.account == "corner" and f.kind == "corner":
        return None
    if f.account in ("corner", "mending", "binding", "display"):
        return Reason("item_elsewhere", Weight.ASK, {"account": f.account})
    return Reason("item_was_missing", Weight.NOTE) if f.account == "missing" else None


def item_is_in(f: CheckoutFacts) -> Reason | None:
    """What the books say is out must come back before it goes out again."""
    if f.lent_to_this_reader:
        return Reason("already_lent_to_reader", Weight.REFUSE)
    return Reason("lent_to_other", Weight.ASK, {"name": f.lent_to}) if f.lent_to else None


def nobody_waits_first(f: CheckoutFacts) -> Reason | None:
    """A volume that is kept for somebody, or for which others wait, goes to them unless a librarian decides."""
    if f.ready_for:
        return Reason("kept_for_other", Weight.ASK, {"name": f.ready_for})
    return Reason("others_wait", Weight.ASK, {"count": f.others_first}) if f.others_first else None


def nothing_recalled(f: CheckoutFacts) -> Reason | None:
    """What was called in is mentioned as long as it is out."""
    return Reason("has_recalled", Weight.NOTE, {"count": f.recalled_loans}) if f.recalled_loans else None


def item_may_leave(f: CheckoutFacts) -> Reason | None:
    """Reference works are read in the room and returned the same day (工具书不外借)."""
    if f.lending == "none":
        return Reason("not_lendable", Weight.REFUSE)
    reading_only = f.is_reference or f.in_room_only or f.lending == "in-room"
    return Reason("in_room_only", Weight.REFUSE) if reading_only and f.kind != "in-room" else None


def item_is_not_held(f: CheckoutFacts) -> Reason | None:
    """Taken aside for review: not lent until somebody has decided."""
    return Reason("held_for_review", Weight.REFUSE) if f.held_for_review else None


def time_runs_forward(f: CheckoutFacts) -> Reason | None:
    """An act cannot come before the last thing that happened to the volume."""
    if f.last_moved_at is not None and f.at < f.last_moved_at:
        return Reason("earlier_than_last_movement", Weight.REFUSE, {"at": f.last_moved_at})
    return None


def library_is_open(f: CheckoutFacts) -> Reason | None:
    return None if f.library_open else Reason("library_closed_today", Weight.NOTE)


def class_is_in_its_slot(f: CheckoutFacts) -> Reason | None:
    return None if f.in_slot else Reason("outside_slot", Weight.NOTE)


def due_date_is_plain(f: CheckoutFacts) -> Reason | None:
    if f.due.vacation:
        return Reason("due_in_vacation", Weight.NOTE, {"name": f.due.vacation, "on": f.due.due_on})
    if f.due.capped_by_recall:
        return Reason("due_at_recall", Weight.NOTE, {"on": f.due.due_on})
    return Reason("due_moved", Weight.NOTE, {"on": f.due.due_on}) if f.due.moved_past_closed_days else None


CHECKOUT_RULES: tuple[Rule, ...] = (
    reader_is_here,
    card_is_current,
    item_is_on_the_books,
    item_is_not_held,
    item_may_leave,
    item_is_in,
    time_runs_forward,
    reader_is_not_blocked,
    below_loan_limit,
    nothing_overdue,
    nobody_waits_first,
    item_is_at_its_place,
    nothing_recalled,
    library_is_open,
    class_is_in_its_slot,
    due_date_is_plain,
)


def may_check_out(facts: CheckoutFacts) -> Decision:
    return Decision.of(rule(facts) for rule in CHECKOUT_RULES)


@dataclass(frozen=True)
class RenewalFacts:
    is_open: bool
    renewals_done: int
    renewals_allowed: int
    overdue: bool
    due_on: date
    new_due_on: date
    others_waiting: int = 0  # for this title or volume, whom no other copy serves
    recalled: bool = False


def may_renew(f: RenewalFacts) -> Decision:
    """A librarian may renew twice, when late, or what others wait for; a date that would not move is pointless."""
    return Decision.of(
        [
            None if f.is_open else Reason("loan_closed", Weight.REFUSE),
            Reason("renewal_gains_nothing", Weight.REFUSE, {"on": f.due_on})
            if f.new_due_on <= f.due_on
            else None,
            Reason("renewals_used_up", Weight.ASK, {"limit": f.renewals_allowed})
            if f.renewals_done >= f.renewals_allowed
            else None,
            Reason("loan_overdue", Weight.ASK, {"on": f.due_on}) if f.overdue else None,
            Reason("others_wait", Weight.ASK, {"count": f.others_waiting}) if f.others_waiting else None,
            Reason("loan_recalled", Weight.ASK, {"on": f.due_on}) if f.recalled else None,
        ]
    )


@dataclass(frozen=True)
class ReturnFacts:
    account: str
    has_open_loan: bool
    late_days: int
    held_for_review: bool = False


def about_return(f: ReturnFacts) -> Decision:
    """A return is always accepted; whatever is odd is said."""
    held = Reason("held_for_review", Weight.NOTE) if f.held_for_review else None
    if f.has_open_loan:
        late = Reason("returned_late", Weight.NOTE, {"days": f.late_days}) if f.late_days > 0 else None
        return Decision.of([late, held])
    codes = {
        "missing": "found_again",
        "withdrawn": "withdrawn_came_back",
        "draft": "item_not_posted",
        "void": "withdrawn_came_back",
    }
    return Decision.of([Reason(codes.get(f.account, "was_not_lent"), Weight.NOTE), held])


def may_count_use(account: str) -> Decision:
    """Only what stands in the house can have been read at its tables."""
    if account == "loan":
        return Decision((Reason("lent_not_counted", Weight.REFUSE),))
    if account in ("draft", "void", "withdrawn"):
        code = "item_not_posted" if account == "draft" else "item_withdrawn"
        return Decision((Reason(code, Weight.REFUSE),))
    return Decision()


def may_back_date(on: date, today: date, reason: str) -> Decision:
    """An act is entered afterwards only for a day that has come, and only with the reason why it was not entered then."""
    return Decision.of(
        [
            Reason("back_date_without_reason", Weight.REFUSE) if not reason.strip() else None,
            Reason("back_date_to_come", Weight.REFUSE, {"on": on}) if on > today else None,
        ]
    )
