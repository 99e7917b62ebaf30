"""Holdings and their call numbers (decision 0002)."""

import pytest

from shuxiang.holdings.models import BookNumberSeries, Holding, ShelvingGroup
from shuxiang.holdings.rules import CallNumber, read_call_number
from shuxiang.holdings.services import HoldingValues, ensure_location, hold, hold_many
from shuxiang.holdings.tests.builders import AT, BY, School, make_library, make_record


@pytest.mark.parametrize(
    ("clc", "call_number", "read"),
    [
        ("I18", "", CallNumber("I18", None, "")),
        ("", "I18", CallNumber("I18", None, "")),
        ("", "I247.57/3", CallNumber("I247.57", 3, "")),
        ("I247.57", "I247.57/N2338", CallNumber("I247.57", None, "I247.57/N2338")),
        ("", "I247.57/03", CallNumber("I247.57", None, "I247.57/03")),
        ("", "I247.57/3:2", CallNumber("I247.57", 3, "", ":2")),
        ("", "I247.57/3=2", CallNumber("I247.57", 3, "", "=2")),
        ("", "I247.57/3-2010", CallNumber("I247.57", 3, "", "-2010")),
        ("", "I247.57/3(上)", CallNumber("I247.57", 3, "", "(上)")),
        ("", "I247.57/3/2", CallNumber("I247.57", 3, "", ":2")),
        ("", "I247.57/3 下册", CallNumber("I247.57", 3, "", ":下册")),
        ("", "I247.57/3:", CallNumber("I247.57", 3, "")),
        ("G253.866.9", "G253.866.9/123:1(2)", CallNumber("G253.866.9", 123, "", ":1(2)")),
        ("", "I247.57/3B12", CallNumber("I247.57", None, "I247.57/3B12")),
        ("", "I247.57/100000", CallNumber("I247.57", None, "I247.57/100000")),
        ("", "I247.57/3:" + "x" * 40, CallNumber("I247.57", None, "I247.57/3:" + "x" * 40)),
        ("", "儿童-12", CallNumber("", None, "儿童-12")),
        ("", "", CallNumber("", None, "")),
    ],
)
def test_a_call_number_is_read(clc: str, call_number: str, read: CallNumber) -> None:
    assert read_call_number(clc, call_number) == read


def test_titles_of_a_class_are_numbered_in_their_order(school: School) -> None:
    rows = [
        HoldingValues(record_id=make_record(f"书{n}").pk, clc="I18" if n % 2 else "K82") for n in range(6)
    ]
    held = hold_many(rows, library=school.library, by=BY, at=AT)
    assert [one.call_number for one in held] == ["K82/1", "I18/1", "K82/2", "I18/2", "K82/3", "I18/3"]
    assert all(one.call_number_sort for one in held)


def test_a_record_held_already_keeps_its_number(school: School) -> None:
    first = school.hold()
    again = hold(library=school.library, record=first.record, clc="K82", by=BY, at=AT)
    assert (again.pk, again.call_number) == (first.pk, "I242.4/1")
    assert BookNumberSeries.objects.get().last == 1


def test_two_libraries_and_two_groups_number_independently(school: School) -> None:
    first = school.hold()
    other = hold(library=make_library("xy"), record=first.record, clc="I242.4", by=BY, at=AT)
    group = ShelvingGroup.objects.create(library=school.library, code="kids", name="儿童")
    third = hold(library=school.library, record=first.record, group=group, clc="I242.4", by=BY, at=AT)
    assert first.call_number == other.call_number == third.call_number == "I242.4/1"


def test_numbers_that_came_from_outside_are_kept_and_the_series_goes_on_above(school: School) -> None:
    calls = ["I18/7", "I18", "I18/7", "I18/N23"]
    rows = [
        HoldingValues(record_id=make_record(f"书{n}").pk, call_number=call) for n, call in enumerate(calls)
    ]
    held = hold_many(rows, library=school.library, by=BY, at=AT)
    assert [one.call_number for one in held] == ["I18/7", "I18/8", "I18/9", "I18/N23"]


def test_a_title_that_is_catalogued_gets_the_lowest_number_nothing_bears(school: School) -> None:
    rows = [HoldingValues(record_id=make_record(f"书{n}").pk, call_number=f"I18/{n}") for n in (1, 3, 6)]
    hold_many(rows, library=school.library, by=BY, at=AT)
    numbers = [school.hold(f"新书{n}", clc="I18").book_number for n in range(5)]
    assert numbers == [2, 4, 5, 7, 8]


def test_a_list_that_is_imported_fills_no_gap_because_the_next_part_may_bear_it(school: School) -> None:
    calls = ["I18/3", "I18"]
    rows = [
        HoldingValues(record_id=make_record(f"书{n}").pk, call_number=call) for n, call in enumerate(calls)
    ]
    assert [one.book_number for one in hold_many(rows, library=school.library, by=BY, at=AT)] == [3, 4]


def test_two_titles_share_a_number_when_auxiliary_numbers_tell_them_apart(school: School) -> None:
    calls = ["I18/7:1", "I18/7:2", "I18/7:2", "I18/7"]
    rows = [
        HoldingValues(record_id=make_record(f"书{n}").pk, call_number=call) for n, call in enumerate(calls)
    ]
    held = hold_many(rows, library=school.library, by=BY, at=AT)
    assert [one.call_number for one in held] == ["I18/7:1", "I18/7:2", "I18/8", "I18/7"]
    in_order = sorted(held, key=lambda one: one.call_number_sort)
    assert [one.call_number for one in in_order] == ["I18/7", "I18/7:1", "I18/7:2", "I18/8"]


def test_a_record_without_class_is_held_without_call_number(school: School) -> None:
    holding = school.hold(clc="")
    assert (holding.clc, holding.call_number, holding.book_number) == ("", "", None)


def test_one_record_twice_in_a_list_is_held_once(school: School) -> None:
    record = make_record()
    held = hold_many(
        [HoldingValues(record_id=record.pk, clc="I18")] * 2, library=school.library, by=BY, at=AT
    )
    assert held[0].pk == held[1].pk
    assert Holding.objects.count() == 1


def test_a_location_is_found_by_name_or_made(school: School) -> None:
    first = ensure_location(school.library, " A架1层 ")
    assert ensure_location(school.library, "A架1层") == first
    assert ensure_location(school.library, "") == school.home
    assert first.group == school.home.group
