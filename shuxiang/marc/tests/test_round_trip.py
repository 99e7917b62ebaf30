"""What is written is read back equal, and no bytes make the reader raise."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuxiang.marc import (
    BadRecord,
    Field,
    MarcRecord,
    RawRecord,
    Subfield,
    project,
    read_marc,
    write_iso2709,
    write_marcxml,
)
from shuxiang.marc.iso2709 import CannotEncodeError
from shuxiang.marc.tests.build import LEADER, cnmarc_record, iso2709

pytestmark = pytest.mark.engine_free
DATA = Path(__file__).parent / "data"
SOURCES = sorted(path for path in DATA.iterdir() if path.suffix in (".mrc", ".xml", ".txt"))


def records(source: bytes) -> list[MarcRecord]:
    return [item.record for item in read_marc(source) if isinstance(item, RawRecord)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_every_good_record_survives_iso2709_and_marcxml(path: Path, encoding: str) -> None:
    found = records(path.read_bytes())
    assert found
    written = b"".join(write_iso2709(record, encoding) for record in found)
    again = list(read_marc(written))
    assert [item.record for item in again if isinstance(item, RawRecord)] == found
    assert not any(
        warning.code.startswith(("directory", "record", "leader"))
        for item in again
        if isinstance(item, RawRecord)
        for warning in item.warnings
    )
    assert records(b"".join(write_marcxml(found))) == found


text = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co"), exclude_characters="\ufffe\uffff"
    ),
    max_size=20,
)
subfields = st.lists(
    st.builds(Subfield, st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789A"), text),
    min_size=1,
    max_size=5,
)
tags = st.integers(10, 999).map("{:03d}".format)
indicators = st.text("0123456789 ", min_size=2, max_size=2)
data_fields = st.builds(Field, tags, indicators, subfields.map(tuple))
control_fields = st.builds(
    lambda tag, data: Field(tag, "", (), data), st.sampled_from(["001", "005", "FMT"]), text
)
title = Field("200", "1 ", (Subfield("a", "书"),))
marc_records = st.lists(st.one_of(data_fields, control_fields), max_size=8).map(
    lambda fields: MarcRecord(LEADER, (title, *fields))
)


@settings(max_examples=200, deadline=None)
@given(marc_records, st.sampled_from(["utf-8", "gb18030"]))
def test_any_record_survives_iso2709(record: MarcRecord, encoding: str) -> None:
    [item] = read_marc(write_iso2709(record, encoding), encoding=encoding, profile="cnmarc")
    assert isinstance(item, RawRecord)
    assert (item.record, item.warnings) == (record, ())


@settings(max_examples=200, deadline=None)
@given(st.lists(marc_records, min_size=1, max_size=3))
def test_any_records_survive_marcxml(found: list[MarcRecord]) -> None:
    again = list(read_marc(b"".join(write_marcxml(found)), profile="cnmarc"))
    assert [item.record for item in again if isinstance(item, RawRecord)] == found


def test_marks_inside_a_value_cannot_forge_fields() -> None:
    record = cnmarc_record(title="甲\x1e001\x1fb乙\x1d丙")
    [item] = read_marc(write_iso2709(record))
    assert isinstance(item, RawRecord)
    assert project(item.record, "cnmarc").title == "甲 001 b乙 丙"
    assert len(item.record.fields) == len(record.fields)


def test_a_character_that_the_encoding_lacks_is_refused_by_name() -> None:
    record = MarcRecord(LEADER, (Field("200", "1 ", (Subfield("a", "Café 书"),)),))
    with pytest.raises(CannotEncodeError) as refused:
        write_iso2709(record, "cp1252")
    assert (refused.value.code, refused.value.params["character"]) == ("cannot_encode", "书")


def test_no_flipped_bytes_make_the_reader_or_the_mapping_raise() -> None:
    chance = random.Random(20260301)  # noqa: S311
    sources = [path.read_bytes()[:6000] for path in SOURCES]
    sources += [iso2709(cnmarc_record(), "gbk") * 2, iso2709(cnmarc_record(), "utf-8", count_characters=True)]
    for source in sources:
        for _ in range(60):
            damaged = bytearray(source)
            for _ in range(chance.randint(1, 12)):
                damaged[chance.randrange(len(damaged))] = chance.choice(
                    (0x1D, 0x1E, 0x1F, 0x1B, chance.randrange(256))
                )
            if chance.random() < 0.5:
                del damaged[chance.randrange(len(damaged)) :]
            assert is_read_to_the_end(bytes(damaged))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_at_all_make_the_reader_raise(source: bytes) -> None:
    assert is_read_to_the_end(source)
    assert is_read_to_the_end(b"00100nam0 2200049   450 200000900000\x1e1 \x1f" + source + b"\x1e\x1d")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_no_text_at_all_makes_the_reader_raise(source: str) -> None:
    assert is_read_to_the_end(source.encode("utf-8", "replace"))
    assert is_read_to_the_end(b"<record>" + source.encode("utf-8", "replace"))
    assert is_read_to_the_end(b"001 1\n200  $a" + source.encode("utf-8", "replace"))


def is_read_to_the_end(source: bytes) -> bool:
    """Whether all it holds is counted through, said to be bad, or mapped and written in both formats."""
    found = list(read_marc(source))
    dealt_with = [item.position for item in found if isinstance(item, BadRecord) or _is_written(item)]
    return dealt_with == list(range(1, len(found) + 1))


def _is_written(item: RawRecord) -> bool:
    project(item.record, item.profile)
    return write_iso2709(item.record).endswith(b"\x1d") and b"</record>" in b"".join(
        write_marcxml([item.record])
    )
