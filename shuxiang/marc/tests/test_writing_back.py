"""Columns into records: only what changed, nothing else touched."""

from __future__ import annotations

import dataclasses
import string
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuxiang.marc import (
    Author,
    ClassNumber,
    Isbn,
    LocalHolding,
    MarcRecord,
    Profile,
    Projection,
    RawRecord,
    Series,
    SetParent,
    apply_projection,
    build_record,
    project,
    read_marc,
    write_iso2709,
)
from shuxiang.marc.mapping.text import has_cjk
from shuxiang.marc.tests.build import cnmarc_record

T = TypeVar("T")
pytestmark = pytest.mark.engine_free
DATA = Path(__file__).parent / "data"
SAMPLES = [
    item
    for path in sorted(DATA.iterdir())
    if path.suffix in (".mrc", ".xml", ".txt")
    for item in read_marc(path.read_bytes())
    if isinstance(item, RawRecord)
]
CHANGES: dict[str, object] = {
    "title": "新书名",
    "title_remainder": "副题名",
    "volume_mark": "第2册",
    "part_name": "冬天的故事",
    "parallel_title": "A new title",
    "authors": (Author("王小明", "著"), Author("某某教研室", "编"), Author("李华", "译")),
    "responsibility": "王小明著 ; 李华译",
    "isbns": (Isbn("978-7-302-35456-7", "平装"), Isbn("7-302-1")),
    "issn": "1000-1234",
    "prices": ("CNY12.00", "￥66.00（全三册）"),
    "publisher": "某社",
    "place": "上海",
    "date": "2020.05",
    "edition": "第2版",
    "extent": "99页",
    "size": "20cm",
    "accompanying": "1CD",
    "series": (Series("丛书", "3"), Series("文库")),
    "subjects": ("小说--中国", "童话"),
    "keywords": ("甲", "乙"),
    "summary": "一段。\n又一段。",
    "language": "eng",
    "audience": ("c",),
    "other_classes": (ClassNumber("ddc", "895", "22"), ClassNumber("udc", "82")),
    "set_parent": SetParent("套书", "12345", "2"),
    "doc_type": "map",
    "cancelled_isbns": ("123",),
    "control_number": "X1",
}


@pytest.mark.parametrize(
    "sample", SAMPLES, ids=lambda item: f"{item.profile}-{item.encoding}-{item.position}"
)
@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_column_is_read_back_and_the_other_columns_stay(sample: RawRecord, name: str) -> None:
    before = project(sample.record, sample.profile)
    wanted = dataclasses.replace(before, **{name: CHANGES[name]})  # type: ignore[arg-type]
    after = project(apply_projection(sample.record, sample.profile, wanted), sample.profile)
    assert after == wanted


@pytest.mark.parametrize(
    "sample", SAMPLES, ids=lambda item: f"{item.profile}-{item.encoding}-{item.position}"
)
def test_a_record_with_nothing_changed_is_the_same_object(sample: RawRecord) -> None:
    assert (
        apply_projection(sample.record, sample.profile, project(sample.record, sample.profile))
        is sample.record
    )


def test_fields_without_a_changed_column_stay_byte_for_byte() -> None:
    record = cnmarc_record()
    changed = dataclasses.replace(project(record, "cnmarc"), publisher="另一社")
    after = apply_projection(record, "cnmarc", changed)
    assert [item for item in after.fields if item.tag != "210"] == [
        item for item in record.fields if item.tag != "210"
    ]
    imprint = after.get("210")
    assert imprint is not None
    assert [(each.code, each.value) for each in imprint.subfields] == [
        ("a", "北京"),
        ("c", "另一社"),
        ("d", "2025.03"),
    ]


def test_the_clc_number_goes_where_an_empty_one_stood() -> None:
    changed = dataclasses.replace(project(cnmarc_record(), "cnmarc"), clc="I287.4", clc_edition="5")
    after = apply_projection(cnmarc_record(), "cnmarc", changed)
    assert project(after, "cnmarc") == changed
    assert len(list(after.each("690"))) == 1


def test_marc21_keeps_its_punctuation_and_its_original_script() -> None:
    sample = next(
        item for item in SAMPLES if item.profile == "marc21" and item.record.data("001") == "002959320"
    )
    changed = dataclasses.replace(
        project(sample.record, "marc21"), title="新的广告书", title_remainder="副题"
    )
    after = apply_projection(sample.record, "marc21", changed)
    plain, original = after.get("245"), next(after.each("880"))
    assert plain is sample.record.get("245")
    values = [each.value for each in original.subfields]
    assert values == ["245-01/", "新的广告书 :", "副题", "[serial] /", "中国广告协会主编."]
    assert project(after, "marc21") == changed


