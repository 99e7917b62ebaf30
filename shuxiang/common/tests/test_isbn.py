import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuxiang.common.isbn import isbn10_to_13, parse_isbn, parse_issn


@pytest.mark.parametrize(
    ("text", "isbn13"),
    [
        ("9787806041574", "9787806041574"),
        ("978-7-302-35456-7", "9787302354567"),
        ("978－7－302－35456－7", "9787302354567"),
        ("978 7 302 35456 7", "9787302354567"),
        ("９７８７８０６０４１５７４", "9787806041574"),
        ("ISBN 978-7-121-18659-2 (平装)", "9787121186592"),
        ("7-5037-1744-0", "9787503717444"),
        ("ISBN：7-5037-1744-0：CNY10.00", "9787503717444"),
        ("080442957X", "9780804429573"),
        ("978-7-5034-1126-7", "9787503411267"),
    ],
)
def test_a_right_isbn_is_read_in_every_form(text: str, isbn13: str) -> None:
    found = parse_isbn(text)
    assert (found.isbn13, found.valid, found.warnings, found.kind) == (isbn13, True, (), "isbn")
    assert found.raw == text


@pytest.mark.parametrize(
    ("text", "isbn13"),
    [("978-7-302-35456-8", "9787302354568"), ("0-306-40615-X", "9780306406157")],
)
def test_a_wrong_check_digit_is_a_warning_and_the_number_is_kept(text: str, isbn13: str) -> None:
    found = parse_isbn(text)
    assert (found.isbn13, found.valid, found.warnings) == (isbn13, False, ("check_digit",))


@pytest.mark.parametrize(
    ("text", "isbn13", "warning"),
    [
        ("9787806041574 51299", "9787806041574", "addon_cut"),
        ("978780604157451", "9787806041574", "addon_cut"),
        ("439785960", "9780439785969", "zero_restored"),
        ("9.787806041574E+12", "9787806041574", "spreadsheet_number"),
        ("9787806041574.0", "9787806041574", "spreadsheet_number"),
    ],
)
def test_what_spreadsheets_and_scanners_do_to_a_number_is_mended(
    text: str, isbn13: str, warning: str
) -> None:
    found = parse_isbn(text)
    assert (found.isbn13, found.valid, found.warnings) == (isbn13, True, (warning,))


@pytest.mark.parametrize("text", ["1234", "123", "12345", "1111", "1112", "1234567891011", "1111111111"])
def test_a_made_up_number_stays_a_number_of_the_library(text: str) -> None:
    found = parse_isbn(text)
    assert (found.isbn13, found.local_number, found.kind) == (None, text, "other")
    assert found.warnings == ("not_isbn",)


def test_digits_that_a_spreadsheet_threw_away_are_not_invented() -> None:
    found = parse_isbn("9.78E+12")
    assert (found.isbn13, found.local_number, found.warnings) == (
        None,
        "9.78E+12",
        ("spreadsheet_digits_lost",),
    )


def test_a_number_of_the_wrong_length_is_said_so() -> None:
    assert parse_isbn("978780604157").warnings == ("wrong_length",)


@pytest.mark.parametrize("text", ["10019·2345", "10019.2345", "统一书号：10019・2345"])
def test_the_unified_number_of_old_books_is_recognised(text: str) -> None:
    found = parse_isbn(text)
    assert (found.kind, found.local_number, found.isbn13, found.warnings) == (
        "unified",
        "10019·2345",
        None,
        (),
    )


@pytest.mark.parametrize("text", ["M-2306-7118-7", "9790230671187", "979-0-2306-7118-7"])
def test_printed_music_has_its_own_number(text: str) -> None:
    found = parse_isbn(text)
    assert (found.kind, found.isbn13, found.valid) == ("ismn", "9790230671187", True)


def test_of_two_numbers_the_first_right_one_counts() -> None:
    found = parse_isbn("7503717440 9787302354567")
    assert (found.isbn13, found.warnings) == ("9787503717444", ("several",))
    assert parse_isbn("7503717440; 978-7-5037-1744-4").warnings == ()


@pytest.mark.parametrize("text", ["", " ", "nan", "-", "0", "无"])
def test_an_empty_cell_is_no_number_and_no_warning(text: str) -> None:
    found = parse_isbn(text)
    assert (found.isbn13, found.local_number, found.warnings, found.kind) == (None, "", (), "none")


@given(st.text(max_size=40))
def test_no_text_breaks_the_parser_or_is_lost(text: str) -> None:
    found = parse_isbn(text)
    assert found.raw == text
    assert found.isbn13 is None or (len(found.isbn13) == 13 and found.isbn13.isdecimal())


@given(st.integers(min_value=0, max_value=999_999_999))
def test_ten_digits_and_thirteen_are_the_same_book(body: int) -> None:
    digits = f"{body:09d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True))
    ten = digits + "0123456789X"[-total % 11]
    found = parse_isbn(isbn10_to_13(ten))
    assert (found.isbn13, found.valid) == (isbn10_to_13(ten), True)


def test_only_ten_digits_can_become_thirteen() -> None:
    with pytest.raises(ValueError, match="not ten digits"):
        isbn10_to_13("12345")


@pytest.mark.parametrize(
    ("text", "issn", "valid", "warnings"),
    [
        ("1000-0135", "1000-0135", True, ()),
        ("ISSN 10000135", "1000-0135", True, ()),
        ("9771000013005", "1000-0135", True, ()),
        ("977100001300501", "1000-0135", True, ()),
        ("1000-0136", "1000-0136", False, ("check_digit",)),
        ("2434-561x", "2434-561X", True, ()),
        ("读者", None, False, ("not_issn",)),
        ("", None, False, ()),
    ],
)
def test_issns_are_read_from_text_and_barcode(
    text: str, issn: str | None, valid: bool, warnings: tuple[str, ...]
) -> None:
    found = parse_issn(text)
    assert (found.issn, found.valid, found.warnings) == (issn, valid, warnings)
