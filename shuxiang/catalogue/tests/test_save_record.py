"""Saving records: keys, index and tombstones follow in the same transaction."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shuxiang.audit.models import Operation
from shuxiang.audit.reconcile import describe
from shuxiang.catalogue import index
from shuxiang.catalogue.models import BibliographicRecord, Original, SearchRow
from shuxiang.catalogue.reconcile import index_agrees
from shuxiang.catalogue.services import (
    OriginalValues,
    RecordValues,
    bulk_save_records,
    bury,
    keep_original,
    keep_originals,
    merge,
    save_record,
    values_of,
)
from shuxiang.common.actors import Actor
from shuxiang.common.ids import uuid7
from shuxiang.libraries.models import Library

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
BY = Actor("li", "desk")


@pytest.fixture
def library() -> Library:
    return Library.objects.create(code="yl", name="育林小学", kind="primary", created_at=AT)


def save(values: RecordValues, record: BibliographicRecord | None = None) -> BibliographicRecord:
    return save_record(record=record, values=values, library=None, by=BY, at=AT)


def test_what_can_be_read_out_of_the_columns_is_filled_in() -> None:
    record = save(
        RecordValues(
            title="《西游记》",
            authors="吴承恩 著",
            isbn="978-7-02-000873-1",
            price_text="CNY25.80",
            clc="I242.4",
            published="2010.3",
        )
    )
    record.refresh_from_db()
    assert (record.isbn13, record.price_fen, record.clc_main, record.pub_year) == (
        "9787020008731",
        2580,
        "I",
        2010,
    )
    assert (record.title_key, record.title_initials) == ("西游记", "xyj")
    assert record.is_complete
    assert not list(index_agrees(None))


def test_a_wrong_isbn_is_kept_and_flagged() -> None:
    record = save(RecordValues(title="昆虫记", isbn="1111"))
    assert (record.isbn, record.isbn13) == ("1111", "")
    assert record.warnings


def test_a_record_without_title_is_to_be_completed_and_shows_its_number() -> None:
    record = save(RecordValues(isbn="1234567891011"))
    assert not record.is_complete
    assert "1234567891011" in record.title
    assert (record.match_key, record.warnings.count("title_missing")) == ("", 1)


def test_the_unit_price_of_a_set_is_known_when_the_set_says_how_many() -> None:
    record = save(RecordValues(title="十万个为什么", price_text="CNY128.00 (全4册)"))
    assert (record.set_price_fen, record.price_fen) == (12800, 3200)


@pytest.mark.parametrize("text", ["\x00西游\x00记", "西游记\ud800"])
def test_signs_that_no_database_can_hold_are_left_out(text: str) -> None:
    assert save(RecordValues(title=text)).title == "西游记"


def test_a_column_too_long_is_cut_with_a_warning() -> None:
    record = save(RecordValues(title="长" * 600, publisher="社" * 300))
    record.refresh_from_db()
    assert (len(record.title), len(record.publisher)) == (500, 200)
    assert {"cut:title", "cut:publisher"} <= set(record.warnings)


def test_a_changed_record_is_indexed_under_its_new_words_only() -> None:
    record = save(RecordValues(title="西游记"))
    save(replace(values_of(record), title="水浒传"), record)
    assert (record.title_key, record.title_initials) == ("水浒传", "shz")
    assert not list(index_agrees(None))
    assert SearchRow.objects.count() == 1


def test_the_same_operation_twice_makes_one_record() -> None:
    key = uuid7()
    first, second = (
        save_record(
            record=None, values=RecordValues(title="西游记"), library=None, by=BY, at=AT, operation_id=key
        )
        for _ in "12"
    )
    assert first.pk == second.pk
    assert BibliographicRecord.objects.count() == Operation.objects.count() == 1


def test_many_records_are_made_in_order_and_indexed(library: Library) -> None:
    titles = [f"第{n}本书" for n in range(1100)]
    made = bulk_save_records([RecordValues(title=title) for title in titles], library=library, by=BY, at=AT)
    assert [record.title for record in made] == titles
    assert [record.pk for record in made] == sorted(record.pk for record in made)
    assert not list(index_agrees(None))


def test_parts_link_to_their_set() -> None:
    whole = save(RecordValues(title="中国通史"))
    part = save(RecordValues(title="中国通史", volume_mark="第二册", parent_id=whole.pk, part_number=2))
    assert list(whole.parts.all()) == [part]
    assert values_of(part).parent_id == whole.pk


def test_an_original_is_kept_once_per_library_and_record(library: Library) -> None:
    record = save(RecordValues(title="西游记"))
    kept = [
        keep_original(
            record, library=library, format="row", content=b'{"a": 1}', at=AT, projection={"title": "西游记"}
        )
        for _ in "12"
    ]
    assert kept[0].pk == kept[1].pk
    assert bytes(Original.objects.get().content) == b'{"a": 1}'
    keep_originals(
        [OriginalValues(record_id=record.pk, format="row", content=b"other")], library=library, at=AT
    )
    assert Original.objects.count() == 2


def test_a_buried_record_leaves_a_tombstone_and_the_index() -> None:
    record = save(RecordValues(title="西游记"))
    bury(record, by=BY, at=AT)
    assert record.deleted_at == AT
    assert not SearchRow.objects.exists()
    assert not list(index_agrees(None))


def test_a_merged_record_points_to_the_one_that_stays(library: Library) -> None:
    kept, gone = save(RecordValues(title="西游记")), save(RecordValues(title="西游记"))
    keep_original(gone, library=library, format="row", content=b"1", at=AT)
    merge(gone, into=kept, by=BY, at=AT)
    assert gone.merged_into == kept
    assert kept.originals.count() == 1
    with pytest.raises(ValueError, match="living"):
        merge(kept, into=gone, by=BY, at=AT)


def test_a_tampered_index_is_found_and_named() -> None:
    lost, other, _fine = (save(RecordValues(title=title)) for title in ("西游记", "水浒传", "红楼梦"))
    SearchRow.objects.filter(pk=lost.pk).delete()
    BibliographicRecord.objects.filter(pk=other.pk).update(title="三国演义")
    ghost = save(RecordValues(title="聊斋"))
    BibliographicRecord.objects.filter(pk=ghost.pk).delete()
    found = list(index_agrees(None))
    assert {(one.subject, one.code) for one in found} == {
        (f"catalogue.record:{lost.pk}", "not_indexed"),
        (f"catalogue.record:{other.pk}", "indexed_with_other_words"),
        (f"catalogue.record:{ghost.pk}", "indexed_without_record"),
    }
    assert all(str(one.params["record"]) in describe(one) for one in found)


def test_an_index_of_another_version_is_rebuilt() -> None:
    assert index.is_current()
    bulk_save_records([RecordValues(title=f"书{n}") for n in range(700)], library=None, by=BY, at=AT)
    assert not index.is_current()  # nobody has said which version wrote it
    SearchRow.objects.all().delete()
    assert index.ensure_current(at=AT)
    assert not index.ensure_current(at=AT)
    assert not list(index_agrees(None))
