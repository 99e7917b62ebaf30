from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuxiang.common.money import Price, format_yuan, parse_price, share_fen

CNY = "CNY"


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("CNY25.80", 2580),
        ("￥58.00", 5800),
        ("¥ 58", 5800),
        ("定价：25.80元", 2580),
        ("28.60元", 2860),
        ("10.00", 1000),
        ("5", 500),
        ("0.35", 35),
        ("CN15.00", 1500),
        ("RMB 30", 3000),
        ("人民币9元", 900),
        ("１２.５０", 1250),
        ("1,280.00元", 128000),
        ("25。80元", 2580),
        ("CNY30.00/册", 3000),
        ("CNY18.80 (全1册)", 1880),
        ("第2版 25元", 2500),
    ],
)
def test_one_volume_has_its_price_in_fen(text: str, fen: int) -> None:
    price = parse_price(text)
    assert (price.unit_fen, price.set_fen, price.currency, price.warnings) == (fen, None, CNY, ())


@pytest.mark.parametrize(
    ("text", "set_fen", "volumes"),
    [
        ("CNY128.00 (全4册)", 12800, 4),
        ("￥66.00（全三册）", 6600, 3),
        ("CNY20.00(上下册)", 2000, 2),
        ("60元（上中下）", 6000, 3),
        ("CNY39.20(共四册)", 3920, 4),
        ("CNY44.00(2册)", 4400, 2),
        ("TWD9.90元（全十二册）", None, 12),
        ("CNY 120.00（全套）", 12000, None),
        ("120.00元/套", 12000, None),
    ],
)
def test_the_price_of_a_set_is_not_taken_for_that_of_a_volume(
    text: str, set_fen: int | None, volumes: int | None
) -> None:
    price = parse_price(text)
    assert (price.unit_fen, price.set_fen, price.volumes) == (None, set_fen, volumes)


def test_a_cell_may_give_both_the_price_of_a_volume_and_of_the_set() -> None:
    price = parse_price("48.00元（全套480元）")
    assert (price.unit_fen, price.set_fen, price.warnings) == (4800, 48000, ())


def test_so_many_times_a_price_is_the_price_of_each() -> None:
    price = parse_price("7RMB×23")
    assert (price.unit_fen, price.set_fen, price.volumes) == (700, None, 23)


def test_what_else_is_written_is_kept_as_a_note() -> None:
    assert parse_price("CNY79.00 (含光盘)") == Price(unit_fen=7900, currency=CNY, note="含光盘")


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("EUR 50.84", "EUR", "50.84"),
        ("EUR 9,99", "EUR", "9.99"),
        ("GBP 9.99", "GBP", "9.99"),
        ("NT$ 360元", "TWD", "360"),
        ("新臺幣350元", "TWD", "350"),
        ("98 TWD", "TWD", "98"),
        ("NT.250", "TWD", "250"),
        ("NT$：380元", "TWD", "380"),
        ("US$9.95", "USD", "9.95"),
        ("$25", "USD", "25"),
        ("HK$88", "HKD", "88"),
        ("JP￥1,200円（税込）", "JPY", "1200"),
    ],
)
def test_foreign_money_is_kept_and_never_counted_as_yuan(text: str, currency: str, amount: str) -> None:
    price = parse_price(text)
    assert (price.unit_fen, price.set_fen) == (None, None)
    assert (price.currency, price.foreign_amount) == (currency, Decimal(amount))
    assert price.warnings == ("foreign",)


@pytest.mark.parametrize("text", ["", "  ", "nan", "-", "/", "None", "无"])
def test_an_empty_cell_is_an_unknown_price(text: str) -> None:
    assert parse_price(text) == Price()


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("0", "zero"),
        ("０.００", "zero"),
        ("garbage", "unreadable"),
        ("赠送", "unreadable"),
        ("-5", "unreadable"),
        ("3.9.5", "unreadable"),
        (".40", "unreadable"),
        ("GBP .40", "unreadable"),
        ("25:80元", "unreadable"),
        ("USD", "no_amount"),
        ("元", "no_amount"),
        ("9787806041574", "implausible"),
    ],
)
def test_what_is_no_price_is_unknown_and_never_zero(text: str, warning: str) -> None:
    price = parse_price(text)
    assert (price.unit_fen, price.set_fen, price.foreign_amount) == (None, None, None)
    assert price.warnings == (warning,)


def test_of_several_prices_the_first_counts_and_the_rest_is_noted() -> None:
    price = parse_price("CNY23.00,CNY23(精装)")
    assert (price.unit_fen, price.note, price.warnings) == (2300, "CNY23(精装)", ("several",))


def test_a_fraction_of_a_fen_is_rounded_and_said_so() -> None:
    assert parse_price("25.805") == Price(unit_fen=2581, currency=CNY, warnings=("rounded",))


@given(st.text(max_size=40))
def test_no_text_breaks_the_parser_or_becomes_a_price_of_nothing(text: str) -> None:
    price = parse_price(text)
    assert price.unit_fen is None or price.unit_fen >= 0
    assert price.currency == CNY or (price.unit_fen is None and price.set_fen is None)


@given(st.integers(min_value=1, max_value=99_999_999))
def test_every_amount_reads_back_from_how_it_is_written(fen: int) -> None:
    assert parse_price(f"CNY{format_yuan(fen)}").unit_fen == fen


@pytest.mark.parametrize(("fen", "text"), [(2580, "25.80"), (0, "0.00"), (5, "0.05"), (-1205, "-12.05")])
def test_yuan_have_two_decimals(fen: int, text: str) -> None:
    assert format_yuan(fen) == text


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=1, max_value=200))
def test_the_shares_of_a_set_price_add_up(total_fen: int, parts: int) -> None:
    shares = share_fen(total_fen, parts)
    assert (sum(shares), len(shares)) == (total_fen, parts)
    assert max(shares) - min(shares) <= 1
