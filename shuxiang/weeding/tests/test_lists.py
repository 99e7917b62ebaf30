"""From the proposal to the books and back: lists of volumes to withdraw."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from shuxiang.audit import jobs, reconcile
from shuxiang.circulation.tests.desk import AT, BY, ON, Desk, add_book
from shuxiang.common.decisions import Refused
from shuxiang.holdings.models import Item, Withdrawal
from shuxiang.holdings.services import mark_missing
from shuxiang.weeding import selectors
from shuxiang.weeding.messages import last_line, why_said
from shuxiang.weeding.models import Condition, Keep, WeedingLine, WeedingList
from shuxiang.weeding.rules import Criteria
from shuxiang.weeding.services import proposing, striking, weighing
from shuxiang.weeding.tests.conftest import DAY, TODAY, line_of, propose, titles

OLD = Criteria("旧书", never_lent_years=1, age_years=20)
COPIES = Criteria("复本", copies_over=2)
LATER = AT + timedelta(hours=2)


def approved(found: WeedingList) -> WeedingList:
    return striking.approve(
        found,
        approved_by="王校长",
        approved_on=TODAY,
        document="校务会纪要第 8 号",
        disposition="scrap",
        reason="outdated",
        by=BY,
        at=LATER,
    )


def struck(found: WeedingList) -> WeedingList:
    striking.strike_later(approved(found), by=BY, at=LATER, on=TODAY)
    jobs.run_pending()
    found.refresh_from_db()
    return found


def test_rules_propose_what_they_mean(desk: Desk) -> None:
    found = propose(desk, OLD, COPIES)
    assert found.state == "draft"
    assert titles(found) == ["西游记", "计算机应用基础（旧版）"]
    [surplus, old] = found.lines.order_by("item")
    assert surplus.why == [["surplus", {"copy": 3, "copies": 3, "most": 2}]]
    assert [code for code, _params in old.why] == ["never_lent", "published"]
    assert "1998" in why_said(old.why)


def test_what_was_lent_lately_or_is_out_or_missing_is_not_proposed(desk: Desk) -> None:
    every = Criteria("全部", never_lent_years=1)
    desk.lend(desk.items[0])
    mark_missing(desk.items[1], by=BY, at=AT, on=ON)
    assert titles(propose(desk, every)) == ["西游记", "计算机应用基础（旧版）"]


def test_new_books_are_not_called_never_lent(desk: Desk) -> None:
    add_book(desk.library, "新书", copies=1)
    assert "新书" not in titles(propose(desk, Criteria("全部", never_lent_years=1)))


def test_volumes_of_a_set_are_no_copies_of_each_other(desk: Desk) -> None:
    Item.objects.filter(pk=desk.items[2].pk).update(volume_mark="下册")
    assert titles(propose(desk, COPIES)) == []


def test_worn_volumes_are_proposed_when_somebody_noted_it(desk: Desk) -> None:
    worn = Criteria("破损", only_worn=True, reason="worn")
    code = desk.items[0].identifiers.get().value
    noted = weighing.note_condition([code, "999"], kind="worn", library=desk.library, by=BY, at=AT)
    assert noted == (1, ("999",))
    found = propose(desk, worn)
    assert (titles(found), found.reason) == (["西游记"], "worn")
    weighing.note_condition([code], kind="", library=desk.library, by=BY, at=AT)
    assert not Condition.objects.exists()


def test_a_volume_is_on_one_open_list_only_and_kept_ones_on_none(desk: Desk) -> None:
    first = propose(desk, OLD)
    assert titles(propose(desk, OLD)) == []
    line = first.lines.get()
    until = TODAY + 30 * DAY
    assert weighing.keep(first, [line.pk], reason="校史资料", until_on=until, by=BY, at=AT) == 1
    assert titles(propose(desk, OLD)) == []
    assert selectors.kept(desk.library, until).count() == 1
    assert selectors.kept(desk.library, until + DAY).count() == 0
    Keep.objects.update(until_on=TODAY - DAY)
    assert titles(propose(desk, OLD)) == ["计算机应用基础（旧版）"]


def test_kept_can_be_taken_in_again(desk: Desk) -> None:
    found = propose(desk, OLD)
    line = found.lines.get()
    weighing.keep(found, [line.pk], reason="校史资料", until_on=None, by=BY, at=AT)
    assert titles(found, "kept") == ["计算机应用基础（旧版）"]
    assert weighing.take_in(found, [line.pk], by=BY, at=AT) == 1
    assert not Keep.objects.exists()
    assert weighing.leave_out(found, [line.pk], by=BY, at=AT) == 1
    assert selectors.counts(found)["out"] == 1


@pytest.mark.parametrize(
    ("reason", "until", "code"),
    [("  ", None, "keep_needs_reason"), ("校史", TODAY - DAY, "keep_until_past")],
)
def test_keeping_needs_a_reason_and_a_day_to_come(desk: Desk, reason: str, until: None, code: str) -> None:
    found = propose(desk, OLD)
    with pytest.raises(Refused, match=code):
        weighing.keep(found, [found.lines.get().pk], reason=reason, until_on=until, by=BY, at=AT)


def test_a_scanned_pile_is_added_and_strangers_are_named(desk: Desk) -> None:
    found = weighing.begin_list(desk.library, reason="worn", by=BY, at=AT)
    codes = [item.identifiers.get().value for item in desk.items]
    desk.lend(desk.items[0])
    added = weighing.add_scanned(found, [*codes, codes[1], "404"], why="damaged", by=BY, at=AT)
    assert (added.added, added.already, added.unknown) == (2, 0, ("404",))
    assert [reason.code for reason in added.refused] == ["cannot_withdraw_loan"]
    assert weighing.add_scanned(found, codes[1:], why="damaged", by=BY, at=AT).already == 2


def test_the_effect_is_shown_before(desk: Desk) -> None:
    found = propose(desk, COPIES)
    effects = selectors.effects(found, TODAY)
    seen: dict[str, object] = {one.code: (one.before, one.after) for one in effects.figures}
    assert seen["holdings.volumes"] == (4, 3)
    assert seen["holdings.titles"] == (2, 2)
    assert seen["holdings.value"] == (Decimal("103.20"), Decimal("77.40"))
    assert seen["holdings.volumes_per_pupil"] == (Decimal("2.00"), Decimal("1.50"))
    assert len(effects.divisions) == 5
    weighing.leave_out(found, [found.lines.get().pk], by=BY, at=AT)
    assert {one.before == one.after for one in selectors.effects(found, TODAY).figures} == {True}


def test_a_list_is_struck_off_under_one_number_and_reconciles(desk: Desk) -> None:
    found = propose(desk, OLD, COPIES)
    desk.lend(desk.items[2])  # proposed, and lent meanwhile
    found = struck(found)
    assert found.state == "struck"
    entry = found.withdrawal
    assert entry is not None
    assert (entry.volumes, entry.approved_by, entry.disposition, entry.document) == (
        1,
        "王校长",
        "scrap",
        "校务会纪要第 8 号",
    )
    left = line_of(found, desk.items[2])
    assert (left.state, left.left[0]) == ("left", "cannot_withdraw_loan")
    assert last_line(found, selectors.counts(found)) != ""
    counts = selectors.counts(found)
    assert (counts["struck"], counts["left"], counts["in"]) == (1, 1, 0)
    assert reconcile.run(desk.library.code).differences == ()


def test_a_struck_list_is_taken_back_by_a_red_entry(desk: Desk) -> None:
    found = struck(propose(desk, OLD, COPIES))
    striking.take_back_later(found, by=BY, at=LATER, on=TODAY)
    striking.take_back_later(found, by=BY, at=LATER, on=TODAY)
    jobs.run_pending()
    found.refresh_from_db()
    assert found.state == "undone"
    assert sorted(Withdrawal.objects.values_list("volumes", flat=True)) == [-2, 2]
    assert set(found.lines.values_list("state", flat=True)) == {"back"}
    assert set(Item.objects.values_list("account", flat=True)) == {"shelf"}
    assert reconcile.run(desk.library.code).differences == ()
    assert len(titles(propose(desk, OLD, COPIES))) == 2  # free to be proposed again


def test_asked_twice_it_is_struck_once(desk: Desk) -> None:
    found = approved(propose(desk, OLD))
    for _time in range(2):
        striking.strike_later(found, by=BY, at=LATER, on=TODAY)
    assert jobs.run_pending() == 2  # the proposal's own job, which finds nothing to do, and one striking
    assert Withdrawal.objects.count() == 1
    striking.strike_off(found, by=BY, at=LATER)
    assert Withdrawal.objects.count() == 1


def test_a_striking_that_was_stopped_goes_on_under_its_number(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(striking, "CHUNK", 1)
    found = approved(propose(desk, OLD, COPIES))
    striking.strike_later(found, by=BY, at=LATER, on=TODAY)
    assert striking._strike_chunk(found, BY, LATER)
    jobs.run_pending()
    found.refresh_from_db()
    assert found.state == "struck"
    assert [w.volumes for w in Withdrawal.objects.all()] == [2]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"approved_by": " "}, "approver_missing"),
        ({"approved_on": TODAY + DAY}, "approved_later"),
        ({"disposition": ""}, "disposition_missing"),
    ],
)
def test_an_approval_is_whole_or_refused(desk: Desk, change: dict[str, object], code: str) -> None:
    given = {
        "approved_by": "王校长",
        "approved_on": TODAY,
        "document": "",
        "disposition": "scrap",
        "reason": "worn",
    }
    with pytest.raises(Refused, match=code):
        striking.approve(propose(desk, OLD), **(given | change), by=BY, at=LATER)  # type: ignore[arg-type]


def test_an_approved_list_is_changed_only_after_it_was_opened_again(desk: Desk) -> None:
    found = approved(propose(desk, OLD))
    keys = [found.lines.get().pk]
    for act in (
        lambda: weighing.leave_out(found, keys, by=BY, at=AT),
        lambda: weighing.discard(found, by=BY, at=AT),
        lambda: approved(found),
    ):
        with pytest.raises(Refused, match="list_not_draft"):
            act()
    striking.reopen(found, by=BY, at=AT)
    assert weighing.leave_out(found, keys, by=BY, at=AT) == 1
    with pytest.raises(Refused, match="list_empty"):
        approved(found)
    weighing.discard(found, by=BY, at=AT)
    assert not WeedingLine.objects.exists()


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda d, f: striking.strike_later(f, by=BY, at=AT, on=TODAY), "list_not_approved"),
        (lambda d, f: striking.take_back_later(f, by=BY, at=AT, on=TODAY), "list_not_struck"),
        (lambda d, f: striking.reopen(f, by=BY, at=AT), "list_not_approved"),
        (lambda d, f: proposing.propose_later(d.library, [], by=BY, at=AT), "no_rule"),
        (
            lambda d, f: proposing.propose_later(d.library, [Criteria("空")], by=BY, at=AT),
            "rule_asks_nothing",
        ),
    ],
)
def test_what_cannot_be_done_yet_is_refused(desk: Desk, act: object, code: str) -> None:
    found = propose(desk, OLD)
    with pytest.raises(Refused, match=code):
        act(desk, found)  # type: ignore[operator]


def test_the_same_proposal_is_made_once_and_a_long_one_is_cut(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = uuid4()
    one = proposing.propose_later(desk.library, [COPIES], by=BY, at=AT, list_id=key)
    assert proposing.propose_later(desk.library, [COPIES], by=BY, at=AT, list_id=key).pk == one.pk
    monkeypatch.setattr(proposing, "MOST", 1)
    found = propose(desk, Criteria("全部", copies_over=0))
    assert len(titles(found)) == 1
    assert found.notes[-1] == ["too_many", {"most": 1}]


def test_rules_are_kept_with_their_names(desk: Desk) -> None:
    rule = weighing.save_rule(None, OLD, library=desk.library, by=BY, at=AT)
    assert selectors.criteria_of(rule) == OLD
    with pytest.raises(Refused, match="rule_name_taken"):
        weighing.save_rule(None, OLD, library=desk.library, by=BY, at=AT)
    with pytest.raises(Refused, match="rule_asks_nothing"):
        weighing.save_rule(rule, Criteria("旧书"), library=desk.library, by=BY, at=AT)
    weighing.remove_rule(rule, by=BY, at=AT)
    assert not selectors.rules_of(desk.library).exists()


def test_it_is_said_when_loans_are_not_known_for_so_long(desk: Desk) -> None:
    assert propose(desk, OLD).notes == [["no_loans_known", {}]]
    desk.lend(desk.items[0])
    assert propose(desk, OLD).notes == [["loans_known_since", {"on": ON.isoformat()}]]
