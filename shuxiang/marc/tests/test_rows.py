"""A record in a form: what nobody touched comes back the same, what is coded is explained, what is odd is said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from shuxiang.marc import Field, MarcRecord, RawRecord, Subfield, read_marc
from shuxiang.marc.check import cannot_write, check
from shuxiang.marc.fields import data_field
from shuxiang.marc.rows import Row, assemble, new_row, read_rows, rows_of, shown
from shuxiang.marc.templates import KINDS, template
from shuxiang.marc.tests.build import cnmarc_record
from shuxiang.marc.types import PROFILES, Profile
from shuxiang.marc.words import field_words, positions_of, subfields_of

pytestmark = pytest.mark.engine_free
DATA = Path(__file__).parent / "data"
SOURCES = sorted(path for path in DATA.iterdir() if path.suffix in (".mrc", ".xml", ".txt"))


def posted(record: MarcRecord, profile: Profile = "cnmarc") -> dict[str, str]:
    """What a browser sends of a form nobody touched: line breaks gone, every coded position by itself."""
    form: dict[str, str] = {}
    for number, row in enumerate(rows_of(record)):
        form |= {f"f{number}.tag": row.tag, f"f{number}.from": str(row.origin)}
        if row.data is not None:
            form[f"f{number}.data"] = shown(row.data)
            place, text = row.tag, row.data
        else:
            form |= {f"f{number}.i1": row.indicators[:1], f"f{number}.i2": row.indicators[1:2]}
            for at, (code, value) in enumerate(row.subfields):
                form |= {f"f{number}.s{at}.c": code, f"f{number}.s{at}.v": shown(value)}
            place, text = row.tag + "a", next((value for code, value in row.subfields if code == "a"), "")
        for position in positions_of(profile, place, record.leader):
            form[f"f{number}.p{position.start}"] = text[position.start : position.end]
    return form


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_a_form_that_nobody_touched_gives_the_record_back(path: Path) -> None:
    for item in read_marc(path.read_bytes()):
        if isinstance(item, RawRecord):
            form = posted(item.record, item.profile)
            assert assemble(item.record, read_rows(form), item.profile) == item.record


def test_one_subfield_is_changed_and_every_other_field_is_the_same_object() -> None:
    record = cnmarc_record()
    form = posted(record)
    (title,) = [number for number, item in enumerate(record.fields) if item.tag == "200"]
    form[f"f{title}.s0.v"] = "雪中的邮递员"
    changed = assemble(record, read_rows(form), "cnmarc")
    differing = [new.tag for new, old in zip(changed.fields, record.fields, strict=True) if new is not old]
    assert differing == ["200"]
    assert changed.first("200", "a") == "雪中的邮递员"


def test_a_coded_position_is_written_into_its_value_and_nowhere_else() -> None:
    record = cnmarc_record()
    form = posted(record)
    (general,) = [number for number, item in enumerate(record.fields) if item.tag == "100"]
    form[f"f{general}.p17"] = "d"
    before, after = record.first("100", "a"), assemble(record, read_rows(form), "cnmarc").first("100", "a")
    assert after == before[:17] + "d" + before[18:]


def test_a_position_of_the_leader_is_chosen_by_its_words() -> None:
    record = assemble(cnmarc_record(), rows_of(cnmarc_record()), "cnmarc", {5: "c", 8: "1"})
    assert record.leader[5:9] == "cam1"


def test_a_new_subfield_goes_where_its_kind_usually_stands() -> None:
    record = MarcRecord(cnmarc_record().leader, (data_field("200", "1 ", [("a", "书"), ("f", "某人著")]),))
    row = Row("200", "1 ", [("a", "书"), ("f", "某人著"), ("e", "副题")], origin=0)
    assert [one.code for one in assemble(record, [row], "cnmarc").fields[0].subfields] == ["a", "e", "f"]


def test_a_new_field_stands_in_the_order_of_tags_and_an_emptied_one_goes() -> None:
    record = cnmarc_record()
    rows = rows_of(record)
    for row in rows:
        if row.tag == "215":
            row.subfields = [(code, "") for code, _value in row.subfields]
        row.is_dropped = row.tag == "210"
    rows.append(Row("300", "  ", [("a", "封面题名")]))
    tags = [item.tag for item in assemble(record, rows, "cnmarc").fields]
    assert tags == sorted(tags)
    assert "300" in tags
    assert not {"210", "215"} & set(tags)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_sound_and_empty_fields_of_it_are_not_kept(kind: str, profile: Profile) -> None:
    record = template(kind, profile, entered_on=date(2026, 11, 22), agency="YL")
    title = "200" if profile == "cnmarc" else "245"
    assert [warning.code for warning in check(record, profile)] == ["check_no_title"]
    rows = rows_of(record)
    for row in rows:
        row.origin = None
        if row.tag == title:
            row.subfields[0] = ("a", "草房子")
    kept = assemble(MarcRecord(record.leader, ()), rows, profile)
    assert check(kept, profile) == ()
    assert kept.get(title) == data_field(title, record.get(title).indicators, [("a", "草房子")])  # type: ignore[union-attr]
    assert kept.get("690", "084") is None


def test_every_field_of_a_template_has_a_name() -> None:
    for profile in PROFILES:
        for kind in KINDS:
            for item in template(kind, profile, entered_on=date(2026, 11, 22)).fields:
                assert field_words(profile, item.tag), item.tag
                assert item.data is not None or {one.code for one in item.subfields} <= set(
                    subfields_of(profile, item.tag)
                )


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (data_field("101", "0 ", [("a", "中文")]), "check_language"),
        (data_field("010", "  ", [("a", "978-7-302-35456-8")]), "check_isbn"),
        (data_field("200", "x ", [("a", "书")]), "check_indicator"),
        (data_field("100", "  ", [("a", "20260301")]), "check_length"),
        (data_field("105", "  ", [("a", "y   z   000y?")]), "check_code"),
        (data_field("555", "  ", [("a", "?")]), "check_field"),
        (data_field("210", "  ", [("q", "?")]), "check_subfield"),
        (data_field("801", " 0", []), "check_once"),
    ],
)
def test_what_is_odd_is_said(item: Field, code: str) -> None:
    record = template("book", "cnmarc", entered_on=date(2026, 11, 22))
    fields = [one for one in record.fields if one.tag != item.tag or code == "check_once"]
    if code == "check_once":
        item = data_field("200", "1 ", [("a", "又一个题名")])
    found = check(MarcRecord(record.leader, (*fields, item)), "cnmarc")
    assert code in {warning.code for warning in found}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ((), "cannot_write_empty"),
        ((data_field("20", "  ", [("a", "x")]),), "cannot_write_tag"),
        ((data_field("330", "  ", [("a", "长" * 3_400)]),), "cannot_write_field"),
        (tuple(data_field("300", "  ", [("a", "长" * 3_000)]) for _ in range(12)), "cannot_write_record"),
    ],
)
def test_what_iso_2709_has_no_place_for_is_refused_by_name(fields: tuple[Field, ...], code: str) -> None:
    assert code in {one.code for one in cannot_write(MarcRecord(cnmarc_record().leader, fields))}
    assert cannot_write(cnmarc_record()) == ()


def test_a_field_that_is_added_offers_the_subfields_it_usually_has() -> None:
    assert [code for code, _value in new_row("cnmarc", "690").subfields] == ["a", "v"]
    assert new_row("cnmarc", "001").data == ""
    assert new_row("cnmarc", "999").subfields == [("a", "")]
    assert Subfield("a", "x").code == "a"


def test_a_form_full_of_nonsense_makes_no_record_and_raises_nothing() -> None:
    rows = read_rows(
        {"f1.tag": "", "f99999.tag": "200", "f0.from": "-1", "x": "y", "f2.tag": "3", "f2.from": "9999"}
    )
    assert assemble(cnmarc_record(), rows, "cnmarc").fields == ()
