"""Several codes in one picture: the label goes before the ISBN, what nobody knows is left out."""

import pytest

from shuxiang.circulation.photographed import meant
from shuxiang.circulation.tests.desk import ISBN, Desk, add_book

UNKNOWN = "https://example.org/advertisement"


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["LABEL", ISBN, UNKNOWN], ["LABEL"]),
        ([ISBN, UNKNOWN], [ISBN]),
        ([UNKNOWN, "OTHER"], ["OTHER"]),
        (["LABEL", "OTHER"], ["LABEL", "OTHER"]),
        (["OTHER", ISBN], ["OTHER", ISBN]),
        (["0001", "LABEL", ISBN], ["0001", "LABEL"]),
        ([UNKNOWN], [UNKNOWN]),
        ([], []),
    ],
)
def test_a_picture_is_about_what_the_library_knows(desk: Desk, codes: list[str], expected: list[str]) -> None:
    [other] = add_book(desk.library, "草房子", copies=1)
    names = {"LABEL": desk.item.identifiers.get().value, "OTHER": other.identifiers.get().value}
    found = meant(desk.library, [names.get(code, code) for code in codes])
    assert [one.code for one in found] == [names.get(code, code) for code in expected]
