"""Both editors write the same record: what neither touched is as it came, and every edit can be taken back."""

from dataclasses import replace
from pathlib import Path

import pytest

from shuxiang import marc
from shuxiang.catalogue.models import BibliographicRecord, Original
from shuxiang.catalogue.reconcile import index_agrees
from shuxiang.catalogue.services import (
    RecordValues,
    keep_original,
    marc_now,
    save_marc,
    save_record,
    undo_edit,
    values_of,
)
from shuxiang.catalogue.services.marc_editing import values_in
from shuxiang.catalogue.services.undoing import last_edit
from shuxiang.catalogue.tests.test_save_record import AT, BY
from shuxiang.common.decisions import Refused
from shuxiang.libraries.models import Library
from shuxiang.marc.rows import assemble, rows_of

REAL = Path(marc.__file__).parent / "tests" / "data" / "bnu_sru_cnmarc.xml"


@pytest.fixture
def library(db: None) -> Library:
    return Library.objects.create(code="yl", name="育林小学", kind="primary", created_at=AT)


def real_record(library: Library) -> tuple[BibliographicRecord, marc.RawRecord]:
    """A record of a university's catalogue as it was sent (marc/tests/data/ORIGINS.md), kept as an import keeps it."""
    raw = next(one for one in marc.read_marc(REAL.read_bytes()) if isinstance(one, marc.RawRecord))
    values = values_in(raw.record, raw.profile)
    record = save_record(record=None, values=values, library=library, by=BY, at=AT)
    keep_original(
        record,
        library=library,
        format="marcxml",
        content=raw.raw,
        at=AT,
        profile=raw.profile,
        encoding="utf-8",
    )
    return record, raw


def edited(record: BibliographicRecord, library: Library, tag: str, code: str, value: str) -> marc.MarcRecord:
    """The record with the first such subfield changed, by way of the rows of a form."""
    now = marc_now(record, library)
    rows = rows_of(now.record)
    row = next(one for one in rows if one.tag == tag)
    row.subfields = [(own, value if own == code else said) for own, said in row.subfields]
    return assemble(now.record, rows, now.profile)


def test_both_editors_leave_every_untouched_field_of_a_real_record_as_it_was(library: Library) -> None:
    record, raw = real_record(library)
    save_marc(
        record=record, edited=edited(record, library, "210", "c", "另一家出版社"), profile="cnmarc", library=library,
        by=BY, at=AT,
    )  # fmt: skip
    record.refresh_from_db()
    assert record.publisher == "另一家出版社"
    values = replace(values_of(record), extent="321页")
    save_record(record=record, values=values, library=library, by=BY, at=AT)
    out = marc_now(BibliographicRecord.objects.get(pk=record.pk), library).record
    assert out.leader == raw.record.leader
    assert [one.tag for one in out.fields] == [one.tag for one in raw.record.fields]
    differing = [new.tag for new, old in zip(out.fields, raw.record.fields, strict=True) if new != old]
    assert differing == ["210", "215"]
    assert (out.first("210", "c"), out.first("215", "a")) == ("另一家出版社", "321页")


def test_a_column_that_marc_has_no_place_for_survives_the_marc_editor(library: Library) -> None:
    record, _raw = real_record(library)
    values = replace(values_of(record), is_reference=True)
    save_record(record=record, values=values, library=library, by=BY, at=AT)
    save_marc(
        record=record,
        edited=edited(record, library, "215", "a", "99页"),
        profile="cnmarc",
        library=library,
        by=BY,
        at=AT,
    )
    record.refresh_from_db()
    assert (record.is_reference, record.extent) == (True, "99页")


def test_edits_are_taken_back_one_after_the_other(library: Library) -> None:
    record, raw = real_record(library)
    before = values_of(record)
    save_marc(
        record=record,
        edited=edited(record, library, "215", "a", "99页"),
        profile="cnmarc",
        library=library,
        by=BY,
        at=AT,
    )
    save_record(record=record, values=replace(before, place="广州"), library=library, by=BY, at=AT)
    first = record.pk
    for _edit in range(2):
        edit = last_edit(record)
        assert edit is not None
        undo_edit(edit.pk, by=BY, at=AT)
        record.refresh_from_db()
    assert values_of(record) == before
    assert last_edit(record) is None
    assert marc_now(record, library).record == raw.record
    assert Original.objects.filter(record=first).count() == 1
    assert not list(index_agrees(None))


def test_only_the_latest_edit_can_be_taken_back(library: Library) -> None:
    record = save_record(record=None, values=RecordValues(title="草房子"), library=library, by=BY, at=AT)
    save_record(record=record, values=RecordValues(title="草房子 一"), library=library, by=BY, at=AT)
    earlier = last_edit(record)
    save_record(record=record, values=RecordValues(title="草房子 二"), library=library, by=BY, at=AT)
    assert earlier is not None
    with pytest.raises(Refused) as refused:
        undo_edit(earlier.pk, by=BY, at=AT)
    assert refused.value.codes == ("not_the_latest_edit",)


