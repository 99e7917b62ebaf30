"""A title goes into a draft by one act and out again; records become one, are parted, are divided; nothing is lost."""

from dataclasses import replace

import pytest

from shuxiang import marc
from shuxiang.audit import reconcile
from shuxiang.audit.models import Operation
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.catalogue.services import RecordValues, keep_original, merge, part, values_of
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.holdings.batches import drafts, folded, last_line, lines, totals, unlabelled
from shuxiang.holdings.models import AccessionBatch, Holding, Item, ItemIdentifier, PropertyLine
from shuxiang.holdings.services import hold, post_batch, reverse_batch, void_batch
from shuxiang.holdings.services.entering import Delivered, Entered, Volumes, enter_title, take_back_entry
from shuxiang.holdings.services.erasing import erase_items
from shuxiang.holdings.services.splitting import join, split
from shuxiang.holdings.sharing import others_with
from shuxiang.holdings.tests.builders import AT, BY, LATER, LATER_ON, ON, School, make_library, make_record

VALUES = RecordValues(
    title="草房子", authors="曹文轩 著", clc="I287.45", price_text="22.00", isbn="9787534618971"
)


def clean(school: School) -> None:
    assert reconcile.run(school.library.code).differences == ()


def enter(school: School, batch: AccessionBatch, *, copies: int = 2, **more: object) -> Entered:
    volumes = Volumes(batch=batch, copies=copies, home=school.home, list_price_fen=2200, is_numbered=True)
    return enter_title(None, VALUES, library=school.library, by=BY, at=AT, volumes=volumes, **more)  # type: ignore[arg-type]


def test_from_the_form_to_the_shelf_by_one_act_and_one_posting(school: School) -> None:
    batch = school.draft()
    done = enter(school, batch)
    assert done.holding is not None
    assert done.holding.call_number == "I287.45/1"
    assert ItemIdentifier.objects.filter(item__in=done.items).count() == 2
    assert (totals(batch).titles, totals(batch).volumes, totals(batch).amount_fen) == (1, 2, 4400)
    assert list(drafts(school.library)) == [batch]
    assert unlabelled(batch) == 0
    post_batch(batch, by=BY, at=AT, on=ON)
    batch.refresh_from_db()
    (line,) = folded(list(lines(batch)))
    assert (line.copies, line.numbers, line.call_number) == (2, ("B1", "B2"), "I287.45/1")
    assert totals(batch).volumes == 2
    last = last_line(school.library, done.record.pk)
    assert last is not None
    assert last.list_price_fen == 2200
    clean(school)


def test_the_same_form_sent_twice_is_one_entry(school: School) -> None:
    batch, key = school.draft(), uuid7()
    first, second = (enter(school, batch, operation_id=key) for _time in range(2))
    assert (second.record, second.items) == (first.record, first.items)
    assert Item.objects.count() == 2


def test_taking_an_entry_back_leaves_nothing_of_it(school: School) -> None:
    batch = school.draft()
    done = enter(school, batch)
    assert done.operation_id is not None
    take_back_entry(done.operation_id, library=school.library, by=BY, at=LATER)
    assert not Item.objects.exists()
    assert not Holding.objects.exists()
    assert not ItemIdentifier.objects.exists()
    done.record.refresh_from_db()
    assert done.record.deleted_at is not None
    with pytest.raises(Refused) as refused:
        take_back_entry(done.operation_id, library=school.library, by=BY, at=LATER)
    assert refused.value.codes == ("no_such_entry",)
    again = enter(school, batch)
    assert again.holding is not None
    assert again.holding.call_number != ""
    clean(school)


def test_further_copies_of_a_title_change_it_only_where_the_form_differs(school: School) -> None:
    batch = school.draft()
    first = enter(school, batch, copies=1)
    volumes = Volumes(batch=batch, copies=1, home=school.home)
    same = values_of(first.record)
    writes = Operation.objects.filter(action="catalogue.save_record").count()
    enter_title(first.record, same, library=school.library, by=BY, at=LATER, volumes=volumes)
    assert Operation.objects.filter(action="catalogue.save_record").count() == writes
    changed = enter_title(
        first.record, replace(same, place="南京"), library=school.library, by=BY, at=LATER, volumes=volumes
    )
    assert changed.record.place == "南京"
    assert changed.operation_id is not None
    take_back_entry(changed.operation_id, library=school.library, by=BY, at=LATER)
    first.record.refresh_from_db()
    assert (first.record.place, Item.objects.count()) == ("", 2)


