"""Call numbers are seen with their gaps, changed by an act, taken back, and compared by reconcile."""

from uuid import uuid4

import pytest

from shuxiang.audit import reconcile
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.holdings import callnumbers
from shuxiang.holdings.messages import say
from shuxiang.holdings.models import BookNumberSeries, Holding
from shuxiang.holdings.services import HoldingValues, hold_many
from shuxiang.holdings.services.renumbering import change_call_number, undo_call_number
from shuxiang.holdings.tests.builders import AT, BY, LATER, School, make_library, make_record

# Call numbers of public CNMARC records, in the order in which the volumes stand: Beijing Normal University (905, 906 and
# the holdings beside them, from the samples of DigitalPlatform/dp2) and Shanghai International Studies University (999,
# from luojian220/ImportTable), which writes a number of its own in front.
ON_REAL_SHELVES = {
    "D668/4": "D668/4",
    "D668/bnu4": "D668/bnu4",
    "F124 26": "F124/26",
    "36/I313.45/4181": "I313.45/4181",
    "36/I313.65/767": "I313.65/767",
    "2007\\Z121.6\\1": "Z121.6/1",  # the National Library's own form
}
# Every kind of sign the notation has, and every kind of auxiliary number.
IN_ORDER = [
    "B-4/1", "B221.5/7:2", "G253.866.9/123:1(2)", "G633.34/8", "G633.34/12", "H319.4/5", "H319.4:I561.33/5",
    "I242.4/2", "I242.4/2:2", "I242.4/2:10", "I247-49/1", "I247(711)/1", "I247=6/1", "I247.5/9", "I247.57/8", "I247.57/9=2",
    "I247.57/88", "I247.57/N2338", "I25/1", "I287.45/6(上)", "I287.45/6(中)", "I287.45/6(下)", 'J523.2"17"+3:G5/1',
    "K825.6=6/3", "TP312/2", "TP312JA/1", "X-019/1", "X4/2",
]  # fmt: skip


def in_class(school: School, clc: str) -> list[callnumbers.NumberLine]:
    group = school.home.group
    return callnumbers.numbers_of(list(callnumbers.in_class(school.library, group, clc)))


def numbered(school: School, *calls: str) -> list[Holding]:
    rows = [
        HoldingValues(record_id=make_record(f"书{n}").pk, call_number=call) for n, call in enumerate(calls)
    ]
    return hold_many(rows, library=school.library, by=BY, at=AT)


def in_shelf_order() -> list[str]:
    return list(Holding.objects.order_by("call_number_sort").values_list("call_number", flat=True))


def test_real_call_numbers_are_read_and_ordered_by_the_column(school: School) -> None:
    numbered(school, *sorted(ON_REAL_SHELVES, key=lambda one: one[::-1]))
    assert in_shelf_order() == list(ON_REAL_SHELVES.values())


def test_all_signs_of_the_notation_are_ordered_by_the_column(school: School) -> None:
    for number, call in enumerate(sorted(IN_ORDER, key=lambda one: one[::-1])):
        change_call_number(school.hold(f"书{number}", clc=""), call, by=BY, at=AT)
    assert in_shelf_order() == IN_ORDER
    assert reconcile.run().differences == ()


def test_the_numbers_of_a_class_are_listed_with_their_gaps(school: School) -> None:
    numbered(school, "I18/1", "I18/2:1", "I18/2:2", "I18/6", "I18/N23", "K82/1")
    lines = in_class(school, "I18")
    assert [(line.number, len(line.holdings), line.gap) for line in lines] == [
        (1, 1, None),
        (2, 2, None),
        (3, 0, callnumbers.Gap(3, 5)),
        (6, 1, None),
    ]
    (first, second) = callnumbers.classes_of(school.library, school.home.group)
    assert (first.clc, first.titles, first.unnumbered, first.last) == ("I18", 5, 1, 6)
    assert (second.clc, second.titles, second.last) == ("K82", 1, 1)
    assert [one.clc for one in callnumbers.classes_of(school.library, school.home.group, "K8")] == ["K82"]


def test_the_next_call_number_is_said_without_being_taken(school: School) -> None:
    numbered(school, "I18/1", "I18/3")
    group = school.home.group
    assert callnumbers.next_call_number(school.library, group, "I18") == "I18/2"
    assert callnumbers.next_call_number(school.library, group, "I18") == "I18/2"
    assert callnumbers.next_call_number(school.library, group, "K82") == "K82/1"
    assert callnumbers.next_call_number(school.library, group, "童话") == ""


