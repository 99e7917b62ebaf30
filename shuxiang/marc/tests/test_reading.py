"""What comes out of files, good and bad."""

from __future__ import annotations

import gzip
import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from shuxiang.marc import (
    MESSAGES,
    BadRecord,
    Field,
    MarcRecord,
    RawRecord,
    project,
    read_marc,
    sentence,
    write_iso2709,
)
from shuxiang.marc.fields import data_field
from shuxiang.marc.tests.build import cnmarc_record, iso2709

pytestmark = pytest.mark.engine_free
DATA = Path(__file__).parent / "data"


def good(source: BinaryIO | bytes, **known: str) -> list[RawRecord]:
    found = list(read_marc(source, **known))  # type: ignore[arg-type]
    assert all(isinstance(item, RawRecord) for item in found), found
    return cast(list[RawRecord], found)


def codes(item: RawRecord | BadRecord) -> list[str]:
    return [item.code] if isinstance(item, BadRecord) else [warning.code for warning in item.warnings]


def test_a_correct_gbk_record_is_read_without_a_warning_and_found_to_be_cnmarc() -> None:
    raw = iso2709(cnmarc_record(), "gbk")
    [item] = good(raw)
    assert (item.encoding, item.profile, item.position, item.warnings) == ("gb18030", "cnmarc", 1, ())
    assert item.raw == raw
    assert item.record == cnmarc_record()


@pytest.mark.parametrize(
    ("fault", "count_characters", "shift"), [("counts characters", True, 0), ("is off by two", False, 2)]
)
def test_a_directory_that_is_wrong_is_survived(fault: str, count_characters: bool, shift: int) -> None:
    [item] = good(iso2709(cnmarc_record(), "gbk", count_characters=count_characters, shift=shift))
    assert "directory_ignored" in codes(item), fault
    assert item.record == cnmarc_record()


def test_a_directory_out_of_order_is_believed_when_every_entry_fits() -> None:
    body = b"1 \x1fa\xcc\xe2\x1e001\x1e"
    raw = b"00063nam0 2200049   450 " + b"001000400007" + b"200000700000" + b"\x1e" + body + b"\x1d"
    [item] = good(raw)
    assert [field.tag for field in item.record.fields] == ["001", "200"]
    assert item.record.data("001") == "001"
    assert "directory_ignored" not in codes(item)


def test_both_forms_of_zhu_survive_gbk_and_only_the_lone_role_is_put_right() -> None:
    [item] = good(iso2709(cnmarc_record(title="穿着红衣的著名画家"), "gbk"))
    columns = project(item.record, item.profile)
    assert columns.title == "穿着红衣的著名画家"
    assert columns.authors[0].role == "著"
    assert item.record.first("701", "4") == "着"


def test_a_set_price_and_an_empty_class_number_are_kept_as_they_are() -> None:
    [item] = good(iso2709(cnmarc_record(), "gbk"))
    columns = project(item.record, item.profile)
    assert columns.prices == ("￥66.00（全三册）",)
    assert (columns.clc, columns.clc_edition) == ("", "")


@pytest.mark.parametrize("between", [b"\r\n", b"\n", b"   ", b"\x1a", b"\r\n\r\n "])
def test_what_writers_put_between_records_is_skipped(between: bytes) -> None:
    raw = iso2709(cnmarc_record(), "gbk")
    found = good(between + raw + between + raw + between)
    assert [item.position for item in found] == [1, 2]
    assert all(item.raw == raw and item.warnings == () for item in found)


def test_a_missing_record_end_is_named_and_the_record_kept() -> None:
    [item] = good(iso2709(cnmarc_record(), "gbk").removesuffix(b"\x1d"))
    assert "end_mark_missing" in codes(item)
    assert item.record == cnmarc_record()


def test_lines_broken_inside_a_record_are_joined() -> None:
    raw = iso2709(cnmarc_record(), "gbk")
    broken = b"\r\n".join(raw[at : at + 80] for at in range(0, len(raw), 80))
    [item] = good(broken)
    assert "line_breaks_removed" in codes(item)
    assert item.record == cnmarc_record()


def test_a_record_over_the_limit_of_the_format_is_read_whole_and_written_whole() -> None:
    items = [data_field("905", "  ", [("b", f"T{number:07d}"), ("d", "I287.4")]) for number in range(8000)]
    record = cnmarc_record(*items)
    [item] = good(write_iso2709(record))
    assert codes(item) == ["record_too_long", "directory_ignored"]
    assert item.record == record


def test_a_record_end_inside_a_record_is_kept_there_when_the_leader_says_so() -> None:
    raw = iso2709(cnmarc_record(title="雨\x1d中"), "gbk")
    [first, second] = good(raw + iso2709(cnmarc_record(), "gbk"))
    assert project(first.record, first.profile).title == "雨中"
    assert codes(first) == ["control_characters_removed"]
    assert second.warnings == ()


