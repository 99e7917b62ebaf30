"""Cells as text, and tables that read back as they were written."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuxiang.imports.tables import (
    TableError,
    clean_code,
    clean_text,
    guess_pad_width,
    isbn_from_scientific,
    open_table,
    write_csv,
    write_xlsx,
)
from shuxiang.imports.tables.cells import lost_digits, number_text, value_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5.0, "5"), (9787806041574.0, "9787806041574"), (0.1 + 0.2, "0.3"), (16.8, "16.8"), (1e-7, "0.0000001"),
        (-3.0, "-3"), (float("nan"), ""), (1e20, "100000000000000000000"), (True, "TRUE"), (None, ""),
        (dt.date(2017, 5, 27), "2017-05-27"), (dt.time(11, 36), "11:36:00"), (dt.timedelta(hours=26), "26:00:00"),
        (dt.datetime(2017, 5, 27, tzinfo=dt.UTC), "2017-05-27"),
        (dt.datetime(2017, 5, 27, 11, 35, 59, 999_600, dt.UTC), "2017-05-27 11:36:00"),
        ("\ufeff 红\u200b楼\xa0梦\r\n ", "红楼 梦"), ("Ａ全角１", "Ａ全角１"), ("a\x00\x0bb", "ab"), ("上\r下", "上\n下"),
    ],
)  # fmt: skip
def test_values_become_text(value: object, text: str) -> None:
    assert value_text(value) == text  # type: ignore[arg-type]


def test_codes_fold_full_width_and_lose_blanks() -> None:
    assert clean_code(" ９７８-７ ８０６Ｘ\n") == "978-7806X"


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("9.78E+12", True),
        ("9.78043902348e+12", True),
        ("9.7878E12", True),
        ("1.5e3", False),
        ("978", False),
        ("E12", False),
    ],
)
def test_shortened_numbers_are_recognised(text: str, lost: bool) -> None:
    assert lost_digits(text) is lost


@pytest.mark.parametrize(
    ("text", "isbn"),
    [
        ("9.78043902348e+12", "9780439023481"),
        ("9.78E+12", None),
        ("9.78781E+12", None),
        ("1.23456789012e+12", None),
        ("978", None),
    ],
)
def test_an_isbn_is_restored_only_when_there_is_one_answer(text: str, isbn: str | None) -> None:
    assert isbn_from_scientific(text) == isbn


@given(st.integers(978_000_000_000, 979_999_999_999))
def test_a_restored_isbn_is_never_another_one(body: int) -> None:
    check = str(-sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(str(body))) % 10)
    isbn = str(body) + check
    assert isbn_from_scientific(format(float(isbn), ".12g")) in (isbn, None)


@pytest.mark.parametrize(
    ("values", "guess"),
    [
        (["0001", "12", "313"], (4, True)),
        (["1", "12", "313"], (3, False)),
        (["0001", "0002"], None),
        (["12a", "1"], None),
        (["01", "0001"], None),
        ([], None),
    ],
)
def test_a_pad_width_is_offered(values: list[str], guess: tuple[int, bool] | None) -> None:
    assert guess_pad_width(values) == guess


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e14, max_value=1e14))
def test_numbers_keep_fifteen_digits(value: float) -> None:
    assert float(number_text(value)) == float(format(value, ".15g"))


CELL = st.text(max_size=40) | st.sampled_from(
    ["=1+1", "'=1", "+86", "-5", "@x", "''@", "\t=1", "_x000D_", 'a"b', "a\nb"]
)
ROWS = st.lists(st.tuples(CELL, CELL, CELL), max_size=12)
COLUMNS = ("书名", "作者", "出版社")


def read_back(path: Path) -> list[tuple[str, ...]]:
    with open_table(path, name=path.name) as table:
        assert table.sheets[0].header.titles == COLUMNS
        return [row.cells for row in table.sheets[0].every_row()]


def expected(rows: list[tuple[str, str, str]]) -> list[tuple[str, ...]]:
    cleaned = [tuple(clean_text(cell) for cell in row) for row in rows]
    return [row for row in cleaned if any(row)]


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_what_is_written_as_csv_reads_back_equal(rows: list[tuple[str, str, str]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        assert write_csv(path, COLUMNS, rows) == len(rows)
        assert read_back(path) == expected(rows)


@settings(max_examples=15, deadline=None)
@given(ROWS)
def test_what_is_written_as_a_workbook_reads_back_equal(rows: list[tuple[str, str, str]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        assert write_xlsx(path, COLUMNS, rows, sheet="图书[1]/全部") == len(rows)
        assert read_back(path) == expected(rows)


def test_no_cell_of_a_csv_can_run_as_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_csv(path, ("书名",), [("=HYPERLINK(1)",), ("@x",), ("＝1",), ("'=1",)])
    lines = path.read_text("utf-8-sig").splitlines()
    assert lines == ["书名", "'=HYPERLINK(1)", "'@x", "'＝1", "''=1"]


def test_a_cell_too_long_for_a_workbook_is_refused_not_cut(tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        write_xlsx(tmp_path / "a.xlsx", ("书名",), [("字" * 40_000,)])
    assert caught.value.code == "cell_too_long"
    assert "32767" in str(caught.value)


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    for write, name in ((write_csv, "a.csv"), (write_xlsx, "a.xlsx")):
        with pytest.raises(TableError) as caught:
            write(tmp_path / "none" / name, ("书名",), [])
        assert caught.value.code == "cannot_write"
    with pytest.raises(TableError) as caught:
        open_table(tmp_path / "none.csv", name="none.csv")
    assert caught.value.code == "cannot_read"