words = st.text("书香的一天春夏秋冬" + string.ascii_letters, min_size=1, max_size=8)
maybe = st.one_of(st.just(""), words)
isbns = st.builds(Isbn, st.from_regex(r"\A978-7-[0-9]{5}-[0-9]{3}-[0-9]\Z"), maybe)
headings = st.lists(words, min_size=1, max_size=3).map("--".join)
kinds = st.sampled_from(["book", "serial", "audiovisual", "electronic", "map", "music"])


def several(
    each: st.SearchStrategy[T], most: int = 2, *, unique: bool = False
) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(each, max_size=most, unique=unique).map(lambda found: tuple(found))


described = st.builds(
    Projection,
    title=words,
    title_remainder=maybe,
    volume_mark=maybe,
    part_name=maybe,
    parallel_title=maybe,
    title_pinyin=st.sampled_from(["", "shu xiang"]),
    authors=several(st.builds(Author, words, maybe), unique=True),
    responsibility=maybe,
    isbns=several(isbns),
    issn=maybe,
    prices=several(words, 3, unique=True),
    publisher=maybe,
    place=maybe,
    date=maybe,
    edition=maybe,
    extent=maybe,
    size=maybe,
    accompanying=maybe,
    series=several(st.builds(Series, words, maybe)),
    subjects=several(headings, 3),
    keywords=several(words, 3),
    summary=several(words).map("\n".join),
    language=st.sampled_from(["", "chi", "eng"]),
    audience=several(st.sampled_from("abcdek"), 3, unique=True),
    clc=maybe,
    clc_edition=st.sampled_from(["", "5"]),
    other_classes=several(st.builds(ClassNumber, st.sampled_from(["ddc", "lcc"]), words)),
    set_parent=st.one_of(st.none(), st.builds(SetParent, words, maybe, maybe)),
    doc_type=kinds,
    carrier=maybe,
    cancelled_isbns=several(words),
    control_number=maybe,
    holdings=st.just(()),
)
holdings = st.builds(
    LocalHolding,
    library=words,
    location=maybe,
    barcodes=several(words, unique=True),
    accession_numbers=several(words),
    copies=st.one_of(st.none(), st.integers(0, 99)),
    price=maybe,
)


@st.composite
def projections(draw: st.DrawFn, profile: Profile) -> Projection:
    """Columns any cataloguer may give, within what the profile can say."""
    columns = draw(described)
    tag = "905" if profile == "cnmarc" else "852"
    held = [dataclasses.replace(each, tag=tag) for each in draw(several(holdings, 1))]
    columns = dataclasses.replace(
        columns,
        responsibility=columns.responsibility if columns.authors else "",
        clc_edition=columns.clc_edition if columns.clc else "",
        holdings=tuple(held),
    )
    if profile == "cnmarc":
        return columns
    pinyin = columns.title_pinyin if has_cjk(columns.title) else ""
    return dataclasses.replace(columns, title_pinyin=pinyin, audience=columns.audience[:1])


@pytest.mark.parametrize("profile", ["cnmarc", "marc21"])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_record_built_from_columns_says_exactly_these_columns(
    profile: Profile, data: st.DataObject
) -> None:
    wanted = data.draw(projections(profile))
    record = build_record(wanted, profile, agency="XG", entered_on=date(2026, 3, 1))
    assert project(record, profile) == wanted
    [again] = read_marc(write_iso2709(record))
    assert isinstance(again, RawRecord)
    assert again.profile == profile
    assert again.record == record


@pytest.mark.parametrize("profile", ["cnmarc", "marc21"])
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_any_columns_can_be_written_over_any_others(profile: Profile, data: st.DataObject) -> None:
    before, after = data.draw(projections(profile)), data.draw(projections(profile))
    record = apply_projection(build_record(before, profile), profile, after)
    assert project(record, profile) == after


def test_a_built_record_has_fixed_data_of_the_right_length() -> None:
    columns = Projection(title="春", date="2025.03", language="chi", audience=("b", "c"))
    chinese = build_record(columns, "cnmarc", agency="XG", entered_on=date(2026, 3, 1))
    assert chinese.first("100", "a") == "20260301d2025    bc y0chiy50      ea"
    assert len(chinese.leader) == 24
    assert chinese.first("801", "b") == "XG"
    western = build_record(columns, "marc21", entered_on=date(2026, 3, 1))
    assert western.data("008") == "260301s2025    xx     a            chi d"
    assert western.get("040") is None


def test_columns_survive_the_way_from_cnmarc_to_marc21_and_back() -> None:
    sample = next(item for item in SAMPLES if item.profile == "cnmarc")
    columns = dataclasses.replace(project(sample.record, "cnmarc"), audience=("c",), holdings=())
    there = project(build_record(columns, "marc21"), "marc21")
    back: MarcRecord = build_record(there, "cnmarc")
    assert project(back, "cnmarc") == there == columns
