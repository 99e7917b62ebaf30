"""The rules of lending as tables: one change to good facts, the codes expected."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from shuxiang.circulation import rules
from shuxiang.circulation.messages import MESSAGES, speak
from shuxiang.circulation.rules import CheckoutFacts, DueDate, PolicyRow, RenewalFacts, ReturnFacts
from shuxiang.common.decisions import Refused, Weight

AT = datetime(2026, 10, 15, 3, 30, tzinfo=UTC)
GOOD = CheckoutFacts(
    reader_left_on=None,
    card_ended="",
    block_reasons=(),
    open_loans=0,
    overdue_loans=0,
    loan_limit=2,
    account="shelf",
    held_for_review=False,
    lending="out",
    is_reference=False,
    in_room_only=False,
    kind="personal",
    lent_to_this_reader=False,
    lent_to="",
    library_open=True,
    in_slot=True,
    last_moved_at=None,
    at=AT,
    due=DueDate(date(2026, 10, 29)),
)
R, A, N = Weight.REFUSE, Weight.ASK, Weight.NOTE

CASES = [
    ({}, []),
    ({"reader_left_on": date(2026, 7, 1)}, [("reader_left", R)]),
    ({"card_ended": "lost"}, [("card_lost", R)]),
    ({"card_ended": "replaced"}, [("card_replaced", R)]),
    ({"card_ended": "left"}, [("card_left", R)]),
    ({"block_reasons": ("暂停",)}, [("reader_blocked", A)]),
    ({"open_loans": 1}, []),
    ({"open_loans": 2}, [("loan_limit_reached", A)]),
    ({"open_loans": 2, "kind": "in-room"}, []),
    ({"loan_limit": 0}, [("loan_limit_reached", A)]),
    ({"overdue_loans": 1}, [("has_overdue", A)]),
    ({"account": "draft"}, [("item_not_posted", R)]),
    ({"account": "withdrawn"}, [("item_withdrawn", R)]),
    ({"account": "void"}, [("item_withdrawn", R)]),
    ({"account": "missing"}, [("item_was_missing", N)]),
    ({"account": "corner"}, [("item_elsewhere", A)]),
    ({"account": "mending"}, [("item_elsewhere", A)]),
    ({"account": "binding"}, [("item_elsewhere", A)]),
    ({"account": "display"}, [("item_elsewhere", A)]),
    ({"account": "loan", "lent_to": "林知夏"}, [("lent_to_other", A)]),
    ({"account": "loan", "lent_to_this_reader": True}, [("already_lent_to_reader", R)]),
    ({"lending": "none"}, [("not_lendable", R)]),
    ({"lending": "in-room"}, [("in_room_only", R)]),
    ({"lending": "in-room", "kind": "in-room"}, []),
    ({"is_reference": True}, [("in_room_only", R)]),
    ({"is_reference": True, "kind": "in-room"}, []),
    ({"in_room_only": True}, [("in_room_only", R)]),
    ({"held_for_review": True}, [("held_for_review", R)]),
    ({"last_moved_at": AT - timedelta(days=1)}, []),
    ({"last_moved_at": AT + timedelta(seconds=1)}, [("earlier_than_last_movement", R)]),
    ({"library_open": False}, [("library_closed_today", N)]),
    ({"in_slot": False}, [("outside_slot", N)]),
    ({"due": DueDate(date(2026, 10, 20), capped_by_recall=True)}, [("due_at_recall", N)]),
    ({"due": DueDate(date(2026, 11, 2), moved_past_closed_days=True)}, [("due_moved", N)]),
    (
        {"in_slot": False, "open_loans": 2, "overdue_loans": 1, "held_for_review": True},
        [("held_for_review", R), ("loan_limit_reached", A), ("has_overdue", A), ("outside_slot", N)],
    ),
]


@pytest.mark.parametrize(("change", "expected"), CASES)
def test_lending_gives_every_reason_heaviest_first(
    change: dict[str, object], expected: list[tuple[str, Weight]]
) -> None:
    decision = rules.may_check_out(replace(GOOD, **change))  # type: ignore[arg-type]
    assert [(reason.code, reason.weight) for reason in decision.reasons] == expected


def test_every_reason_of_the_tables_has_words() -> None:
    codes = {code for _, expected in CASES for code, _ in expected}
    assert codes <= set(MESSAGES)


def test_a_sentence_names_what_it_speaks_of() -> None:
    assert "林知夏" in speak("lent_to_other", {"name": "林知夏"})


def test_a_librarian_may_confirm_a_question_but_not_a_refusal() -> None:
    asked = rules.may_check_out(replace(GOOD, open_loans=2))
    asked.enforce(frozenset({"loan_limit_reached"}))
    refused = rules.may_check_out(replace(GOOD, held_for_review=True))
    with pytest.raises(Refused) as caught:
        refused.enforce(frozenset({"held_for_review"}))
    assert caught.value.codes == ("held_for_review",)


def always_open(day: date) -> date:
    return day


def open_on_weekdays(day: date) -> date:
    while day.isoweekday() > 5:
        day += timedelta(days=1)
    return day


@pytest.mark.parametrize(
    ("out_on", "days", "recall_on", "opening", "expected"),
    [
        (date(2026, 10, 15), 14, None, always_open, DueDate(date(2026, 10, 29))),
        (date(2026, 10, 15), 14, date(2026, 10, 29), always_open, DueDate(date(2026, 10, 29))),
        (
            date(2026, 10, 15),
            14,
            date(2026, 10, 20),
            always_open,
            DueDate(date(2026, 10, 20), capped_by_recall=True),
        ),
        (
            date(2026, 10, 20),
            14,
            date(2026, 10, 20),
            always_open,
            DueDate(date(2026, 10, 20), capped_by_recall=True),
        ),
        (
            date(2026, 10, 21),
            14,
            date(2026, 10, 20),
            always_open,
            DueDate(date(2026, 11, 4)),
        ),  # vacation loan
        (
            date(2026, 10, 17),
            14,
            None,
            open_on_weekdays,
            DueDate(date(2026, 11, 2), moved_past_closed_days=True),
        ),
        # the next open day would be past the recall date: the plain day stays
        (date(2026, 10, 17), 14, date(2026, 11, 1), open_on_weekdays, DueDate(date(2026, 10, 31))),
    ],
)
def test_a_due_date_counts_days_stops_at_the_recall_and_moves_past_closed_days(
    out_on: date, days: int, recall_on: date | None, opening: Callable[[date], date], expected: DueDate
) -> None:
    assert rules.due_date(out_on, days, recall_on, opening) == expected


LIBRARY = PolicyRow(None, None, loan_limit=1, loan_days=7, renewals=0, renewal_days=7, in_room_only=False)
TEACHERS = PolicyRow(2, None, loan_limit=5, loan_days=30)
READING_ROOM = PolicyRow(None, 9, in_room_only=True)
TEACHERS_THERE = PolicyRow(2, 9, in_room_only=False, loan_days=3)


@pytest.mark.parametrize(
    ("category", "location", "expected"),
    [
        (1, 1, rules.Policy(1, 7, 0, 7, False)),
        (2, 1, rules.Policy(5, 30, 0, 7, False)),
        (1, 9, rules.Policy(1, 7, 0, 7, True)),
        (2, 9, rules.Policy(5, 3, 0, 7, False)),
    ],
)
def test_the_most_specific_row_that_answers_wins(
    category: int, location: int, expected: rules.Policy
) -> None:
    assert (
        rules.resolve_policy([LIBRARY, TEACHERS, READING_ROOM, TEACHERS_THERE], category, location)
        == expected
    )


RENEWABLE = RenewalFacts(True, 0, 1, False, date(2026, 10, 29), date(2026, 11, 5))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"is_open": False}, [("loan_closed", R)]),
        ({"new_due_on": date(2026, 10, 29)}, [("renewal_gains_nothing", R)]),
        ({"renewals_done": 1}, [("renewals_used_up", A)]),
        ({"overdue": True}, [("loan_overdue", A)]),
    ],
)
def test_renewing_gives_every_reason(change: dict[str, object], expected: list[tuple[str, Weight]]) -> None:
    decision = rules.may_renew(replace(RENEWABLE, **change))  # type: ignore[arg-type]
    assert [(reason.code, reason.weight) for reason in decision.reasons] == expected


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (ReturnFacts("loan", True, 0), []),
        (ReturnFacts("loan", True, -3), []),
        (ReturnFacts("loan", True, 2), ["returned_late"]),
        (ReturnFacts("shelf", False, 0), ["was_not_lent"]),
        (ReturnFacts("missing", False, 0), ["found_again"]),
        (ReturnFacts("withdrawn", False, 0), ["withdrawn_came_back"]),
        (ReturnFacts("draft", False, 0), ["item_not_posted"]),
    ],
)
def test_a_return_is_always_accepted_and_what_is_odd_is_said(facts: ReturnFacts, codes: list[str]) -> None:
    decision = rules.about_return(facts)
    assert decision.allowed()
    assert [reason.code for reason in decision.reasons] == codes
