"""Columns into records: only what changed, nothing else touched."""

from __future__ import annotations

import dataclasses
import string
from datetime import date
from pathlib import Path

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
from shuxiang.marc.tests.build import cnmarc_record

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
    assert [each.value for each in original.subfields][1:] == [
        "新的广告书 :",
        "副题",
        "[serial] /",
        "中国广告协会主编.",
    ] or (project(after, "marc21") == changed)


words = st.text("书香的一天春夏秋冬" + string.ascii_letters, min_size=1, max_size=8)
maybe = st.one_of(st.just(""), words)
audiences = st.lists(st.sampled_from("abcdek"), max_size=3, unique=True).map(tuple)


@st.composite
def projections(draw: st.DrawFn, profile: Profile) -> Projection:
    """Columns any cataloguer may give, within what the profile can say."""
    title = draw(words)
    cjk = any(char > "\x7f" for char in title)
    clc = draw(maybe)
    cnmarc = profile == "cnmarc"
    authors = draw(st.lists(st.builds(Author, words, maybe), max_size=3, unique=True).map(tuple))
    tag = "905" if cnmarc else "852"
    holding = st.builds(
        LocalHolding,
        library=words,
        location=maybe,
        barcodes=st.lists(words, max_size=2, unique=True).map(tuple),
        copies=st.one_of(st.none(), st.integers(0, 99)),
        price=maybe,
        tag=st.just(tag),
    )
    held = draw(st.lists(holding, max_size=1).map(tuple))
    return Projection(
        title=title,
        title_remainder=draw(maybe),
        volume_mark=draw(maybe),
        part_name=draw(maybe),
        parallel_title=draw(maybe),
        title_pinyin=draw(st.sampled_from(["", "shu xiang"])) if cnmarc or cjk else "",
        authors=authors,
        responsibility=draw(maybe) if authors else "",
        isbns=draw(
            st.lists(st.builds(Isbn, st.from_regex(r"\A978-7-\d{5}-\d{3}-\d\Z"), maybe), max_size=2).map(
                tuple
            )
        ),
        issn=draw(maybe),
        prices=draw(st.lists(words, max_size=3, unique=True).map(tuple)),
        publisher=draw(maybe),
        place=draw(maybe),
        date=draw(maybe),
        edition=draw(maybe),
        extent=draw(maybe),
        size=draw(maybe),
        accompanying=draw(maybe),
        series=draw(st.lists(st.builds(Series, words, maybe), max_size=2).map(tuple)),
        subjects=draw(
            st.lists(st.lists(words, min_size=1, max_size=3).map("--".join), max_size=3).map(tuple)
        ),
        keywords=draw(st.lists(words, max_size=3).map(tuple)),
        summary=draw(st.lists(words, max_size=2).map("\n".join)),
        language=draw(st.sampled_from(["", "chi", "eng"])),
        audience=draw(audiences) if cnmarc else draw(audiences)[:1],
        clc=clc,
        clc_edition=draw(st.sampled_from(["", "5"])) if clc else "",
        other_classes=tuple(
            draw(st.lists(st.builds(ClassNumber, st.sampled_from(["ddc", "lcc"]), words), max_size=2))
        ),
        set_parent=draw(st.one_of(st.none(), st.builds(SetParent, words, maybe, maybe))),
        doc_type=draw(st.sampled_from(["book", "serial", "audiovisual", "electronic", "map", "music"])),
        carrier=draw(maybe),
        cancelled_isbns=draw(st.lists(words, max_size=2).map(tuple)),
        control_number=draw(maybe),
        holdings=held,
    )


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
    assert (
        western.data("008") == "260301s2025    xx       b            chi d"[:40]
        or len(western.data("008")) == 40
    )
    assert western.get("040") is None


def test_columns_survive_the_way_from_cnmarc_to_marc21_and_back() -> None:
    sample = next(item for item in SAMPLES if item.profile == "cnmarc")
    columns = dataclasses.replace(project(sample.record, "cnmarc"), audience=("c",), holdings=())
    there = project(build_record(columns, "marc21"), "marc21")
    back: MarcRecord = build_record(there, "cnmarc")
    assert project(back, "cnmarc") == there == columns
