from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuxiang.common.numerals import from_chinese, read_number, to_chinese
from shuxiang.common.schoolyear import (
    BadPeriod,
    ClassLabel,
    Period,
    parse_class_label,
    parse_period,
    previous,
    render_label,
    school_year_of,
    term_of,
)

DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@pytest.mark.parametrize(
    ("text", "starts_on", "ends_on"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-2027", date(2026, 9, 1), date(2027, 8, 31)),
        ("2026-autumn", date(2026, 9, 1), date(2027, 1, 31)),
        ("2017-spring", date(2017, 2, 1), date(2017, 8, 31)),
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-10-01..2026-10-31", date(2026, 10, 1), date(2026, 10, 31)),
    ],
)
def test_a_period_has_its_first_and_last_day(text: str, starts_on: date, ends_on: date) -> None:
    period = parse_period(text)
    assert period == Period(text, starts_on, ends_on)
    assert starts_on in period
    assert ends_on + timedelta(days=1) not in period


def test_a_period_may_be_typed_in_wide_or_capital_letters() -> None:
    assert parse_period(" ２０２６-Autumn ").code == "2026-autumn"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "2026-13",
        "2026-00",
        "2026-2028",
        "2026-2026",
        "2026-10-31..2026-10-01",
        "2026-02-30..2026-03-01",
        "0000",
        "9999-autumn",
        "2026-winter",
        "26",
        "2026-10-01",
        "2026-10-01..",
        "٢٠٢٦",
        "20261001..20261031",
    ],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(BadPeriod, match="not a period") as caught:
        parse_period(text)
    assert caught.value.text == text
    assert isinstance(caught.value, ValueError)


@given(st.text(max_size=25))
def test_any_text_is_a_period_or_refused(text: str) -> None:
    try:
        period = parse_period(text)
    except BadPeriod:
        return
    assert parse_period(period.code) == period


@pytest.mark.parametrize(
    ("code", "before"),
    [
        ("2026-autumn", "2026-spring"),
        ("2026-spring", "2025-autumn"),
        ("2026", "2025"),
        ("2026-2027", "2025-2026"),
        ("2026-10", "2026-09"),
        ("2026-01", "2025-12"),
        ("2026-10-08..2026-10-14", "2026-10-01..2026-10-07"),
    ],
)
def test_the_period_before_is_of_the_same_kind(code: str, before: str) -> None:
    assert previous(parse_period(code)).code == before


@given(DAYS)
def test_terms_and_school_years_leave_no_day_out(on: date) -> None:
    term = term_of(on)
    assert on in term
    assert on in parse_period(school_year_of(on))
    assert previous(term).ends_on + timedelta(days=1) == term.starts_on
    assert parse_period(term.code) == term


def test_the_school_year_turns_on_the_first_of_september() -> None:
    assert school_year_of(date(2026, 8, 31)) == "2025-2026"
    assert school_year_of(date(2026, 9, 1)) == "2026-2027"


@pytest.mark.parametrize(
    ("label", "grade", "pattern", "number", "year_before"),
    [
        ("六乙", 6, "{grade}乙", "乙", "五乙"),
        ("六（2）班", 6, "{grade}（2）班", "2", "五（2）班"),
        ("６（２）班", 6, "{digit}（２）班", "2", "5（２）班"),
        ("三年级", 3, "{grade}年级", "", "二年级"),
        ("三(1)", 3, "{grade}(1)", "1", "二(1)"),
        ("六②班", 6, "{grade}②班", "2", "五②班"),
        ("六二班", 6, "{grade}二班", "2", "五二班"),
        ("6.2班", 6, "{digit}.2班", "2", "5.2班"),
        ("三年二班", 3, "{grade}年二班", "2", "二年二班"),
        ("六年级（十二）班", 6, "{grade}年级（十二）班", "12", "五年级（十二）班"),
        ("七年级1班", 7, "{grade}年级1班", "1", "六年级1班"),
        ("初二3班", 8, "初{junior}3班", "3", "初一3班"),
        ("高一(3)班", 10, "高{senior}(3)班", "3", "初三(3)班"),
        ("高3(2)班", 12, "高{senior_digit}(2)班", "2", "高2(2)班"),
        ("小学三年级2班", 3, "小学{grade}年级2班", "2", "小学二年级2班"),
        ("三A班", 3, "{grade}A班", "A", "二A班"),
    ],
)
def test_the_grade_of_a_label_follows_the_year(
    label: str, grade: int, pattern: str, number: str, year_before: str
) -> None:
    assert parse_class_label(label) == ClassLabel(grade, pattern, number)
    assert render_label(pattern, grade) == label.replace("６", "6")
    assert render_label(pattern, grade - 1) == year_before


@pytest.mark.parametrize(
    ("label", "number", "entry_year"),
    [
        ("276班", "276", None),
        ("601班", "601", None),
        ("十三班", "13", None),
        ("2016级3班", "3", 2016),
        ("2016级", "", 2016),
        ("大班", "", None),
        ("一二年级混合班", "", None),
        ("初四班", "", None),
    ],
)
def test_a_label_without_a_grade_stays_as_it_is(label: str, number: str, entry_year: int | None) -> None:
    assert parse_class_label(label) == ClassLabel(None, label, number, entry_year)
    assert render_label(label, 5) == label


@pytest.mark.parametrize("text", ["教师", "教师班", "数学组", "601", "五", "初4", "高4", "全校", "", " "])
def test_what_is_no_class_has_no_label(text: str) -> None:
    assert parse_class_label(text) is None


def test_where_primary_school_has_five_years_the_stages_follow() -> None:
    assert parse_class_label("初一2班", primary_years=5) == ClassLabel(6, "初{junior}2班", "2")
    assert render_label("初{junior}2班", 9, primary_years=5) == "初四2班"
    assert render_label("初{junior}2班", 5, primary_years=5) == "小五2班"
    assert render_label("初{junior}2班", 10) == "高一2班"


@given(
    st.text(alphabet="一二三六十甲乙年级班初高中小学教师（）()0123456789 {}①", max_size=10),
    st.integers(1, 12),
)
def test_any_label_is_read_or_left_alone(text: str, grade: int) -> None:
    label = parse_class_label(text)
    if label is not None and label.grade is not None:
        assert 1 <= label.grade <= 12
        assert parse_class_label(render_label(label.pattern, label.grade)) == label
        assert render_label(label.pattern, grade)


@given(st.integers(0, 99))
def test_numbers_read_back_from_chinese(number: int) -> None:
    assert from_chinese(to_chinese(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("十二", 12),
        ("廿三", 23),
        ("一百零三", 103),
        ("二〇一六", 2016),
        ("两", 2),
        ("１２", 12),
        ("叁", 3),
        ("", None),
        ("十十", None),
        ("上", None),
        ("百千", None),
        ("三三十", None),
    ],
)
def test_chinese_numerals_are_read(text: str, number: int | None) -> None:
    assert read_number(text) == number


def test_numbers_out_of_range_and_words_are_refused() -> None:
    with pytest.raises(ValueError, match="0 to 99"):
        to_chinese(100)
    with pytest.raises(ValueError, match="not a number"):
        from_chinese("上")
