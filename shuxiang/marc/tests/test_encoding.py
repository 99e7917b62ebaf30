"""Encodings are found out, not believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from shuxiang.marc import MarcRecord, RawRecord, project, read_marc, write_iso2709
from shuxiang.marc.encoding import canonical
from shuxiang.marc.fields import data_field
from shuxiang.marc.tests.build import cnmarc_record, iso2709

pytestmark = pytest.mark.engine_free
DATA = Path(__file__).parent / "data"


def read(source: bytes, encoding: str | None = None) -> list[RawRecord]:
    return [item for item in read_marc(source, encoding=encoding) if isinstance(item, RawRecord)]


def test_gbk_utf8_big5_and_utf16_are_told_apart() -> None:
    traditional = cnmarc_record(title="雨中的郵差與書香門第的孩子們", price="NT$200")
    for source, encoding in [
        (iso2709(cnmarc_record(), "gbk"), "gb18030"),
        (iso2709(cnmarc_record(), "utf-8"), "utf-8"),
        (b"\xef\xbb\xbf" + iso2709(cnmarc_record(), "utf-8"), "utf-8"),
        (iso2709(traditional_only(traditional), "big5"), "big5hkscs"),
        (iso2709(cnmarc_record(), "utf-8").decode().encode("utf-16"), "utf-8"),
    ]:
        [item] = read(source)
        assert item.encoding == encoding
    assert [warning.code for warning in item.warnings] == ["utf16_converted"]
    assert item.record == cnmarc_record()


def traditional_only(record: MarcRecord) -> MarcRecord:
    """The record without the simplified characters that Big5 lacks."""
    words = data_field("210", "  ", [("a", "臺北"), ("c", "某某少年兒童出版社"), ("d", "2025")])
    title = record.get("200")
    assert title is not None
    return MarcRecord(record.leader, (words, data_field("200", "1 ", [("a", title.get("a"))])))


def test_a_field_cut_in_the_middle_of_a_character_costs_that_character_only() -> None:
    raw = iso2709(cnmarc_record(), "gbk")
    cut = raw.replace("儿童出版社".encode("gbk"), "儿童出版社".encode("gbk")[:-1])
    [item] = read(cut)
    assert item.encoding == "gb18030"
    columns = project(item.record, "cnmarc")
    assert columns.publisher == "某某少年儿童出版\ufffd"
    assert columns.date == "2025.03"
    assert {
        "code": item.warnings[-1].code,
        "count": item.warnings[-1].params["count"],
    } == {"code": "undecodable_bytes", "count": 1}


def test_a_record_in_another_encoding_than_its_file_is_read_and_named() -> None:
    gbk, utf8 = iso2709(cnmarc_record(), "gbk"), iso2709(cnmarc_record(), "utf-8")
    found = read(gbk * 3 + utf8 + gbk)
    assert [item.encoding for item in found] == ["gb18030"] * 3 + ["utf-8", "gb18030"]
    assert {project(item.record, "cnmarc").title for item in found} == {"雨中的邮递员"}
    assert [warning.code for warning in found[3].warnings] == ["encoding_differs"]


def test_ascii_at_the_head_of_a_file_does_not_decide_for_what_follows() -> None:
    plain = write_iso2709(
        MarcRecord("00000nam0 2200000   450 ", (data_field("200", "1 ", [("a", "English")]),))
    )
    found = read(plain * 3000 + iso2709(cnmarc_record(), "gbk"))
    assert found[-1].encoding == "gb18030"
    assert project(found[-1].record, "cnmarc").title == "雨中的邮递员"


def test_marc8_with_east_asian_characters_is_converted() -> None:
    first = read((DATA / "solrmarc_marc8.mrc").read_bytes())[0]
    assert first.encoding == "marc-8"
    assert any("\u4e00" <= char <= "\u9fff" for item in first.record.each("880") for char in item.get("a"))
    assert first.record.leader[9] == "a"


def test_broken_marc8_escapes_are_counted_and_do_not_spoil_the_rest() -> None:
    [item] = read((DATA / "pymarc_bad_marc8_escape.mrc").read_bytes())
    assert project(item.record, "marc21").title.startswith("Bulletin de la Société")
    assert [warning.code for warning in item.warnings] == ["undecodable_bytes"]


def test_windows_cyrillic_is_not_taken_for_chinese() -> None:
    [item] = read((DATA / "pymarc_1251.mrc").read_bytes())
    assert item.encoding == "cp1251"
    assert project(item.record, "marc21").authors[0].name == "Ильина, Татьяна Николаевна"


def test_what_gb18030_writes_in_four_bytes_is_known_again() -> None:
    record = MarcRecord("00000nam0 2200000   450 ", (data_field("200", "1 ", [("a", "Ünïcödé ñandú")]),))
    [item] = read(write_iso2709(record, "gb18030"))
    assert item.encoding == "gb18030"
    assert item.record == record


def test_a_given_encoding_is_used_as_it_is() -> None:
    [item] = read(iso2709(cnmarc_record(), "gbk"), encoding="GB2312")
    assert item.encoding == "gb18030"
    [item] = read(iso2709(cnmarc_record(), "gbk"), encoding="latin-1")
    assert project(item.record, "cnmarc").title != "雨中的邮递员"


@pytest.mark.parametrize(
    ("written", "ours"),
    [
        ("GBK", "gb18030"),
        ("cp936", "gb18030"),
        ("UTF8", "utf-8"),
        ("MARC8", "marc-8"),
        ("windows-1251", "cp1251"),
    ],
)
def test_encodings_have_one_name(written: str, ours: str) -> None:
    assert canonical(written) == ours