def test_going_back_by_hand_to_an_earlier_state_makes_that_the_current_one(library: Library) -> None:
    record, raw = real_record(library)
    there = edited(record, library, "215", "a", "99页")
    save_marc(record=record, edited=there, profile="cnmarc", library=library, by=BY, at=AT)
    record.refresh_from_db()
    back = edited(record, library, "215", "a", raw.record.first("215", "a"))
    for record_now in (back, there, back):
        save_marc(record=record, edited=record_now, profile="cnmarc", library=library, by=BY, at=AT)
        record.refresh_from_db()
        assert marc_now(record, library).record == record_now
    edit = last_edit(record)
    assert edit is not None
    undo_edit(edit.pk, by=BY, at=AT)
    record.refresh_from_db()
    assert marc_now(record, library).record == there


def test_a_record_without_marc_is_shown_as_one_made_of_its_columns(library: Library) -> None:
    values = RecordValues(title="草房子", authors="曹文轩 著", isbn="9787534618971", kind="electronic")
    record = save_record(record=None, values=values, library=library, by=BY, at=AT)
    now = marc_now(record, library)
    assert (now.profile, now.is_own, now.record.first("200", "a")) == ("cnmarc", False, "草房子")
    assert now.record.leader[6] == "l"
    assert marc_now(record, library, profile="marc21").record.first("245", "a").startswith("草房子")


def test_the_volumes_of_another_library_are_not_shown(library: Library) -> None:
    other = Library.objects.create(code="b", name="别处", kind="primary", created_at=AT)
    record, _raw = real_record(other)
    shown = marc_now(record, library)
    assert not shown.is_own
    assert marc.project(shown.record, "cnmarc").holdings == ()


def test_a_part_names_its_set_in_marc(library: Library) -> None:
    parent = save_record(record=None, values=RecordValues(title="四大名著"), library=library, by=BY, at=AT)
    values = RecordValues(title="西游记", parent_id=parent.pk, part_number=2)
    record = save_record(record=None, values=values, library=library, by=BY, at=AT)
    said = marc.project(marc_now(record, library).record, "cnmarc").set_parent
    assert said == marc.SetParent("四大名著", "", "2")


def test_somebody_else_saved_meanwhile_is_refused_and_a_record_too_long_too(library: Library) -> None:
    record, _raw = real_record(library)
    seen = marc_now(record, library).digest
    change = edited(record, library, "215", "a", "99页")
    save_record(record=record, values=replace(values_of(record), place="广州"), library=library, by=BY, at=AT)
    with pytest.raises(Refused) as refused:
        save_marc(record=record, edited=change, profile="cnmarc", library=library, by=BY, at=AT, seen=seen)
    assert refused.value.codes == ("changed_meanwhile",)
    notes = tuple(marc.Field("300", "  ", (marc.Subfield("a", "长" * 3_000),)) for _ in range(12))
    long = marc.MarcRecord(change.leader, (*change.fields, *notes))
    with pytest.raises(Refused) as refused:
        save_marc(record=record, edited=long, profile="cnmarc", library=library, by=BY, at=AT)
    assert refused.value.codes == ("cannot_write_record",)
    assert Original.objects.count() == 1


def test_the_same_save_sent_twice_is_one(library: Library) -> None:
    record, _raw = real_record(library)
    change = edited(record, library, "215", "a", "99页")
    key = record.uuid
    for _time in range(2):
        save_marc(
            record=record, edited=change, profile="cnmarc", library=library, by=BY, at=AT, operation_id=key
        )
    assert Original.objects.count() == 2


def test_what_the_editor_adds_to_a_heading_is_not_written_over_by_a_column_with_blanks(
    library: Library,
) -> None:
    values = RecordValues(title="草房子", subjects="儿童文学 -- 长篇小说 -- 中国")
    record = save_record(record=None, values=values, library=library, by=BY, at=AT)
    now = marc_now(record, library)
    assert now.record.get("606") == marc.Field(
        "606",
        "0 ",
        (marc.Subfield("a", "儿童文学"), marc.Subfield("x", "长篇小说"), marc.Subfield("x", "中国")),
    )
    rows = rows_of(now.record)
    next(row for row in rows if row.tag == "606").subfields.append(("2", "CCT"))
    change = assemble(now.record, rows, "cnmarc")
    save_marc(record=record, edited=change, profile="cnmarc", library=library, by=BY, at=AT)
    record.refresh_from_db()
    assert marc_now(record, library).record.first("606", "2") == "CCT"