@pytest.mark.parametrize(
    ("typed", "given"),
    [
        ("I18/7", "I18/7"),
        ("I18/2", "I18/2"),
        ("i18/7:2", "I18/7:2"),
        ("K82", "K82/1"),
        ("I247.57/N2338", "I247.57/N2338"),
        ("儿童-12", "儿童-12"),
    ],
)
def test_a_call_number_is_changed_and_the_change_taken_back(school: School, typed: str, given: str) -> None:
    first, second = numbered(school, "I18/1", "I18/3")
    done = change_call_number(second, typed, by=BY, at=LATER)
    second.refresh_from_db()
    assert second.call_number == given
    assert second.modified_at == LATER
    assert reconcile.run().differences == ()
    undo_call_number(done.pk, library_code=school.library.code, by=BY, at=LATER)
    second.refresh_from_db()
    assert (second.call_number, second.clc, second.book_number) == ("I18/3", "I18", 3)
    assert reconcile.run().differences == ()
    assert first.call_number == "I18/1"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("I18/1", "call_number_taken"),
        ("I18/3", "call_number_same"),
        ("I18", "call_number_same"),
        ("L12/3", "class_faulty"),
        ("I24@7/3", "class_faulty"),
        ("TA1", "class_faulty"),
        ("K25(71/3", "class_faulty"),
    ],
)
def test_a_call_number_that_cannot_be_is_refused_in_words(school: School, typed: str, code: str) -> None:
    _first, second = numbered(school, "I18/1", "I18/3")
    with pytest.raises(Refused) as refusal:
        change_call_number(second, typed, by=BY, at=LATER)
    assert refusal.value.codes == (code,)
    assert "%(" not in say(refusal.value.decision.reasons[0])
    second.refresh_from_db()
    assert second.call_number == "I18/3"


def test_a_number_that_was_given_up_goes_to_the_next_title(school: School) -> None:
    first, _second = numbered(school, "I18/1", "I18/2")
    change_call_number(first, "K82", by=BY, at=LATER)
    assert school.hold("新书", clc="I18").call_number == "I18/1"


def test_a_change_is_not_taken_back_over_another_title_or_a_later_change(school: School) -> None:
    first, second = numbered(school, "I18/1", "I18/2")
    done = change_call_number(first, "K82", by=BY, at=LATER)
    change_call_number(second, "I18/1", by=BY, at=LATER)
    with pytest.raises(Refused) as refusal:
        undo_call_number(done.pk, library_code=school.library.code, by=BY, at=LATER)
    assert refusal.value.codes == ("call_number_taken",)
    change_call_number(first, "K82/9", by=BY, at=LATER)
    with pytest.raises(Refused) as refusal:
        undo_call_number(done.pk, library_code=school.library.code, by=BY, at=LATER)
    assert refusal.value.codes == ("changed_since",)


def test_a_change_of_another_library_or_none_cannot_be_taken_back(school: School) -> None:
    (held,) = numbered(school, "I18/1")
    done = change_call_number(held, "K82", by=BY, at=LATER)
    for key, code in ((done.pk, make_library("xy").code), (uuid4(), school.library.code)):
        with pytest.raises(Refused) as refusal:
            undo_call_number(key, library_code=code, by=BY, at=LATER)
        assert refusal.value.codes == ("change_unknown",)


def test_a_change_sent_twice_is_made_once(school: School) -> None:
    (held,) = numbered(school, "I18/1")
    key = uuid7()
    for _ in range(2):
        change_call_number(Holding.objects.get(pk=held.pk), "I18/5", by=BY, at=LATER, operation_id=key)
    assert Holding.objects.get().call_number == "I18/5"
    assert BookNumberSeries.objects.get().last == 5


def test_reconcile_names_a_call_number_that_is_not_its_parts_or_out_of_order(school: School) -> None:
    first, second = numbered(school, "I18/1", "I18/2")
    Holding.objects.filter(pk=first.pk).update(call_number="I18/9")
    Holding.objects.filter(pk=second.pk).update(call_number_sort="0")
    found = reconcile.run().differences
    assert [(one.code, one.subject) for one in found] == [
        ("call_number_not_its_parts", f"holdings.holding:{first.pk}"),
        ("call_number_misplaced", f"holdings.holding:{first.pk}"),
        ("call_number_misplaced", f"holdings.holding:{second.pk}"),
    ]
    assert "I18/9" in reconcile.describe(found[0])
