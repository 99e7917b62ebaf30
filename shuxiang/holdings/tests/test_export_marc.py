"""MARC out: every field of the library's own original comes back; only what was changed by hand differs."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import LazySettings

from shuxiang import marc
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.catalogue.services import save_record, values_of
from shuxiang.holdings.imports.marcexport import export_marc
from shuxiang.imports.tests.builders import AT, BY, Desk, new_library

EXTRA = (
    marc.Field("300", "  ", (marc.Subfield("a", "封面题名：草房子"),)),
    marc.Field("920", " 1", (marc.Subfield("x", "馆里自己的记号"), marc.Subfield("y", "<b>&"))),
    marc.Field("001", "", data="012004002367"),
)
LOCAL = marc.LocalHolding(
    library="LIB", location="二楼", barcodes=("B1", "B2"), class_number="I287.45", book_number="7"
)


@pytest.fixture
def desk(db: None, tmp_path: Path, settings: LazySettings) -> Desk:
    settings.MEDIA_ROOT = tmp_path / "files"
    return Desk(new_library(), tmp_path)


def _original(*, with_volumes: bool = True) -> marc.MarcRecord:
    projection = marc.Projection(
        title="草房子",
        authors=(marc.Author("曹文轩", "著"),),
        isbns=(marc.Isbn("978-7-5346-1897-1"),),
        prices=("CNY22.00",),
        publisher="江苏少年儿童出版社",
        date="1997",
        clc="I287.45",
        subjects=("儿童文学 长篇小说",),
    )
    record = marc.build_record(projection, "cnmarc")
    record = marc.MarcRecord(record.leader, tuple(sorted((*record.fields, *EXTRA), key=lambda one: one.tag)))
    return marc.with_local_holdings(record, "cnmarc", [LOCAL]) if with_volumes else record


def _exported(desk: Desk, name: str) -> list[marc.MarcRecord]:
    path = desk.folder / name
    assert export_marc(desk.library, path, AT) == BibliographicRecord.objects.count()
    with path.open("rb") as file:
        return [one.record for one in marc.read_marc(file) if isinstance(one, marc.RawRecord)]


@pytest.mark.parametrize("name", ["out.mrc", "out.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_an_untouched_original_comes_back_field_by_field(desk: Desk, name: str, encoding: str) -> None:
    original = _original()
    desk.load("books", marc.write_iso2709(original, encoding))
    (record,) = _exported(desk, name)
    assert record.fields == original.fields


def test_marcxml_comes_back_as_iso_2709_field_by_field(desk: Desk) -> None:
    original = _original()
    desk.load("books", b"".join(marc.write_marcxml([original])))
    (record,) = _exported(desk, "out.mrc")
    assert record.fields == original.fields


def test_only_the_changed_column_is_written_into_the_original(desk: Desk) -> None:
    original = _original()
    desk.load("books", marc.write_iso2709(original))
    record = BibliographicRecord.objects.get()
    values = replace(values_of(record), publisher="凤凰少年儿童出版社")
    save_record(record=record, values=values, library=desk.library, by=BY, at=AT)
    (exported,) = _exported(desk, "out.mrc")
    differing = [one.tag for one in exported.fields if one not in original.fields]
    assert differing == ["210"]
    assert exported.first("210", "c") == "凤凰少年儿童出版社"


def test_volumes_that_came_later_are_in_the_local_fields(desk: Desk) -> None:
    desk.load("books", marc.write_iso2709(_original(with_volumes=False)))
    head = ["书名", "ISBN", "册数", "条码号", "价格"]
    desk.load("books", [head, ["草房子", "978-7-5346-1897-1", "1", "B9", "22元"]])
    (record,) = _exported(desk, "out.mrc")
    (holding,) = marc.project(record, "cnmarc").holdings
    assert (holding.barcodes, holding.copies, holding.class_number) == (("B9",), 1, "I287.45")
    for one in EXTRA:
        assert one in record.fields


def test_a_record_without_original_in_marc_is_built_from_its_columns_and_reads_back(desk: Desk) -> None:
    head = ["书名", "作者", "ISBN", "册数", "价格", "分类号", "出版社"]
    desk.load(
        "books", [head, ["狼王梦", "沈石溪 著", "9787534256301", "2", "CNY18.00", "I287.45", "浙江少儿"]]
    )
    path = desk.folder / "out.mrc"
    export_marc(desk.library, path, AT)
    other = new_library("b")
    run = Desk(other, desk.folder).load("books", path)
    assert (run.rows_made, run.totals["items"], run.totals["amount_fen"]) == (1, 2, 3600)
    assert BibliographicRecord.objects.count() == 1
