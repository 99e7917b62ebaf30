"""What is said of copies and times, from plain facts."""

from datetime import date, time

import pytest
from django.utils import translation

from shuxiang.holdings.standing import Standing
from shuxiang.libraries.rules.timetable import Hours
from shuxiang.opac.words import account_words, audience, availability, hours_of_day, price, turns

MONDAY = date(2026, 11, 23)
START = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("standing", "due_on", "kind", "words"),
    [
        (None, None, "away", "No copies"),
        (Standing(), None, "away", "No copies"),
        (Standing(5, 2, "shelf"), None, "in", "2 on the shelf"),
        (Standing(4, 0, "corner"), None, "away", "In a class corner"),
        (Standing(4, 0, "loan"), None, "out", "Lent"),
        (Standing(4, 0, "loan"), MONDAY, "out", "Lent, the first due Mon 23 Nov"),
        (Standing(1, 0, "mending"), None, "away", "Being mended"),
        (Standing(1, 0, "missing"), None, "late", "Cannot be found at present"),
    ],
)
def test_the_best_news_of_a_title_is_told(
    standing: Standing | None, due_on: date | None, kind: str, words: str
) -> None:
    with translation.override("en"):
        state = availability(standing, due_on)
    assert (state.kind, state.words) == (kind, words)


@pytest.mark.parametrize(
    ("codes", "words"), [("", ""), ("c", "小学低年级"), ("cd", "小学低年级、小学中高年级"), ("ux", "")]
)
def test_an_audience_is_said_in_the_words_of_a_school(codes: str, words: str) -> None:
    with translation.override("zh-hans"):
        assert audience(codes) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("CNY10.00", "10.00 元"),
        ("10元", "10.00 元"),
        ("CNY120.00 (全4册)", "120.00 元 (全4册)"),
        ("USD12.50", "USD12.50"),
        ("", ""),
    ],
)
def test_a_price_in_yuan_is_said_in_yuan(text: str, words: str) -> None:
    with translation.override("zh-hans"):
        assert price(text) == words


def test_a_lent_copy_says_when_it_is_due() -> None:
    with translation.override("zh-hans"):
        assert account_words("loan", date(2026, 11, 24)).words == "借出，11 月 24 日（星期二）还"


def test_classes_that_share_a_time_share_a_line() -> None:
    noon, end, later = time(12), time(12, 40), time(16)
    with translation.override("zh-hans"):
        rows = [(later, time(17), "六（1）班"), (noon, end, "三（1）班"), (noon, end, "三（2）班")]
        told = turns(rows, time(12, 30))
    assert [(turn.starts, turn.whose, turn.is_now) for turn in told] == [
        (noon, "三（1）班、三（2）班", True),
        (later, "六（1）班", False),
    ]


def test_hours_of_rooms_are_joined_where_they_overlap() -> None:
    hours = [
        Hours(1, time(8), time(11), START),
        Hours(1, time(10), time(12), START),
        Hours(1, time(14), time(17), START),
        Hours(2, time(8), time(9), START),
        Hours(1, time(18), time(20), START, date(2026, 10, 1)),
    ]
    assert hours_of_day(hours, MONDAY) == [(time(8), time(12)), (time(14), time(17))]
