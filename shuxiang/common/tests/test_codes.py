import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuxiang.common.codes import clean_scan


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
