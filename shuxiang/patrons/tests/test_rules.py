"""What may be a name, a number, a leaving, a move."""

from datetime import date

import pytest

from shuxiang.patrons import rules
from shuxiang.patrons.messages import words

pytestmark = pytest.mark.engine_free


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("0001", None),
        ("S-2026/17", None),
        ("", "card_number_bad"),
        ("00 01", "card_number_bad"),
        ("9" * 41, "card_number_bad"),
        ("11010519491231002X", "card_number_is_identity"),
        ("110105194912310021", "card_number_is_identity"),
        ("1101051949123100", None),
    ],
)
def test_a_card_number_is_any_short_code_but_an_identity_number(number: str, code: str | None) -> None:
    reason = rules.judge_number(number)
    assert (reason.code if reason else None) == code
    assert reason is None or "%(" not in words(reason)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("苏小棠", None),
        ("阿依古丽·买买提", None),
        (" ", "patron_needs_name"),
        ("长" * 61, "patron_name_long"),
    ],
)
def test_a_reader_needs_a_name(name: str, code: str | None) -> None:
    reason = rules.judge_name(name)
    assert (reason.code if reason else None) == code


@pytest.mark.parametrize(
    ("holder", "is_open", "code"),
    [
        (None, False, None),
        ("苏小棠", True, "card_number_taken"),
        ("苏小棠", False, "card_number_used_before"),
    ],
)
def test_a_number_given_once_is_given_for_ever(holder: str | None, is_open: bool, code: str | None) -> None:
    reason = rules.judge_taken("0001", holder, is_open)
    assert (reason.code if reason else None) == code
    assert reason is None or ("苏小棠" in words(reason) and "0001" in words(reason))


@pytest.mark.parametrize(
    ("left_on", "on", "code"),
    [
        (None, date(2026, 9, 1), None),
        (None, date(2026, 8, 31), "patron_left_before_joining"),
        (date(2026, 9, 3), date(2026, 9, 4), "patron_left_already"),
    ],
)
def test_one_leaves_once_and_after_one_came(left_on: date | None, on: date, code: str | None) -> None:
    reason = rules.judge_leaving(date(2026, 9, 1), left_on, on)
    assert (reason.code if reason else None) == code


@pytest.mark.parametrize(
    ("since", "on", "code"),
    [
        (None, date(2026, 9, 1), None),
        (date(2026, 9, 1), date(2026, 9, 2), None),
        (date(2026, 9, 1), date(2026, 9, 1), "move_too_early"),
    ],
)
def test_a_move_comes_after_the_move_before(since: date | None, on: date, code: str | None) -> None:
    reason = rules.judge_move(since, on)
    assert (reason.code if reason else None) == code