def test_what_was_posted_is_not_taken_back_but_reversed(school: School) -> None:
    batch = school.draft()
    done = enter(school, batch)
    post_batch(batch, by=BY, at=AT, on=ON)
    assert done.operation_id is not None
    with pytest.raises(Refused) as refused:
        take_back_entry(done.operation_id, library=school.library, by=BY, at=LATER)
    assert refused.value.codes == ("entry_posted",)
    batch.refresh_from_db()
    assert reverse_batch(batch, by=BY, at=LATER, on=LATER_ON).reversed == 2
    clean(school)


@pytest.mark.parametrize("copies", [0, 2001])
def test_a_slip_of_the_keys_in_the_number_of_copies_is_refused(school: School, copies: int) -> None:
    batch = school.draft()
    with pytest.raises(Refused) as refused:
        enter(school, batch, copies=copies)
    assert refused.value.codes == ("too_many_copies",)
    assert not BibliographicRecord.objects.exists()


def test_the_record_that_the_columns_came_from_is_kept(school: School) -> None:
    record = marc.build_record(marc.Projection(title="草房子", publisher="某社"), "cnmarc")
    content = marc.write_iso2709(record, "gb18030")
    came = Delivered(content, "gb18030", "cnmarc", record, "馆配商数据包")
    done = enter_title(None, VALUES, library=school.library, by=BY, at=AT, delivered=came)
    (kept,) = done.record.originals.all()
    assert (bytes(kept.content), kept.encoding, kept.format) == (content, "gb18030", "iso2709")
    assert done.operation_id is not None
    assert Operation.objects.get(pk=done.operation_id).detail["source"] == "馆配商数据包"
    take_back_entry(done.operation_id, library=school.library, by=BY, at=AT)
    assert not done.record.originals.exists()


def test_single_volumes_leave_a_draft_and_a_posted_batch_keeps_its_own(school: School) -> None:
    batch = school.draft()
    done = enter(school, batch, copies=3)
    assert erase_items([done.items[0].pk], batch=batch, by=BY, at=AT) == 1
    assert PropertyLine.objects.count() == 2
    post_batch(batch, by=BY, at=AT, on=ON)
    with pytest.raises(Refused) as refused:
        erase_items([done.items[1].pk], batch=batch, by=BY, at=AT)
    assert refused.value.codes == ("batch_not_draft",)
    void = school.draft()
    enter(school, void)
    void_batch(void, by=BY, at=AT)
    clean(school)


def test_a_record_that_others_hold_is_changed_only_by_who_may(school: School) -> None:
    batch = school.draft()
    done = enter(school, batch)
    other = make_library("b")
    hold(library=other, record=done.record, by=BY, at=AT)
    assert others_with(done.record, school.library) == [other]
    changed = replace(values_of(done.record), place="南京")
    mine = frozenset({school.library.pk})
    with pytest.raises(Refused) as refused:
        enter_title(done.record, changed, library=school.library, by=BY, at=AT, reach=mine)
    assert refused.value.codes == ("shared_record",)
    volumes = Volumes(batch=batch, copies=1, home=school.home)
    enter_title(
        done.record, values_of(done.record), library=school.library, by=BY, at=AT, reach=mine, volumes=volumes
    )
    for reach in (frozenset({school.library.pk, other.pk}), None):
        enter_title(done.record, changed, library=school.library, by=BY, at=AT, reach=reach)


# Merging and parting


def state() -> tuple[list[tuple[object, ...]], ...]:
    """Who belongs to whom, to compare before and after."""
    return (
        list(Holding.objects.order_by("pk").values_list("pk", "record", "call_number", "review", "on_books")),
        list(Item.objects.order_by("pk").values_list("pk", "holding", "copy_number", "account")),
        list(
            BibliographicRecord.objects.order_by("pk").values_list(
                "pk", "merged_into", "deleted_at", "publisher", "parent"
            )
        ),
    )


def test_two_records_become_one_with_all_volumes_and_are_parted_again(school: School) -> None:
    batch = school.draft()
    stays, gone = school.hold("西游记"), school.hold("西游记（重复）", publisher="人民文学出版社")
    school.add(batch, stays, 2)
    school.add(batch, gone, 3)
    other = make_library("b")
    elsewhere = hold(library=other, record=gone.record, by=BY, at=AT)
    child = make_record("西游记 上", parent_id=gone.record_id)
    keep_original(gone.record, library=school.library, format="row", content=b"1", at=AT)
    post_batch(batch, by=BY, at=AT, on=ON)
    Holding.objects.filter(pk=gone.pk).update(review="held")
    before = state()

    done = merge(gone.record, into=stays.record, by=BY, at=LATER)
    stays.refresh_from_db()
    elsewhere.refresh_from_db()
    child.refresh_from_db()
    assert (stays.on_books, stays.review) == (5, "held")
    assert sorted(stays.items.values_list("copy_number", flat=True)) == [1, 2, 3, 4, 5]
    assert (elsewhere.record_id, child.parent_id) == (stays.record_id, stays.record_id)
    assert stays.record.originals.count() == 1
    assert BibliographicRecord.objects.get(pk=stays.record_id).publisher == "人民文学出版社"
    clean(school)

    part(done, by=BY, at=LATER)
    assert state() == before
    assert gone.record.originals.count() == 1
    clean(school)
    with pytest.raises(Refused) as refused:
        part(done, by=BY, at=LATER)
    assert refused.value.codes == ("cannot_part",)


