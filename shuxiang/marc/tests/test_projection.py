"""The columns read from real records, against files checked by eye."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from shuxiang.marc import BadRecord, Profile, Projection, project, read_marc
from shuxiang.marc.fields import data_field
from shuxiang.marc.mapping.text import authors_of_statement, expand_range
from shuxiang.marc.tests.build import cnmarc_record
from shuxiang.marc.types import Field, MarcRecord

pytestmark = pytest.mark.engine_free
DATA = Path(__file__).parent / "data"
SOURCES = sorted(path for path in DATA.iterdir() if path.suffix in (".mrc", ".xml", ".txt"))


def columns(projection: Projection) -> dict[str, object]:
    """The columns that hold something, as JSON would give them back."""
    plain = json.loads(json.dumps(dataclasses.asdict(projection)))
    return {name: value for name, value in plain.items() if value}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_columns_are_as_the_golden_file_says(path: Path) -> None:
    found = [
        item.code if isinstance(item, BadRecord) else columns(project(item.record, item.profile))
        for item in read_marc(path.read_bytes())
    ]
    assert found == json.loads(path.with_name(path.name + ".golden.json").read_text("utf-8"))


def columns_of(*fields: Field, profile: Profile = "cnmarc") -> Projection:
    leader = "00000nam0 2200000   450 " if profile == "cnmarc" else "00000nam a2200000   4500"
    return project(MarcRecord(leader, fields), profile)


def test_the_audience_of_a_school_book_is_read_from_the_fixed_data() -> None:
    assert project(cnmarc_record(), "cnmarc").audience == ("b", "c")
    general = "260301s2025    cc a   b      000 1 chi d"
    assert columns_of(Field("008", "", (), general), profile="marc21").audience == ("c",)


def test_the_title_that_is_an_access_point_wins_over_a_stray_one() -> None:
    found = columns_of(
        data_field("200", "  ", [("a", "测试题名")]), data_field("200", "1 ", [("a", "杜诗详注")])
    )
    assert found.title == "杜诗详注"


def test_kana_readings_are_no_pinyin() -> None:
    assert (
        columns_of(data_field("200", "1 ", [("a", "石火の一刀"), ("A", "セッカ ノ イットウ")])).title_pinyin
        == ""
    )


def test_a_set_is_read_from_embedded_and_plain_links() -> None:
    embedded = data_field("461", " 0", [("1", "001012345"), ("1", "2001 "), ("a", "丛书"), ("v", "3")])
    plain = data_field("461", "  ", [("t", "丛书"), ("3", "012345"), ("v", "3")])
    for item in (embedded, plain):
        parent = columns_of(item).set_parent
        assert parent is not None
        assert (parent.title, parent.number, parent.volume) == ("丛书", "012345", "3")


def test_the_clc_number_is_told_from_other_schemes_in_marc21() -> None:
    found = columns_of(
        data_field("082", "04", [("a", "895.1"), ("2", "23")]),
        data_field("084", "  ", [("a", "I287.4"), ("2", "clc")]),
        profile="marc21",
    )
    assert found.clc == "I287.4"
    assert [(each.scheme, each.number, each.edition) for each in found.other_classes] == [
        ("ddc", "895.1", "23")
    ]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("孟晓苏，莫天全主编", [("孟晓苏", "主编"), ("莫天全", "主编")]),
        ("(法)圣埃克苏佩里著 ; 李玉民译", [("圣埃克苏佩里", "著"), ("李玉民", "译")]),
        ("林一苇文、沈青禾图", [("林一苇", "文"), ("沈青禾", "图")]),
        ("[美] 怀特著", [("怀特", "著")]),
        ("某某教研室编", [("某某教研室", "编")]),
        ("Andrew Hunt, David Thomas", [("Andrew Hunt", ""), ("David Thomas", "")]),
        ("", []),
    ],
)
def test_authors_are_taken_from_the_statement_where_no_name_field_is(
    statement: str, expected: list[tuple[str, str]]
) -> None:
    assert [(each.name, each.role) for each in authors_of_statement(statement)] == expected


@pytest.mark.parametrize(
    ("text", "count", "last"),
    [
        ("D123456-60", 5, "D123460"),
        ("00236515-9", 5, "00236519"),
        ("1683011-3", 3, "1683013"),
        ("T0099-0101", 3, "T0101"),
        ("D123480", 1, "D123480"),
        ("D123480-79", 1, "D123480-79"),
        ("978-7-115", 1, "978-7-115"),
        ("1-99999999", 1, "1-99999999"),
        ("", 0, ""),
    ],
)
def test_ranges_of_numbers_are_expanded(text: str, count: int, last: str) -> None:
    found = expand_range(text)
    assert len(found) == count
    assert not found or found[-1] == last
