"""Local holdings as each system writes them."""

from __future__ import annotations

import pytest

from shuxiang.marc import LocalHolding, MarcRecord, Profile, project, with_local_holdings
from shuxiang.marc.fields import data_field
from shuxiang.marc.tests.build import cnmarc_record

pytestmark = pytest.mark.engine_free
PROFILES: tuple[Profile, ...] = ("cnmarc", "marc21")


def holdings(profile: Profile, *fields: tuple[str, list[tuple[str, str]]]) -> tuple[LocalHolding, ...]:
    items = tuple(data_field(tag, "  ", pairs) for tag, pairs in fields)
    return project(MarcRecord("00000nam0 2200000   450 ", items), profile).holdings


def test_the_widespread_905_with_a_range_repeated_numbers_and_copies() -> None:
    pairs = [("b", "D123456-60"), ("b", "D123480"), ("d", "G253.866.9"), ("e", "123:1(2)"), ("f", "6")]
    [found] = holdings("cnmarc", ("905", pairs))
    assert found.barcodes == ("D123456", "D123457", "D123458", "D123459", "D123460", "D123480")
    assert (found.class_number, found.book_number, found.copies) == ("G253.866.9", "123:1(2)", 6)


def test_copies_without_barcodes_are_counted_and_absent_copies_are_unknown() -> None:
    [first, second] = holdings(
        "cnmarc", ("905", [("a", "L"), ("f", "12册")]), ("905", [("a", "M"), ("s", "I2/3")])
    )
    assert (first.copies, first.barcodes) == (12, ())
    assert (second.copies, second.call_number) == (None, "I2/3")


def test_a_barcode_told_twice_is_one_volume() -> None:
    found = holdings(
        "cnmarc",
        ("906", [("a", "2"), ("b", "1683011"), ("r", "CNY80.00")]),
        ("935", [("a", "2"), ("b", "1683011-3")]),
    )
    assert [code for each in found for code in each.barcodes] == ["1683011", "1683012", "1683013"]
    assert found[0].price == "CNY80.00"


def test_sirsi_items_are_one_volume_each_and_their_hyphens_no_ranges() -> None:
    pairs = [
        ("a", "36/I313.65/767"),
        ("c", "1"),
        ("i", "1-3003"),
        ("l", "第二书库"),
        ("m", "馆"),
        ("p", "Y20.00"),
    ]
    for profile in PROFILES:
        [found] = holdings(profile, ("999", pairs))
        assert (found.barcodes, found.location, found.library) == (("1-3003",), "第二书库", "馆")
        assert (found.price, found.call_number, found.copies) == ("Y20.00", "36/I313.65/767", None)


@pytest.mark.parametrize(
    ("tag", "pairs", "barcode"),
    [
        ("852", [("b", "L"), ("c", "S"), ("h", "I2"), ("i", "3"), ("p", "B1")], "B1"),
        ("945", [("l", "trln"), ("i", "B1"), ("a", "I2"), ("p", "$0.00")], "B1"),
        ("952", [("a", "L"), ("p", "B1"), ("o", "I2/3")], "B1"),
        ("949", [("i", "B1"), ("h", "ald,stks")], "B1"),
    ],
)
def test_marc21_holdings_of_several_systems(tag: str, pairs: list[tuple[str, str]], barcode: str) -> None:
    [found] = holdings("marc21", (tag, pairs))
    assert found.barcodes == (barcode,)
    assert found.tag == tag


def test_fields_that_only_look_alike_are_no_holdings() -> None:
    assert (
        holdings("cnmarc", ("995", [("a", "F124/26")]), ("999", [("a", "W")]), ("909", [("a", "F124")])) == ()
    )
    assert holdings("marc21", ("999", [("a", "mugar"), ("b", "1"), ("d", "m"), ("e", "a")])) == ()


@pytest.mark.parametrize("profile", PROFILES)
def test_holdings_written_are_read_back_equal_and_replace_the_old(profile: Profile) -> None:
    wanted = LocalHolding(
        library="XG",
        location="少儿",
        barcodes=("T0001", "T0002"),
        accession_numbers=("001", "002"),
        class_number="I287.4",
        book_number="15",
        call_number="I287.4/15",
        price="CNY25.80",
        copies=2,
        volume="上",
        tag="905" if profile == "cnmarc" else "852",
    )
    record = with_local_holdings(cnmarc_record(data_field("906", "  ", [("b", "1")])), profile, [wanted])
    record = with_local_holdings(record, profile, [wanted, wanted.__class__(library="B", tag=wanted.tag)])
    assert [each.library for each in project(record, profile).holdings] == ["XG", "B"]
    assert project(record, profile).holdings[0] == wanted
