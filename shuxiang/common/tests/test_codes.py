import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuxiang.common.codes import clean_scan, readings, split_scans


@pytest.mark.parametrize(
    ("delivered", "meant"),
    [
        ("0000123\r\n", "0000123"),
        ("\t P000001 ", "P000001"),
        ("Ｐ０００１２３", "P000123"),
        ("]C0A1234", "A1234"),
        ("]E09787806041574", "9787806041574"),
        ("\x02abC-12\x03", "abC-12"),
        ("\ufeff\u200b12345", "12345"),
        ("王 小明", "王 小明"),
        ("　123　", "123"),
        ("", ""),
    ],
)
def test_what_a_scanner_delivers_becomes_what_is_printed(delivered: str, meant: str) -> None:
    assert clean_scan(delivered) == meant


@given(st.text(max_size=60))
def test_a_cleaned_scan_is_one_line_without_control_signs(text: str) -> None:
    assert clean_scan(text).strip() == clean_scan(text)
    assert all(sign.isprintable() for sign in clean_scan(text) if ord(sign) < 128)


EAN, OTHER = "9787806041574", "9787020002207"


@pytest.mark.parametrize(
    ("delivered", "meant"),
    [
        ("", ()),
        (" \r\n", ()),
        ("0001234", ("0001234",)),
        ("0001234\r\n", ("0001234",)),
        ("0001234\t", ("0001234",)),
        ("0001234\n0001235\n", ("0001234", "0001235")),
        ("0001234\r\n0001234", ("0001234",)),
        (EAN + OTHER, (EAN, OTHER)),
        (EAN + EAN, (EAN,)),
        (EAN + "05" + OTHER, (EAN, OTHER)),
        (EAN + OTHER + "51299", (EAN, OTHER)),
        (EAN + "02" + OTHER + "05" + EAN, (EAN, OTHER, EAN)),
        ("９７８７８０６０４１５７４" + OTHER, (EAN, OTHER)),
        ("]E0" + EAN + OTHER, (EAN, OTHER)),
        (EAN + "05", (EAN + "05",)),
        (
            EAN + "9787020002208",
            (EAN + "9787020002208",),
        ),  # a wrong check digit: one unknown code, not two books
        ("00012340001235", ("00012340001235",)),
        ("12345678901234567890123456", ("12345678901234567890123456",)),
        ("三（1）班", ("三(1)班",)),
    ],
)
def test_a_line_of_input_is_taken_apart_into_scans(delivered: str, meant: tuple[str, ...]) -> None:
    assert split_scans(delivered) == meant


@pytest.mark.parametrize(
    ("delivered", "meant"),
    [
        ("0001234", "0001234"),
        ("*A0001234*", "A0001234"),  # Code 39 with its start and stop signs
        ("A0001234B", "0001234"),  # Codabar with its letters
        ("=0001234", "0001234"),  # a label reprinted from a spreadsheet
        ("'0001234", "0001234"),
        ('"0001234"', "0001234"),
        ("0001 8803", "00018803"),
        ("p0001234", "P0001234"),  # caps lock
        ("P0001234", "p0001234"),
        (EAN + "05", EAN),
        (EAN + "51299", EAN),
        ("F" + EAN, EAN),
        ("d" + EAN + "02", EAN),
        ("]E0" + EAN, EAN),
    ],
)
def test_what_is_printed_is_among_the_readings_of_what_was_delivered(delivered: str, meant: str) -> None:
    assert meant in readings(delivered)


@pytest.mark.parametrize(
    ("delivered", "never"),
    [
        ("P0001234", "0001234"),
        ("10001234", "0001234"),
        ("00012345", "0001234"),
        ("9787806041574", "978780604157"),
    ],
)
def test_no_reading_makes_another_number_of_it(delivered: str, never: str) -> None:
    assert never not in readings(delivered)
    assert readings(delivered)[0] == delivered


@given(st.text(max_size=80))
def test_scans_and_readings_are_clean_and_nothing_raises(text: str) -> None:
    for scan in split_scans(text):
        assert scan.strip() == scan != ""
        assert len(readings(scan)) == len(set(readings(scan)))