def test_one_bad_record_never_stops_the_file() -> None:
    whole = iso2709(cnmarc_record(), "gbk")
    found = list(read_marc(whole + b"rubbish\x1d" + b"00026     2200025   4500\x1e\x1d" + whole))
    assert [codes(item) for item in found] == [[], ["record_too_short"], ["no_fields"], []]
    assert [item.position for item in found] == [1, 2, 3, 4]
    assert found[1].raw == b"rubbish\x1d"


def test_all_seven_usable_of_the_eight_bad_records_are_read() -> None:
    found = list(read_marc((DATA / "pymarc_bad_records.mrc").read_bytes()))
    titles = [project(item.record, item.profile).title for item in found if isinstance(item, RawRecord)]
    assert titles == ["The pragmatic programmer"] * 7
    assert [item.code for item in found if isinstance(item, BadRecord)] == ["no_fields"]


def test_records_whose_writer_counted_characters_and_scattered_end_marks_are_all_read() -> None:
    found = good((DATA / "bu_bibs.mrc").read_bytes())
    assert [codes(item) for item in found] == [
        [],
        ["record_length_wrong", "directory_ignored"],
        ["record_length_wrong", "directory_short"],
    ]
    title = project(found[2].record, "marc21").title
    assert title.startswith("The presence of Teotihuacan in the Cuitzeo Basin")


def test_a_subfield_code_beyond_ascii_is_kept() -> None:
    [item] = good((DATA / "pymarc_bad_subfield_code.mrc").read_bytes())
    title = item.record.get("245")
    assert title is not None
    assert [each.code for each in title.subfields] == ["á", "c"]


def test_empty_sources_hold_nothing_and_others_say_what_they_are_not() -> None:
    assert list(read_marc(b"")) == []
    assert list(read_marc(b" \r\n")) == []
    assert [codes(item) for item in read_marc(b"name,price\nA,1\n")] == [["not_marc"]]


def test_gzip_is_unpacked_by_its_mark_and_a_cut_file_gives_what_it_has() -> None:
    raw = iso2709(cnmarc_record(), "gbk") * 300
    assert len(good(gzip.compress(raw))) == 300
    found = list(read_marc(gzip.compress(raw)[:-200]))
    assert isinstance(found[0], RawRecord)
    assert codes(found[-1]) == ["gzip_broken"]


def test_the_fields_at_hand_survive_where_the_directory_lists_more_or_fewer() -> None:
    raw = iso2709(cnmarc_record(), "gbk")
    shorter = raw[:24] + raw[24:36] + raw[48:]
    [item] = good(shorter)
    assert "directory_short" in codes(item)
    assert project(item.record, "cnmarc").title == "雨中的邮递员"


def test_reading_takes_flat_memory() -> None:
    one = iso2709(cnmarc_record(), "gbk")

    class Endless(io.RawIOBase):
        left = 40_000_000 // len(one)

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            count = min(self.left, max(1, size // len(one)))
            self.left -= count
            return one * count

    tracemalloc.start()
    total = sum(1 for _ in _some(read_marc(cast(BinaryIO, Endless())), 4000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total == 4000
    assert peak < 6_000_000


def _some(items: Iterator[RawRecord | BadRecord], count: int) -> Iterator[RawRecord | BadRecord]:
    for _ in range(count):
        yield next(items)


def test_a_stretch_without_any_end_is_given_up_at_a_limit() -> None:
    found = list(read_marc(b"00100nam0 2200049   450 \x1e" + b"x" * 17_000_000))
    assert codes(found[0]) == ["record_endless"]


def test_the_profile_is_told_by_what_is_in_the_record_and_can_be_given() -> None:
    marc21 = MarcRecord("00000nam a2200000   4500", (data_field("245", "00", [("a", "Title")]),))
    nothing = MarcRecord("00000nam  2200000   4500", (data_field("999", "  ", [("a", "x")]),))
    found = good(write_iso2709(marc21) + write_iso2709(nothing))
    assert [item.profile for item in found] == ["marc21", "marc21"]
    assert "profile_uncertain" in codes(found[1])
    assert good(write_iso2709(marc21), profile="cnmarc")[0].profile == "cnmarc"


def test_every_code_has_a_sentence_that_takes_its_values() -> None:
    sources = [
        path.read_bytes() for path in sorted(DATA.iterdir()) if path.suffix in (".mrc", ".xml", ".txt")
    ]
    sources += [b"what", b"\x1f\x8bno", iso2709(cnmarc_record(), "gbk", shift=2), b"<a/>", b"<a>"]
    for source in sources:
        for item in read_marc(source):
            if isinstance(item, BadRecord):
                assert sentence(item.code, item.params).endswith(".")
            else:
                assert all(sentence(each.code, each.params).endswith(".") for each in item.warnings)
    assert all(text.endswith(".") for text in MESSAGES.values())


def test_control_fields_of_letters_are_kept() -> None:
    record = cnmarc_record(Field("FMT", "", (), "BK"))
    [item] = good(write_iso2709(record))
    assert item.record.data("FMT") == "BK"
