"""What we exported comes into the same library again: nothing is doubled, corrections are taken."""

import csv
from pathlib import Path

import pytest
from django.conf import LazySettings

from shuxiang import marc
from shuxiang.audit import reconcile
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.holdings.imports.exporting import export_books
from shuxiang.holdings.imports.marcexport import export_marc
from shuxiang.holdings.models import Item, PropertyLine
from shuxiang.imports.tests.builders import AT, Desk, new_library, verdicts

HEAD = ["书名", "作者", "出版社", "ISBN", "价格", "册数", "索书号", "条码号", "登录号"]
ROWS = [
    ["《狼王梦》", "沈石溪著", "浙江少年儿童出版社", "9787534256301", "CNY18.00", "3", "I287.45", "", ""],
    ["《狼王梦》", "沈石溪著", "浙江少年儿童出版社", "9787534256301", "CNY20.00", "2", "I287.45", "", ""],
    ["草房子", "曹文轩", "", "", "22.00", "2", "I287", "T1；T2", ""],
    ["旧书", "某人", "", "", "", "2", "", "", "L1；L1"],
    ["", "", "", "", "", "1", "", "", ""],
    ["白鲸", "", "", "", "", "0", "", "", ""],
]


@pytest.fixture
def desk(db: None, tmp_path: Path, settings: LazySettings) -> Desk:
    settings.MEDIA_ROOT = tmp_path / "files"
    desk = Desk(new_library(), tmp_path)
    desk.load("books", [HEAD, *ROWS])
    return desk


def _stock() -> tuple[int, int, int]:
    return BibliographicRecord.objects.count(), Item.objects.count(), PropertyLine.objects.count()


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_exported_list_brings_no_second_volumes(desk: Desk, suffix: str) -> None:
    before = _stock()
    path = desk.folder / f"out.{suffix}"
    export_books(desk.library, path, AT)
    run = desk.load("books", path)
    assert set(verdicts(run)) == {"skipped"}
    assert _stock() == before
    assert reconcile.run().is_clean


def test_a_corrected_price_changes_the_title_and_not_the_stock(desk: Desk) -> None:
    before = _stock()
    path = desk.folder / "out.csv"
    export_books(desk.library, path, AT)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    price = rows[0].index("价格")
    rows[3][price] = "25.00"
    run = desk.load("books", desk.table(rows))
    assert sorted(verdicts(run)) == ["changed"] + ["skipped"] * (len(rows) - 2)
    assert BibliographicRecord.objects.get(title="草房子").price_fen == 2500
    assert _stock() == before
    assert reconcile.run().is_clean


def test_more_copies_than_exported_come_in_as_the_difference(desk: Desk) -> None:
    path = desk.folder / "out.csv"
    export_books(desk.library, path, AT)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    rows[1][rows[0].index("册数")] = "5"
    before = Item.objects.count()
    desk.load("books", desk.table(rows))
    assert Item.objects.count() == before + 2


@pytest.mark.parametrize("name", ["out.mrc", "out.xml"])
def test_exported_marc_brings_no_second_volumes(desk: Desk, name: str) -> None:
    desk.load("books", marc.write_iso2709(_marc(), "gb18030"))
    before = _stock()
    path = desk.folder / name
    export_marc(desk.library, path, AT)
    desk.load("books", path)
    assert _stock()[1:] == before[1:]
    assert reconcile.run().is_clean


def test_another_library_takes_the_same_list_as_its_own(desk: Desk, tmp_path: Path) -> None:
    path = desk.folder / "out.csv"
    export_books(desk.library, path, AT)
    other = Desk(new_library("other"), tmp_path)
    other.load("books", path)
    assert (
        Item.objects.filter(library=other.library).count()
        == Item.objects.filter(library=desk.library).count()
    )
    again = desk.folder / "again.csv"
    export_books(other.library, again, AT)
    assert again.read_bytes() == path.read_bytes()


def _marc() -> marc.MarcRecord:
    projection = marc.Projection(title="青铜葵花", isbns=(marc.Isbn("978-7-5346-3301-1"),), clc="I287.45")
    record = marc.build_record(projection, "cnmarc")
    return marc.with_local_holdings(
        record,
        "cnmarc",
        [marc.LocalHolding(library="LIB", copies=2, class_number="I287.45", book_number="7")],
    )