def test_the_original_that_export_uses_stays_the_one_of_the_record_that_stays(school: School) -> None:
    one, two = school.hold("西游记"), school.hold("西游记（重复）")
    contents = [
        marc.write_iso2709(marc.build_record(marc.Projection(title=t), "cnmarc")) for t in ("甲", "乙")
    ]
    for holding, content in zip((one, two), contents, strict=True):
        keep_original(
            holding.record, library=school.library, format="iso2709", content=content, at=AT, profile="cnmarc"
        )
    done = merge(two.record, into=one.record, by=BY, at=LATER)
    latest = one.record.originals.order_by("-pk").first()
    assert latest is not None
    assert bytes(latest.content) == contents[0]
    assert one.record.originals.count() == 2
    part(done, by=BY, at=LATER)
    assert [bytes(original.content) for original in two.record.originals.all()] == contents[1:]


def test_a_column_changed_since_the_merge_stays_when_it_is_taken_back(school: School) -> None:
    one, two = school.hold("西游记"), school.hold("西游记（重复）", publisher="某社", place="北京")
    done = merge(two.record, into=one.record, by=BY, at=LATER)
    record = BibliographicRecord.objects.get(pk=one.record_id)
    enter_title(record, replace(values_of(record), place="上海"), library=school.library, by=BY, at=LATER)
    part(done, by=BY, at=LATER)
    record.refresh_from_db()
    assert (record.publisher, record.place) == ("", "上海")


def test_a_set_is_not_merged_into_its_own_part(school: School) -> None:
    whole = make_record("四大名著")
    piece = make_record("西游记", parent_id=whole.pk)
    with pytest.raises(Refused) as refused:
        merge(whole, into=piece, by=BY, at=AT)
    assert refused.value.codes == ("merge_into_own_part",)


# Dividing


def test_volumes_get_a_record_of_their_own_and_come_back(school: School) -> None:
    batch = school.draft()
    holding = school.hold("昆虫记")
    items = school.add(batch, holding, 3)
    content = marc.write_iso2709(marc.build_record(marc.Projection(title="昆虫记", edition="2版"), "cnmarc"))
    keep_original(
        holding.record, library=school.library, format="iso2709", content=content, at=AT, profile="cnmarc"
    )
    post_batch(batch, by=BY, at=AT, on=ON)
    before = state()[:2]
    values = replace(values_of(holding.record), title="昆虫记（美绘版）")
    new = split(
        holding.record, [one.pk for one in items[1:]], values, library=school.library, by=BY, at=LATER
    )
    mine = Holding.objects.get(record=new)
    assert (mine.on_books, mine.call_number != holding.call_number) == (2, True)
    assert new.originals.count() == 1
    clean(school)
    done = Operation.objects.get(action="holdings.split")
    join(done.pk, by=BY, at=LATER)
    new.refresh_from_db()
    assert new.deleted_at is not None
    assert state()[:2] == before
    clean(school)
    with pytest.raises(Refused) as refused:
        join(done.pk, by=BY, at=LATER)
    assert refused.value.codes == ("cannot_join",)


def test_a_division_that_has_got_other_volumes_is_not_taken_back(school: School) -> None:
    _batch, items = school.posted(copies=2)
    record = items[0].holding.record
    values = replace(values_of(record), title="西游记（下）")
    new = split(record, [items[0].pk], values, library=school.library, by=BY, at=LATER)
    further = school.draft()
    school.add(further, Holding.objects.get(record=new))
    done = Operation.objects.get(action="holdings.split")
    with pytest.raises(Refused) as refused:
        join(done.pk, by=BY, at=LATER)
    assert refused.value.codes == ("split_grown",)


@pytest.mark.parametrize(
    ("chosen", "code"), [((), "split_nothing"), ((0, 1), "split_all"), ((0, 99), "split_others")]
)
def test_what_cannot_be_divided_is_refused(school: School, chosen: tuple[int, ...], code: str) -> None:
    _batch, items = school.posted(copies=2)
    keys = [items[place].pk if place < 2 else 999_999 for place in chosen]
    with pytest.raises(Refused) as refused:
        split(items[0].holding.record, keys, VALUES, library=school.library, by=BY, at=LATER)
    assert refused.value.codes == (code,)
