"""Books come in from tables and MARC: what each row becomes, twice the same file, and undo."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from shuxiang import marc
from shuxiang.audit import reconcile
from shuxiang.catalogue.models import BibliographicRecord, Original
from shuxiang.holdings.models import AccessionBatch, Holding, Item, ItemIdentifier, PropertyLine
from shuxiang.holdings.reading import cells
from shuxiang.holdings.services import mark_missing
from shuxiang.imports.models import Run
from shuxiang.imports.services import NotImported
from shuxiang.imports.tests.builders import AT, BY, Desk, codes, new_library, verdicts
from shuxiang.libraries.models import Library

HEAD = ["书名", "作者", "出版社", "ISBN", "价格", "册数", "索书号", "条码号"]
WOLF = ["《狼王梦》", "沈石溪著", "浙江少年儿童出版社", "9787534256301", "CNY18.00", "3", "I287.45 ", ""]


@pytest.fixture
def desk(db: None, tmp_path: Path, settings: LazySettings) -> Desk:
    settings.MEDIA_ROOT = tmp_path / "files"
    return Desk(new_library(), tmp_path)


def _row(**changed: str) -> list[str]:
    names = ("title", "authors", "publisher", "isbn", "price", "copies", "call", "barcode")
    values = dict(zip(names, WOLF, strict=True)) | changed
    return [values[name] for name in names]


def test_a_row_becomes_a_record_a_holding_and_volumes_in_a_posted_batch(desk: Desk) -> None:
    run = desk.load("books", [HEAD, WOLF])
    record = BibliographicRecord.objects.get()
    assert (record.title, record.isbn13, record.price_fen) == ("狼王梦", "9787534256301", 1800)
    holding = Holding.objects.get()
    assert (holding.call_number, holding.book_number) == ("I287.45/1", 1)
    batch = AccessionBatch.objects.get()
    assert (batch.state, batch.source, batch.volumes, batch.amount_fen) == ("posted", "opening", 3, 5400)
    assert Item.objects.filter(account="shelf").count() == 3
    original = Original.objects.get()
    assert "《狼王梦》" in bytes(original.content).decode()
    assert (run.state, run.rows_read, run.rows_made) == ("done", 1, 1)
    assert run.totals["items"] == 3
    assert reconcile.run().is_clean


def test_a_preview_writes_nothing_and_says_the_same(desk: Desk) -> None:
    rows = [HEAD, WOLF, _row(title="", isbn="1234", copies="1"), _row(title="坏", isbn="", copies="很多")]
    seen = desk.preview("books", rows)
    assert dict(seen.counts) == {"made": 2, "refused": 1}
    assert seen.totals == {"records": 2, "items": 4}
    assert not BibliographicRecord.objects.exists()
    assert not Run.objects.exists()
    run = desk.load("books", rows)
    assert (run.rows_made, run.rows_refused) == (2, 1)


def test_the_same_file_twice_changes_nothing(desk: Desk) -> None:
    path = desk.table(
        [HEAD, WOLF, WOLF, _row(title="白鲸", isbn="", copies="0"), _row(title="", isbn="", copies="0")]
    )
    first = desk.load("books", path)
    assert verdicts(first) == ["made", "changed", "made", "made"]
    assert Item.objects.count() == 6
    second = desk.load("books", path)
    assert verdicts(second) == ["skipped"] * 4
    assert [some[0] for some in codes(second)] == ["already_here"] * 4
    assert (Item.objects.count(), AccessionBatch.objects.count()) == (6, 1)


@pytest.mark.parametrize(
    ("changed", "title", "complete", "volumes", "note"),
    [
        ({"title": "", "isbn": "1234567891011"}, "1234567891011", False, 3, "title_missing"),
        ({"copies": "0"}, "狼王梦", True, 0, ""),
        ({"copies": ""}, "狼王梦", True, 1, "copies_assumed"),
        ({"isbn": "9787534256302"}, "狼王梦", True, 3, "isbn_check_digit"),
        ({"isbn": "9.78043902348e+12"}, "狼王梦", True, 3, "isbn_spreadsheet_number"),
        ({"isbn": "1111"}, "狼王梦", True, 3, "isbn_not_isbn"),
        ({"price": "USD 12.50"}, "狼王梦", True, 3, "price_foreign"),
    ],
)
def test_what_is_odd_is_kept_and_said(
    desk: Desk, *, changed: dict[str, str], title: str, complete: bool, volumes: int, note: str
) -> None:
    run = desk.load("books", [HEAD, _row(**changed)])
    record = BibliographicRecord.objects.get()
    assert (record.title.endswith(title), record.is_complete) == (True, complete)
    assert Item.objects.count() == volumes
    assert Holding.objects.count() == 1
    assert note in ("", *codes(run)[0])


def test_one_isbn_on_two_titles_stays_two_records_and_is_said(desk: Desk) -> None:
    run = desk.load("books", [HEAD, WOLF, _row(title="第七条猎狗")])
    assert BibliographicRecord.objects.count() == 2
    assert codes(run) == [[], ["isbn_shared"]]


def test_volumes_of_a_set_under_one_isbn_are_never_taken_for_one_another(desk: Desk) -> None:
    titles = ("一千零一夜（第1辑）", "一千零一夜（第15辑）", "一千零一夜（第1辑）")
    run = desk.load("books", [HEAD, *(_row(title=title, copies=str(n)) for n, title in enumerate(titles, 1))])
    assert BibliographicRecord.objects.count() == 2
    assert codes(run) == [[], ["isbn_shared"], ["copies_added"]]


def test_without_an_isbn_title_author_publisher_and_volume_decide(desk: Desk) -> None:
    bare = _row(isbn="")
    run = desk.load(
        "books", [HEAD, bare, _row(isbn="", authors="沈石溪"), _row(isbn="", publisher="别的出版社")]
    )
    assert verdicts(run) == ["made", "changed", "made"]
    assert BibliographicRecord.objects.count() == 2


def test_nine_editions_of_one_title_stay_nine(desk: Desk) -> None:
    isbns = [f"97875342563{n:02d}" for n in range(9)]
    desk.load("books", [HEAD, *(_row(isbn=isbn) for isbn in isbns)])
    assert BibliographicRecord.objects.count() == 9


def test_barcodes_become_identifiers_ranges_are_read_and_a_taken_one_is_refused_by_name(desk: Desk) -> None:
    rows = [HEAD, _row(barcode="000101-000103"), _row(title="白鲸", isbn="", copies="1", barcode="000102")]
    run = desk.load("books", rows)
    assert verdicts(run) == ["made", "refused"]
    assert run.rows.get(number=3).reasons[0] == {
        "code": "barcode_taken",
        "params": {"barcode": "000102", "title": "狼王梦"},
    }
    assert sorted(ItemIdentifier.objects.values_list("value", flat=True)) == ["000101", "000102", "000103"]
    again = desk.load("books", [HEAD, _row(barcode="000103;000104", copies="2", price="18元")])
    assert verdicts(again) == ["changed"]
    assert ItemIdentifier.objects.count() == 4


def test_a_corrected_list_changes_columns_and_adds_only_the_difference_in_volumes(desk: Desk) -> None:
    desk.load("books", [HEAD, WOLF])
    run = desk.load("books", [HEAD, _row(publisher="浙江少儿出版社", copies="5")])
    assert verdicts(run) == ["changed"]
    assert BibliographicRecord.objects.get().publisher == "浙江少儿出版社"
    assert Item.objects.count() == 5
    desk.undo(run)
    assert BibliographicRecord.objects.get().publisher == "浙江少年儿童出版社"
    assert Item.objects.filter(account="shelf").count() == 3


def test_a_set_price_is_shared_to_the_last_fen(desk: Desk) -> None:
    desk.load("books", [HEAD, _row(price="CNY100.00 (全3册)", copies="3")])
    prices = PropertyLine.objects.order_by("list_price_fen").values_list("list_price_fen", flat=True)
    assert list(prices) == [3333, 3333, 3334]
    assert BibliographicRecord.objects.get().set_price_fen == 10000


def test_a_compound_cell_is_taken_apart(desk: Desk) -> None:
    run = desk.load(
        "books",
        [
            ["书籍名", "出版信息"],
            ["小王子", "[法] 圣埃克苏佩里 / 马振聘 / 人民文学出版社 / 2003-8 / 22.00元"],
        ],
    )
    record = BibliographicRecord.objects.get()
    assert record.authors == "[法] 圣埃克苏佩里 ; 马振聘"
    assert (record.publisher, record.pub_year, record.price_fen) == ("人民文学出版社", 2003, 2200)
    assert run.rows_made == 1


def test_undo_takes_everything_back_and_the_file_may_come_again(desk: Desk) -> None:
    path = desk.table([HEAD, _row(barcode="A1;A2;A3"), _row(title="白鲸", isbn="", copies="0")])
    run = desk.load("books", path)
    undone = desk.undo(run)
    assert (dict(undone.reversed), undone.kept) == ({"records": 2, "items": 3}, ())
    assert not Item.objects.filter(account="shelf").exists()
    assert not BibliographicRecord.objects.filter(deleted_at=None).exists()
    assert reconcile.run().is_clean
    again = desk.load("books", path)
    assert again.rows_made == 2
    assert Item.objects.filter(account="shelf").count() == 3


def test_undo_leaves_what_was_moved_since_and_names_it(desk: Desk) -> None:
    run = desk.load("books", [HEAD, WOLF])
    mark_missing(Item.objects.order_by("pk")[0], by=BY, at=AT, on=AT.date())
    undone = desk.undo(run)
    assert undone.reversed == {"records": 0, "items": 2}
    assert [note.code for note in undone.kept] == ["volume_kept"]
    assert undone.kept[0].params == {"volume": "B1", "account": "missing", "title": "狼王梦"}


def _marc(**columns: str) -> marc.MarcRecord:
    projection = marc.Projection(
        title=columns.get("title", "草房子"),
        authors=(marc.Author("曹文轩", "著"),),
        isbns=(marc.Isbn("978-7-5346-1897-1"),),
        prices=("CNY22.00",),
        publisher="江苏少年儿童出版社",
        date="1997",
        clc="I287.45",
    )
    return marc.build_record(projection, "cnmarc")


def test_marc_brings_volumes_from_its_local_fields_and_keeps_the_bytes(desk: Desk) -> None:
    local = marc.LocalHolding(barcodes=("B1", "B2"), location="二楼", class_number="I287.45", book_number="7")
    record = marc.with_local_holdings(_marc(), "cnmarc", [local])
    raw = marc.write_iso2709(record, "gb18030")
    run = desk.load("books", raw)
    assert run.rows_made == 1
    assert Holding.objects.get().call_number == "I287.45/7"
    assert {item.home.name for item in Item.objects.select_related("home")} == {"二楼"}
    assert ItemIdentifier.objects.count() == 2
    original = Original.objects.get()
    assert (bytes(original.content), original.profile, original.encoding) == (raw, "cnmarc", "gb18030")
    assert verdicts(desk.load("books", raw)) == ["skipped"]


def test_a_marc_record_without_volumes_is_held_without_volumes(desk: Desk) -> None:
    desk.load("books", marc.write_iso2709(_marc()))
    assert (Holding.objects.count(), Item.objects.count()) == (1, 0)


def test_one_bad_record_never_stops_the_file(desk: Desk) -> None:
    good = marc.write_iso2709(_marc())
    other = marc.write_iso2709(_marc(title="根鸟"))
    run = desk.load("books", good + b"00100nam0 2200050   450 broken\x1d" + other)
    assert verdicts(run) == ["made", "refused", "made"]


def test_script_in_a_title_is_kept_as_it_stands(desk: Desk) -> None:
    hostile = '<script>alert("1")</script>'
    desk.load("books", [HEAD, _row(title=hostile, isbn="")])
    assert BibliographicRecord.objects.get().title == hostile


def test_a_file_without_a_title_column_is_refused_as_a_whole(desk: Desk) -> None:
    with pytest.raises(NotImported) as problem:
        desk.load("books", [["姓名", "电话"], ["甲", "1"], ["乙", "2"]])
    assert problem.value.note.code == "columns_missing"
    assert not Run.objects.exists()


def test_another_schools_records_are_shared_not_doubled(desk: Desk, tmp_path: Path) -> None:
    desk.load("books", [HEAD, WOLF])
    other: Library = new_library("b")
    run = Desk(other, tmp_path).load("books", [HEAD, WOLF])
    assert run.rows_made == 1
    assert BibliographicRecord.objects.count() == 1
    assert Item.objects.filter(library=other).count() == 3


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("《狼王梦》", "狼王梦"),
        ("《漫画《资治通鉴》, 春秋战国》", "漫画《资治通鉴》, 春秋战国"),
        ("《红楼梦》与《西游记》", "《红楼梦》与《西游记》"),
        ("读《论语》", "读《论语》"),
        ("《》", "《》"),
    ],
)
def test_book_title_marks_are_taken_off_only_when_they_hold_the_whole(text: str, title: str) -> None:
    assert cells.bare_title(text) == title


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("社 / 2013-3-1 / 48.80元", ((), "社", "2013-3-1", "48.80元")),
        ("甲 / 乙 / 社 / 1988", (("甲", "乙"), "社", "1988", "")),
        ("世纪文景/上海人民出版社 / 2016-1 / 39.00元", ((), "世纪文景/上海人民出版社", "2016-1", "39.00元")),
        ("Doubleday / 27 Jul 2009 / 150.00元", ((), "Doubleday", "27 Jul 2009", "150.00元")),
        ("The MIT Press / 2001-12-15 / USD 79.00", ((), "The MIT Press", "2001-12-15", "USD 79.00")),
        ("人民文学出版社", None),
        ("社甲 / 社乙", None),
    ],
)
def test_an_imprint_is_split_from_its_end(text: str, parts: tuple[object, ...] | None) -> None:
    found = cells.split_imprint(text)
    assert (tuple(found) if found else None) == parts
