"""What is to be paid, as a table; and how it is said."""

from dataclasses import asdict
from datetime import date

import pytest
from django.utils import translation

from shuxiang.common.decisions import Refused
from shuxiang.compensation.messages import in_words
from shuxiang.compensation.rules import FoundFacts, Loss, Rule, fits, may_be_found, reckon
from shuxiang.compensation.shipped import SETS, USUAL, set_called


def due(code: str, loss: Loss) -> int | None:
    found = set_called(code)
    assert found is not None
    reckoning = reckon(found.rules, loss)
    return None if reckoning is None else reckoning.total_fen


LOST = Loss("lost", list_fen=1800, copies=3)


@pytest.mark.parametrize(
    ("code", "loss", "fen"),
    [
        ("at-price", LOST, 1800),
        ("at-price", Loss("light", list_fen=1800), 0),
        ("double", LOST, 3600),
        ("double", Loss("lost", list_fen=1800, copies=1), 5400),
        ("double", Loss("lost", list_fen=1800, set_fen=9800, is_of_set=True), 9800),
        ("double", Loss("lost", list_fen=1800, is_of_set=True), 1800),
        ("double", Loss("cover", list_fen=1800, copies=3), 0),
        ("one-and-a-half", LOST, 2700),
        ("one-and-a-half", Loss("heavy", list_fen=1800), 1800),
        ("triple", Loss("light", list_fen=1800), 5400),
        ("by-material", LOST, 3600),
        ("by-material", Loss("lost", list_fen=1800, current_fen=2500), 5000),
        ("by-material", Loss("lost", list_fen=1800, is_reference=True), 9000),
        ("by-material", Loss("lost", set_fen=9800, is_of_set=True), 19600),
        ("by-material", Loss("cover"), 100),
        ("by-material", Loss("light", list_fen=1805), 361),
        ("by-material", Loss("heavy", list_fen=1800), 1080),
        ("double-old", Loss("lost", list_fen=50, year=1985), 1100),
        ("double-old", Loss("lost", list_fen=50, year=None), 100),
        ("by-copies", Loss("lost", list_fen=1800, copies=5), 5400),
        ("by-copies", Loss("lost", list_fen=1800, copies=2), 7200),
        ("by-copies", Loss("lost", list_fen=1800, copies=1), 9000),
        ("by-copies", Loss("lost", list_fen=150, copies=9), 2000),
        ("by-copies", Loss("lost", list_fen=300, copies=9, year=1992), 3000),
        ("at-price", Loss("lost"), None),
        ("at-price", Loss("lost", current_fen=2000), 2000),
    ],
)
def test_the_shipped_tables_say_what_their_schools_ask(code: str, loss: Loss, fen: int | None) -> None:
    assert due(code, loss) == fen


def test_every_shipped_table_answers_every_kind_of_loss_and_none_grows_by_the_day() -> None:
    assert set_called(USUAL) in SETS
    for one in SETS:
        for severity in ("lost", "heavy", "light", "cover"):
            assert due(one.code, Loss(severity, list_fen=1800)) is not None
    assert "days" not in Rule.__dataclass_fields__


def test_the_first_row_that_fits_counts_and_none_that_fits_asks_nothing() -> None:
    rules = (Rule(severity="lost", factor=200), Rule(factor=300))
    reckoning = reckon(rules, LOST)
    assert reckoning is not None
    assert reckoning.total_fen == 3600
    nothing = reckon(rules[:1], Loss("light", list_fen=1800))
    assert nothing is not None
    assert nothing.total_fen == 0


def test_limits_and_a_fixed_sum_for_unknown_prices() -> None:
    capped = reckon((Rule(factor=500, fee_fen=100, max_fen=5000),), LOST)
    assert capped is not None
    assert (capped.total_fen, capped.limit) == (5000, "max")
    unknown = reckon((Rule(factor=200),), Loss("lost"), 1500)
    assert unknown is not None
    assert (unknown.base, unknown.total_fen) == ("unknown", 3000)


def test_a_condition_about_copies_holds_at_both_ends() -> None:
    rule = Rule(copies_from=2, copies_to=4)
    assert [fits(rule, Loss("lost", copies=n)) for n in (1, 2, 4, 5)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("rules", "loss", "words"),
    [
        ((Rule(factor=200),), LOST, "原价 18.00 元 × 2（普通图书）= 36.00 元"),
        ((Rule(factor=150, fee_fen=500),), LOST, "原价 18.00 元 × 1.5（普通图书）+ 固定 5.00 元 = 32.00 元"),
        ((Rule(min_fen=2000),), LOST, "原价 18.00 元 × 1（普通图书）→ 最少 = 20.00 元"),
        ((Rule(base="none", fee_fen=100),), LOST, "固定 1.00 元 = 1.00 元"),
        ((Rule(base="none"),), LOST, "不收费，由读者修补"),
    ],
)
def test_a_reckoning_is_said_in_a_sentence(rules: tuple[Rule, ...], loss: Loss, words: str) -> None:
    reckoning = reckon(rules, loss)
    assert reckoning is not None
    with translation.override("zh-hans"):
        assert in_words(asdict(reckoning)) == words


def found(**more: object) -> FoundFacts:
    values: dict[str, object] = {
        "is_lost": True, "state": "settled", "paid_fen": 3600, "refund_fen": 3600,
        "settled_on": date(2026, 10, 15), "refund_days": 30, "on": date(2026, 11, 14),
    }  # fmt: skip
    return FoundFacts(**(values | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (found(), ()),
        (found(on=date(2026, 11, 15)), ("refund_late",)),
        (found(on=date(2026, 11, 15), refund_fen=0), ()),
        (found(refund_fen=3601), ("refund_too_much",)),
        (found(state="found"), ("case_ended",)),
        (found(is_lost=False), ("not_a_loss",)),
    ],
)
def test_what_was_paid_goes_back_within_the_days_of_the_school(
    facts: FoundFacts, codes: tuple[str, ...]
) -> None:
    decision = may_be_found(facts)
    assert tuple(reason.code for reason in decision.reasons) == codes
    if "refund_late" in codes:
        decision.enforce({"refund_late"})
    elif codes:
        with pytest.raises(Refused):
            decision.enforce()
