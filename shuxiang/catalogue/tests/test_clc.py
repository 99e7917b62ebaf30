from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuxiang.catalogue.clc import (
    DIVISIONS,
    MAIN_CLASSES,
    Clc,
    class_sort_key,
    division_of,
    name_of,
    parse_clc,
)

SIGNS = 'AIKTPDF0123456789.-:()="<>+/[]{} ；,a二'


@pytest.mark.parametrize(
    ("text", "number", "main"),
    [
        ("A841.4 ", "A841.4", "A"),
        ("i247.5", "I247.5", "I"),
        ("Ｉ２４７．５７", "I247.57", "I"),
        ("I 247.5", "I247.5", "I"),
        ("tp312", "TP312", "T"),
        ("TP312JA", "TP312JA", "T"),
        ("T-49", "T-49", "T"),
        ("DF5", "DF5", "D"),
        ("X-49", "X-49", "X"),
        ("B－4", "B-4", "B"),
        ("Z", "Z", "Z"),
        ("J238.2(712)", "J238.2(712)", "J"),
        ("I17（198.4）", "I17(198.4)", "I"),
        ("K837.126.11=532", "K837.126.11=532", "K"),
        ('J523.2"17"+3:G5', 'J523.2"17"+3:G5', "J"),
        ("R173:G25a", "R173:G25a", "R"),
        ("H319.4：I561.33", "H319.4:I561.33", "H"),
        ("TJ011.+1", "TJ011.+1", "T"),
    ],
)
def test_a_class_number_is_read_in_every_form(text: str, number: str, main: str) -> None:
    assert parse_clc(text) == Clc(number, main, raw=text)


@pytest.mark.parametrize(
    ("text", "number", "book_number"),
    [
        ("I247.5/23", "I247.5", "23"),
        ("I247.57/N2338", "I247.57", "N2338"),
        ("I287.5/3:2", "I287.5", "3:2"),
        ("I247.5 23", "I247.5", "23"),
        ("2007\\Z121.6\\1", "Z121.6", "1"),
        ("{ns}儿童/I287.8/12", "I287.8", "12"),
    ],
)
def test_a_call_number_is_split_into_class_and_book_number(text: str, number: str, book_number: str) -> None:
    found = parse_clc(text)
    assert (found.number, found.book_number, found.warnings) == (number, book_number, ())


@pytest.mark.parametrize(
    ("text", "number", "alternatives"),
    [
        ("K825.2；E251-53", "K825.2", ("E251-53",)),
        ("K825.2 E251-53", "K825.2", ("E251-53",)),
        ("G634.34，H319", "G634.34", ("H319",)),
        ("[G5] G4", "G4", ("G5",)),
    ],
)
def test_further_class_numbers_are_kept(text: str, number: str, alternatives: tuple[str, ...]) -> None:
    found = parse_clc(text)
    assert (found.number, found.alternatives) == (number, alternatives)


@pytest.mark.parametrize(
    ("text", "number", "warnings"),
    [
        ("[X-019]", "X-019", ("alternative",)),
        ("{D922.59}", "D922.59", ("discontinued",)),
        ("I24757", "I247.57", ("dots",)),
        ("I247.5.7", "I247.57", ("dots",)),
        ("I287.45(绘本)", "I287.45", ("rest_ignored",)),
        ("K25(71", "K25(71", ("unbalanced",)),
        ("L12", "", ("no_such_class",)),
        ("M", "", ("no_such_class",)),
        ("W3", "", ("no_such_class",)),
        ("Y5", "", ("no_such_class",)),
        ("TA1", "", ("no_such_class",)),
        ("hello", "", ("no_such_class",)),
        ("01-49", "", ("no_class",)),
        ("童话", "", ("no_class",)),
        ("", "", ()),
        (" nan ", "", ()),
    ],
)
def test_what_is_odd_is_said_and_what_is_no_class_is_empty(
    text: str, number: str, warnings: tuple[str, ...]
) -> None:
    found = parse_clc(text)
    assert (found.number, found.main, found.warnings) == (number, number[:1], warnings)


@given(st.one_of(st.text(max_size=30), st.text(alphabet=SIGNS, max_size=20)))
def test_no_text_breaks_the_parser_and_what_it_reads_reads_back(text: str) -> None:
    found = parse_clc(text)
    assert found.raw == text
    assert (found.main == "") == (found.number == "")
    if found.number:
        assert division_of(found.main) is not None
        assert parse_clc(found.number).main == found.main


def test_call_numbers_sort_as_the_volumes_stand() -> None:
    shelf = [
        "A1",
        "B-4",
        "B0",
        "I",
        "I24/2",
        "I24-49",
        "I247",
        "I247-49",
        "I247(712)",
        "I247=6",
        "I247.5",
        "I247.57/9",
        "I247.57/9:2",
        "I247.57/9:10",
        "I247.57/9=2",
        "I247.57/10",
        "I247.57/11(上)",
        "I247.57/11(中)",
        "I247.57/11(下)",
        "I247.57/12:第二册",
        "I247.57/12:第十册",
        "I247.57/12:十一册",
        "I247.57/N2338",
        "I25",
        "K825.6=6/3",
        "T-0",
        "TP",
        "TP3",
        "童话",
        "",
    ]
    assert all(class_sort_key(one) < class_sort_key(other) for one, other in pairwise(shelf))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("i247.5/9", "I247.5/9"),
        ("{ns}儿童/I287.8/12", "I287.8/12"),
        ("[I24]/2", "I24/2"),
        (" I247.5 ", "I247.5"),
    ],
)
def test_marks_that_do_not_order_leave_the_place_alone(one: str, other: str) -> None:
    assert class_sort_key(one) == class_sort_key(other)


@given(st.text(max_size=80))
def test_a_sort_key_is_short_and_the_same_in_every_collation(text: str) -> None:
    key = class_sort_key(text)
    assert key
    assert len(key) <= 200
    assert set(key) <= set("0123456789abcdefghijklmnopqrstuvwxyz")


@given(st.integers(1, 99_999), st.integers(1, 99_999))
def test_book_numbers_stand_by_their_value(one: int, other: int) -> None:
    assert (class_sort_key(f"I247.5/{one}") < class_sort_key(f"I247.5/{other}")) == (one < other)


def test_twenty_two_main_classes_lie_in_five_divisions() -> None:
    assert "".join(main.letter for main in MAIN_CLASSES) == "ABCDEFGHIJKNOPQRSTUVXZ"
    assert [division.letters for division in DIVISIONS] == ["A", "B", "CDEFGHIJK", "NOPQRSTUVX", "Z"]
    assert [division.primary_percent for division in DIVISIONS] == [
        Decimal(share) for share in ("1.5", "1.5", "64", "28", "5")
    ]
    assert sum(division.primary_percent for division in DIVISIONS) == 100
    assert sum(division.secondary_percent for division in DIVISIONS) == 100
    assert MAIN_CLASSES[8].short_name == "文学"


@pytest.mark.parametrize(
    ("code", "name", "division"),
    [
        ("I247.57", "社会、言情小说", 3),
        ("I287.455", "儿童长篇、中篇小说", 3),
        ("D351", "各国共产党", 3),
        ("Q", "生物科学", 4),
        ("X-49", "环境科学、安全科学", 4),
        ("W", "", None),
        ("", "", None),
    ],
)
def test_a_number_has_the_caption_of_the_nearest_class(code: str, name: str, division: int | None) -> None:
    assert (name_of(code), division_of(code)) == (name, division)
