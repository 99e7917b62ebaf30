"""What was scanned while the server was away: done once at its own time, and whatever the books refuse is kept."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid5

import pytest

from shuxiang.audit import reconcile
from shuxiang.circulation import jobs, kept
from shuxiang.circulation.keptmodels import KeptAct
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import (
    Outcome,
    PastAct,
    Replay,
    Replayed,
    Stands,
    Verb,
    cancel_loan,
    check_in,
    dismiss_kept,
    forget_dismissed,
    renew,
    reopen_kept,
    replay,
    settle_kept,
)
from shuxiang.circulation.tests.desk import AT, BY, Desk, add_book, later
from shuxiang.common.decisions import Refused
from shuxiang.holdings.models import Item
from shuxiang.patrons.services import block

SPACE = UUID("0190f000-0000-7000-8000-000000000000")
NOW = later(0) + timedelta(hours=3)


def code_of(item: Item) -> str:
    return item.identifiers.get().value


def past(n: int, code: str, **more: object) -> PastAct:
    return PastAct(uuid5(SPACE, str(n)), AT + timedelta(seconds=10 * n), code, **more)  # type: ignore[arg-type]


def all_of(desk: Desk, acts: Sequence[PastAct], stands: Stands | None = None) -> list[Replayed]:
    """In their order, each from where the one before left the desk."""
    done = []
    stands = stands or Stands()
    for act in acts:
        done.append(replay(library=desk.library, act=act, stands=stands, by=BY, now=NOW))
        stands = done[-1].stands
    return done


def outcomes(done: Sequence[Replayed]) -> list[str]:
    return [str(each.outcome) for each in done]


def test_a_queue_is_read_as_the_desk_would_have_read_it(desk: Desk) -> None:
    first, second, third = (code_of(item) for item in desk.items)
    desk.lend(desk.items[2], desk.teacher, at=later(-1))
    done = all_of(desk, [past(0, third), past(1, "0001"), past(2, first), past(3, "0002"), past(4, second)])
    assert outcomes(done) == ["done", "reader", "done", "reader", "done"]
    lent = {loan.item_id: (loan.patron, loan.out_at) for loan in Loan.objects.filter(in_at=None)}
    assert lent == {
        desk.items[0].pk: (desk.pupil, AT + timedelta(seconds=20)),
        desk.items[1].pk: (desk.other, AT + timedelta(seconds=40)),
    }
    assert Loan.objects.get(in_at__isnull=False).in_at == AT
    assert reconcile.run().differences == ()


def test_a_queue_sent_twice_is_done_once(desk: Desk) -> None:
    acts = [
        past(0, "0001"),
        past(1, code_of(desk.items[0])),
        past(2, "nobody7"),
        past(3, code_of(desk.items[1])),
    ]
    first = all_of(desk, acts)
    again = all_of(desk, acts)
    assert outcomes(first) == ["reader", "done", "kept", "kept"]
    assert outcomes(again) == ["reader", "before", "kept", "kept"]
    assert [each.stands for each in first] == [each.stands for each in again]
    assert (Loan.objects.count(), KeptAct.objects.count()) == (1, 2)


def test_after_a_code_that_nobody_understood_nothing_is_lent_to_the_reader_before(desk: Desk) -> None:
    first, second, third = (code_of(item) for item in desk.items)
    acts = [
        past(0, "0001"),
        past(1, first),
        past(2, "0999"),
        past(3, second),
        past(4, "0002"),
        past(5, third),
    ]
    assert outcomes(all_of(desk, acts)) == ["reader", "done", "kept", "kept", "reader", "done"]
    doubtful = KeptAct.objects.get(code=second)
    assert (doubtful.patron, doubtful.is_certain) == (desk.pupil, False)
    assert kept.reasons_of(doubtful) == ["无法确定当时是谁在借还：前一个号码没有认出来。"]
    assert set(Loan.objects.values_list("item", "patron")) == {
        (desk.items[0].pk, desk.pupil.pk),
        (desk.items[2].pk, desk.other.pk),
    }


def test_what_was_struck_out_on_the_device_is_not_done_and_a_struck_card_leaves_a_doubt(desk: Desk) -> None:
    first, second, _third = (code_of(item) for item in desk.items)
    done = all_of(
        desk,
        [
            past(0, "0001"),
            past(1, first, is_dropped=True),
            past(2, "0002", is_dropped=True),
            past(3, second),
        ],
    )
    assert outcomes(done) == ["reader", "dropped", "dropped", "kept"]
    assert Loan.objects.count() == 0


@pytest.mark.parametrize("doubt", ["clock_was_set", "clock_ahead", "clock_long_ago"])
def test_an_act_whose_time_is_doubtful_is_asked(desk: Desk, doubt: str) -> None:
    done = all_of(desk, [past(0, "0001"), past(1, code_of(desk.item), doubt=doubt)])
    assert outcomes(done) == ["reader", "kept"]
    assert [reason.code for reason in done[1].decision.asks] == [doubt]
    assert Loan.objects.count() == 0


def test_what_the_books_refuse_or_ask_is_kept_with_its_reasons(desk: Desk) -> None:
    block(patron=desk.pupil, reason="赔偿未办", by=BY, at=later(-1))
    desk.lend(desk.items[1], desk.other, at=NOW)  # another desk, later than what waited
    done = all_of(desk, [past(0, "0001"), past(1, code_of(desk.items[0])), past(2, code_of(desk.items[1]))])
    codes = [[reason.code for reason in each.decision.reasons] for each in done[1:]]
    assert "reader_blocked" in codes[0]
    assert "earlier_than_last_movement" in codes[1]
    assert kept.open_count(desk.library) == 2


def test_a_helper_of_one_class_serves_no_other_afterwards_either(desk: Desk) -> None:
    def nobody(_patron: object) -> bool:
        return False

    act = past(0, "0001")
    done = replay(library=desk.library, act=act, stands=Stands(), by=BY, now=NOW, in_reach=nobody)
    assert (done.outcome, done.stands.is_certain) == (Replay.KEPT, False)
    after = replay(
        library=desk.library,
        act=past(1, code_of(desk.item)),
        stands=done.stands,
        by=BY,
        now=NOW,
        in_reach=nobody,
    )
    assert after.outcome is Replay.KEPT
    assert Loan.objects.count() == 0


def test_acts_of_another_machine_are_what_they_were(desk: Desk) -> None:
    code = code_of(desk.item)
    reader = Stands(desk.pupil)
    lent, other = past(0, code, verb=Verb.CHECK_OUT), past(1, code_of(desk.items[1]), verb=Verb.CHECK_OUT)
    renewed = past(2, code, verb=Verb.RENEW)
    undone = past(3, "", verb=Verb.UNDO, undoes=other.operation)
    back = past(30000, code, verb=Verb.CHECK_IN)
    acts = [lent, other, renewed, undone, back]
    done = [replay(library=desk.library, act=act, stands=reader, by=BY, now=NOW) for act in acts]
    assert outcomes(done) == [
        "done",
        "done",
        "kept",
        "done",
        "done",
    ]  # renewing on the same day gains nothing
    again = [replay(library=desk.library, act=act, stands=reader, by=BY, now=NOW) for act in acts]
    assert outcomes(again) == ["before", "before", "kept", "before", "before"]
    assert sorted(Loan.objects.values_list("outcome", flat=True)) == ["cancelled", "returned"]
    assert reconcile.run().differences == ()


def test_a_return_of_what_is_not_lent_is_looked_at_for_it_may_be_a_loan_without_a_card(desk: Desk) -> None:
    desk.lend(at=later(-2))
    check_in(library=desk.library, item=desk.item, at=later(-1), by=BY)
    done = all_of(desk, [past(0, code_of(desk.item))])
    assert (outcomes(done), [r.code for r in done[0].decision.notes]) == (["done"], ["was_not_lent"])
    assert done[0].to_look_at
    assert outcomes(all_of(desk, [past(0, code_of(desk.item))])) == ["before"]
    assert KeptAct.objects.count() == 1


def kept_one(desk: Desk, code: str) -> KeptAct:
    all_of(desk, [past(0, "0001"), past(1, "7777777"), past(2, code)])
    return KeptAct.objects.get(code=code)


def test_what_was_kept_is_done_after_all_at_the_time_it_was(desk: Desk) -> None:
    waiting = kept_one(desk, code_of(desk.item))
    result = settle_kept(
        waiting,
        patron=desk.pupil,
        code=waiting.code,
        at=waiting.at,
        now=NOW,
        by=BY,
        operation_id=uuid5(SPACE, "s"),
    )
    assert (result.outcome, result.loan and result.loan.out_at) == (Outcome.LENT, waiting.at)
    assert (waiting.state, waiting.settled_by) == ("done", "li")
    with pytest.raises(Refused) as refused:
        settle_kept(
            waiting,
            patron=desk.other,
            code=waiting.code,
            at=NOW,
            now=NOW,
            by=BY,
            operation_id=uuid5(SPACE, "t"),
        )
    assert refused.value.codes == ("kept_settled_already",)
    assert Loan.objects.count() == 1


def test_what_is_still_refused_stays_kept(desk: Desk) -> None:
    waiting = kept_one(desk, code_of(desk.item))
    desk.lend(desk.item, desk.other, at=NOW)
    result = settle_kept(
        waiting,
        patron=desk.pupil,
        code=waiting.code,
        at=waiting.at,
        now=NOW,
        by=BY,
        operation_id=uuid5(SPACE, "s"),
    )
    assert result.outcome is Outcome.REFUSED
    assert waiting.state == "open"


def test_a_dismissal_wants_a_reason_and_can_be_taken_back(desk: Desk) -> None:
    waiting = kept_one(desk, code_of(desk.item))
    with pytest.raises(Refused):
        dismiss_kept(waiting, reason="  ", at=NOW, by=BY)
    dismiss_kept(waiting, reason="书还在架上", at=NOW, by=BY)
    assert (waiting.state, waiting.remark) == ("dismissed", "书还在架上")
    assert waiting not in kept.open_acts(desk.library)
    reopen_kept(waiting, at=NOW, by=BY)
    assert (waiting.state, waiting.remark, waiting.settled_at) == ("open", "", None)


def test_who_stood_there_is_forgotten_when_it_is_done(desk: Desk) -> None:
    waiting = kept_one(desk, code_of(desk.item))
    assert waiting.reasons != []
    settle_kept(
        waiting,
        patron=desk.pupil,
        code=waiting.code,
        at=waiting.at,
        now=NOW,
        by=BY,
        operation_id=uuid5(SPACE, "s"),
    )
    assert (waiting.patron, waiting.reasons, waiting.code) == (None, [], code_of(desk.item))
    assert Loan.objects.get().patron == desk.pupil


def test_a_dismissal_is_forgotten_when_it_can_no_longer_be_taken_back(desk: Desk) -> None:
    waiting = kept_one(desk, code_of(desk.item))
    dismiss_kept(waiting, reason="书还在架上", at=NOW, by=BY)
    before, after = NOW + timedelta(days=29), NOW + timedelta(days=30)
    assert (jobs.kept_are_due(before), forget_dismissed(before)) == (None, 0)
    assert KeptAct.objects.get(pk=waiting.pk).patron == desk.pupil
    with pytest.raises(Refused) as refused:
        reopen_kept(waiting, at=after, by=BY)
    assert refused.value.codes == ("kept_dismissed_long_ago",)
    assert (jobs.kept_are_due(after), forget_dismissed(after), jobs.kept_are_due(after)) == ({}, 1, None)
    waiting.refresh_from_db()
    assert (waiting.patron, waiting.reasons, waiting.remark) == (None, [], "书还在架上")
    assert KeptAct.objects.get(code="7777777").patron == desk.pupil  # still waits for somebody


def test_the_number_of_a_card_is_forgotten_with_its_reader(desk: Desk) -> None:
    desk.pupil.cards.update(to_at=AT - timedelta(days=1), ended="lost")
    (done,) = all_of(desk, [past(0, "0001")])
    assert done.kept and done.kept.outcome == "card"
    dismiss_kept(done.kept, reason="挂失的卡", at=NOW, by=BY)
    forget_dismissed(NOW + timedelta(days=30))
    assert KeptAct.objects.get().code == ""


def test_a_loan_undone_here_is_not_done_again(desk: Desk) -> None:
    acts = [past(0, "0001"), past(1, code_of(desk.item))]
    all_of(desk, acts)
    cancel_loan(loan=Loan.objects.get(), at=NOW, by=BY)
    assert outcomes(all_of(desk, acts)) == ["reader", "before"]
    assert Loan.objects.get().outcome == "cancelled"


def test_titles_by_isbn_and_renewals_work_too(desk: Desk) -> None:
    add_book(desk.library, "草房子", copies=1, isbn="9787534646454")
    done = all_of(desk, [past(0, "0001"), past(1, "9787534646454")])
    assert outcomes(done) == ["reader", "done"]
    loan = renew(loan=Loan.objects.get(), at=later(3), by=BY)
    assert loan.renewals == 1
