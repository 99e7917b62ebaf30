"""Waiting for a title: the queue is honest, the pick-up shelf is true, and undoing puts back what was."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection

from shuxiang.audit import reconcile
from shuxiang.audit.models import Operation
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.catalogue.services import merging
from shuxiang.circulation import queue
from shuxiang.circulation.holdmodels import Hold
from shuxiang.circulation.holdrules import HoldFacts, may_place_hold
from shuxiang.circulation.models import Loan
from shuxiang.circulation.rules import PolicyRow
from shuxiang.circulation.services import (
    Outcome,
    Sitting,
    cancel_hold,
    cancel_loan,
    check_in,
    fetch,
    move_hold,
    place_hold,
    put_back,
    renew,
    reopen_loan,
    scan,
    set_policy,
    tend,
    undo_act,
)
from shuxiang.circulation.tests.desk import AT, BY, ISBN, ON, START, Desk, add_book, later
from shuxiang.common.decisions import Refused, Weight
from shuxiang.holdings.models import Item, ItemIdentifier
from shuxiang.patrons.models import Patron
from shuxiang.patrons.services import block, leave

State = Hold.State
R, A = Weight.REFUSE, Weight.ASK
GOOD = HoldFacts(
    reader_left_on=None,
    card_ended="",
    block_reasons=(),
    has_hold=False,
    has_it=False,
    holds=0,
    hold_limit=2,
    copies=1,
    lendable=1,
    copies_in=0,
    place="",
    held_for_review=False,
)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"reader_left_on": date(2026, 7, 1)}, [("reader_left", R)]),
        ({"card_ended": "lost"}, [("card_lost", R)]),
        ({"has_hold": True}, [("hold_exists", R)]),
        ({"has_it": True}, [("already_lent_to_reader", R)]),
        ({"copies": 0, "lendable": 0}, [("no_copy_to_wait_for", R)]),
        ({"lendable": 0}, [("not_lendable_to_wait_for", R)]),
        ({"held_for_review": True}, [("held_for_review", R)]),
        ({"block_reasons": ("暂停",)}, [("reader_blocked", A)]),
        ({"holds": 2}, [("hold_limit_reached", A)]),
        ({"hold_limit": 0}, [("hold_limit_reached", A)]),
        ({"copies_in": 1, "place": "开架书库"}, [("copy_is_in", A)]),
    ],
)
def test_who_may_wait(change: dict[str, object], expected: list[tuple[str, Weight]]) -> None:
    decision = may_place_hold(replace(GOOD, **change))  # type: ignore[arg-type]
    assert [(reason.code, reason.weight) for reason in decision.reasons] == expected


def wait(desk: Desk, patron: Patron, item: Item | None = None, *, minutes: int = 0) -> Hold:
    return place_hold(
        library=desk.library,
        patron=patron,
        record=desk.item.holding.record,
        item=item,
        at=AT + timedelta(minutes=minutes),
        by=BY,
        confirmed=frozenset({"copy_is_in"}),
    )


def state(hold: Hold) -> str:
    return Hold.objects.get(pk=hold.pk).state


@pytest.fixture
def lent(desk: Desk) -> Desk:
    """All three copies are out: two with the teacher, one with the pupil."""
    desk.lend(desk.items[0])
    desk.lend(desk.items[1], desk.teacher)
    desk.lend(desk.items[2], desk.teacher)
    return desk


def give_back(desk: Desk, item: Item, days: int = 1) -> list[str]:
    done = check_in(library=desk.library, item=item, at=later(days), by=BY)
    return [reason.code for reason in done.decision.reasons]


def test_a_return_is_kept_for_the_first_who_waits_and_says_so(lent: Desk) -> None:
    first, second = wait(lent, lent.other), wait(lent, lent.pupil, lent.items[1], minutes=1)
    done = check_in(library=lent.library, item=lent.items[2], at=later(1), by=BY)
    reason = done.decision.reasons[0]
    assert (reason.code, reason.params["name"], reason.params["class"]) == ("keep_for", "周予安", "三（1）班")
    kept = Hold.objects.get(pk=first.pk)
    assert (kept.state, kept.ready_item, kept.ready_until) == (State.READY, lent.items[2], date(2026, 10, 21))
    assert state(second) == State.WAITING
    assert give_back(lent, lent.items[1], 2) == ["keep_for"]
    assert state(second) == State.READY


def test_another_reader_is_asked_about_and_the_right_one_fills_it(lent: Desk) -> None:
    hold = wait(lent, lent.other)
    give_back(lent, lent.items[1])
    with pytest.raises(Refused) as refused:
        lent.lend(lent.items[1], lent.teacher, later(2))
    assert refused.value.codes == ("kept_for_other",)
    loan = lent.lend(lent.items[1], lent.other, later(2))
    hold.refresh_from_db()
    assert (hold.state, hold.loan) == (State.FILLED, loan)
    cancel_loan(loan=loan, at=later(2), by=BY)
    hold.refresh_from_db()
    assert (hold.state, hold.loan, hold.ready_item) == (State.READY, None, lent.items[1])


def test_lending_it_all_the_same_lets_its_reader_wait_on_and_undoing_gives_it_back(lent: Desk) -> None:
    hold = wait(lent, lent.other)
    give_back(lent, lent.items[1])
    loan = lent.lend(lent.items[1], lent.teacher, later(2), confirmed=frozenset({"kept_for_other"}))
    assert state(hold) == State.WAITING
    cancel_loan(loan=loan, at=later(2), by=BY)
    assert state(hold) == State.READY


def test_undoing_a_return_takes_the_volume_from_the_pickup_shelf(lent: Desk) -> None:
    hold = wait(lent, lent.other)
    loan = Loan.objects.get(item=lent.items[1])
    check_in(library=lent.library, item=lent.items[1], at=later(1), by=BY)
    loan.refresh_from_db()
    reopen_loan(loan=loan, at=later(1), by=BY)
    hold.refresh_from_db()
    assert (hold.state, hold.ready_item) == (State.WAITING, None)


def test_whoever_waits_first_comes_first_and_spare_copies_serve_the_rest(desk: Desk) -> None:
    wait(desk, desk.other)
    desk.lend(desk.items[0], desk.teacher)  # two others are in: nobody is passed over
    desk.lend(desk.items[1], desk.teacher)
    with pytest.raises(Refused) as refused:
        desk.lend(desk.items[2], desk.pupil)
    assert refused.value.codes == ("others_wait",)
    loan = desk.lend(desk.items[2], desk.other)
    assert loan.patron == desk.other


def test_renewing_what_others_wait_for_is_asked_about(lent: Desk) -> None:
    loan = Loan.objects.get(item=lent.items[0])
    wait(lent, lent.other)
    with pytest.raises(Refused) as refused:
        renew(loan=loan, at=later(3), by=BY)
    assert refused.value.codes == ("others_wait",)


def test_nobody_is_put_before_the_others_without_a_reason(lent: Desk) -> None:
    early = place_hold(library=lent.library, patron=lent.other, record=lent.item.holding.record, at=AT, by=BY)
    far = wait(lent, lent.pupil, lent.items[1], minutes=5)
    assert queue.places_of([early, far]) == {early.pk: 1, far.pk: 2}
    with pytest.raises(Refused) as refused:
        move_hold(hold=far, before=early, reason=" ", at=later(1), by=BY)
    assert refused.value.codes == ("move_without_reason",)
    moved = move_hold(hold=far, before=early, reason="明天演讲要用", at=later(1), by=BY)
    assert moved.moved_because == "明天演讲要用"
    assert queue.places_of([early, far]) == {early.pk: 2, far.pk: 1}
    move_hold(hold=moved, before=None, reason="放回原位", at=later(1), by=BY)
    assert queue.places_of([early, far]) == {early.pk: 1, far.pk: 2}


@pytest.mark.parametrize("gap", [0, 1])
def test_between_two_who_came_in_the_same_instant_there_is_room(lent: Desk, gap: int) -> None:
    first, second = wait(lent, lent.other), wait(lent, lent.pupil, lent.items[1], minutes=1)
    last = wait(lent, lent.teacher, lent.items[0], minutes=5)
    Hold.objects.filter(pk=second.pk).update(queued_at=first.queued_at + timedelta(microseconds=gap))
    move_hold(hold=last, before=queue.find_hold(lent.library, second.pk), reason="演讲", at=later(1), by=BY)
    assert queue.places_of([first, second, last]) == {first.pk: 1, last.pk: 2, second.pk: 3}


def test_what_is_not_fetched_goes_to_the_next_and_then_back_to_its_shelf(lent: Desk) -> None:
    first, second = wait(lent, lent.other), wait(lent, lent.pupil, lent.items[1], minutes=1)
    give_back(lent, lent.items[1])
    assert tend(library=lent.library, at=later(2), by=BY) == {"expired": 0, "again": 0, "ended": 0}
    assert tend(library=lent.library, at=later(7), by=BY)["expired"] == 1
    assert (state(first), state(second)) == (State.EXPIRED, State.READY)
    assert queue.to_put_back(lent.library) == []
    assert tend(library=lent.library, at=later(14), by=BY)["expired"] == 1
    assert queue.to_put_back(lent.library) == [second]
    put_back(hold=second, at=later(14), by=BY)
    assert queue.to_put_back(lent.library) == []


def test_giving_up_passes_the_volume_on(lent: Desk) -> None:
    first, second = wait(lent, lent.other), wait(lent, lent.pupil, lent.items[1], minutes=1)
    give_back(lent, lent.items[1])
    ready = queue.find_hold(lent.library, first.pk)
    assert ready is not None
    assert cancel_hold(hold=ready, reason="不看了", at=later(2), by=BY).state == State.CANCELLED
    assert state(second) == State.READY
    with pytest.raises(Refused) as refused:
        cancel_hold(hold=ready, reason="", at=later(2), by=BY)
    assert refused.value.codes == ("hold_ended",)


def test_who_may_not_borrow_is_passed_over(lent: Desk) -> None:
    first, second = wait(lent, lent.other), wait(lent, lent.pupil, lent.items[1], minutes=1)
    block(patron=lent.other, reason="赔书未结", by=BY, at=AT)
    give_back(lent, lent.items[1])
    assert (state(first), state(second)) == (State.WAITING, State.READY)
    leave(patron=lent.other, on=ON, by=BY, at=later(1))
    assert tend(library=lent.library, at=later(2), by=BY)["ended"] == 1
    assert Hold.objects.get(pk=first.pk).ended_because == "reader_left"


def test_a_copy_that_stands_on_the_shelf_is_fetched_for_who_waits(desk: Desk) -> None:
    hold = wait(desk, desk.other)
    assert queue.to_fetch(desk.library) == {hold.pk: desk.items[0]}
    kept = fetch(hold=hold, item=desk.items[0], at=later(0), by=BY)
    assert (kept.state, kept.ready_item) == (State.READY, desk.items[0])
    assert queue.to_fetch(desk.library) == {}


def test_scanning_a_fetched_copy_keeps_it_and_can_be_undone(desk: Desk) -> None:
    hold = wait(desk, desk.other)
    code = ItemIdentifier.objects.get(item=desk.items[1]).value
    result = scan(Sitting(desk.library, later(1), BY), code)
    assert result.outcome is Outcome.RETURNED
    assert [reason.code for reason in result.decision.reasons] == ["keep_for"]
    undo_act(library=desk.library, act=latest(), at=later(1), by=BY)
    assert state(hold) == State.WAITING


def latest() -> UUID:
    return Operation.objects.filter(action="circulation.check_in").latest("at").pk


def test_an_isbn_lends_the_copy_that_is_kept_for_the_reader(lent: Desk) -> None:
    hold = wait(lent, lent.other)
    give_back(lent, lent.items[1])
    give_back(lent, lent.items[0])
    result = scan(Sitting(lent.library, later(2), BY, patron=lent.other), ISBN)
    assert (result.outcome, result.item) == (Outcome.LENT, lent.items[1])
    assert state(hold) == State.FILLED


def test_a_volume_that_went_missing_is_waited_for_again_and_a_withdrawn_one_ends_the_wait(lent: Desk) -> None:
    title, volume = wait(lent, lent.other), wait(lent, lent.pupil, lent.items[1], minutes=1)
    give_back(lent, lent.items[2])
    Item.objects.filter(pk=lent.items[2].pk).update(account="missing")
    Item.objects.filter(pk=lent.items[1].pk).update(account="withdrawn")
    assert tend(library=lent.library, at=later(2), by=BY) == {"expired": 0, "again": 1, "ended": 1}
    assert state(title) == State.WAITING
    assert Hold.objects.get(pk=volume.pk).ended_because == "volume_withdrawn"


def test_a_policy_sets_how_many_and_how_long(lent: Desk) -> None:
    row = PolicyRow(lent.other.category_id, None, 2, 14, 1, 14, hold_limit=1, hold_days=2)
    set_policy(library=lent.library, row=row, at=START, by=BY)
    wait(lent, lent.other)
    give_back(lent, lent.items[1])
    assert Hold.objects.get(patron=lent.other).ready_until == date(2026, 10, 19)  # the 18th is a Sunday
    other = add_book(lent.library, "红楼梦", copies=1)[0]
    lent.lend(other, lent.teacher)
    with pytest.raises(Refused) as refused:
        place_hold(library=lent.library, patron=lent.other, record=other.holding.record, at=later(1), by=BY)
    assert refused.value.codes == ("hold_limit_reached",)


def test_the_same_request_places_one_hold(lent: Desk) -> None:
    key = uuid4()
    for _ in range(2):
        place_hold(
            library=lent.library,
            patron=lent.other,
            record=lent.item.holding.record,
            at=AT,
            by=BY,
            operation_id=key,
        )
    assert Hold.objects.count() == 1
    with pytest.raises(Refused) as refused:
        wait(lent, lent.other)
    assert refused.value.codes == ("hold_exists",)


def test_holds_follow_a_merge_and_its_parting(lent: Desk) -> None:
    twin = add_book(lent.library, "西游记（另一条）", copies=1)[0]
    lent.lend(twin, lent.teacher)
    here = wait(lent, lent.other)
    there = place_hold(
        library=lent.library, patron=lent.other, record=twin.holding.record, at=later(1), by=BY
    )
    gone = BibliographicRecord.objects.get(pk=twin.holding.record_id)
    act = merging.merge(gone, into=lent.item.holding.record, by=BY, at=later(2))
    assert (state(here), state(there)) == (State.WAITING, State.CANCELLED)
    assert {h.record_id for h in Hold.objects.all()} == {lent.item.holding.record_id}
    merging.part(act, by=BY, at=later(3))
    assert state(there) == State.WAITING
    assert Hold.objects.get(pk=there.pk).record_id == gone.pk


def test_everything_still_agrees(lent: Desk) -> None:
    wait(lent, lent.other)
    give_back(lent, lent.items[1])
    lent.lend(lent.items[1], lent.other, later(2))
    assert [d for d in reconcile.run().differences if not d.allowed] == []
    assert connection.vendor in ("sqlite", "postgresql")
