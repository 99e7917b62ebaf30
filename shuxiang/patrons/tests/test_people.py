"""Readers come, change, move, leave, come back; the audit trail knows what happened and names nobody."""

from datetime import date

import pytest

from shuxiang.accounts.services import create_account
from shuxiang.audit import reconcile
from shuxiang.audit.models import Operation
from shuxiang.audit.operations import OperationMismatch
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.libraries.models import Library
from shuxiang.patrons import selectors
from shuxiang.patrons.models import Card, Patron, PatronCategory
from shuxiang.patrons.services import (
    add_category,
    add_class_as_patron,
    change_patron,
    come_back,
    default_categories,
    leave,
    link_account,
    move_class,
    remove_patron,
)
from shuxiang.patrons.tests.conftest import AT, BY, LATER, OCTOBER, TODAY, MakeClass, MakePatron


def codes_of(call: object, **arguments: object) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        call(**arguments)  # type: ignore[operator]
    return refused.value.codes


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("primary", ["pupil", "teacher", "staff", "class", "group"]),
        ("public", ["citizen", "child", "staff", "group", "library"]),
    ],
)
def test_the_kind_of_library_gives_the_first_categories(kind: str, codes: list[str], elm: Library) -> None:
    Library.objects.update(kind=kind)
    elm.refresh_from_db()
    assert list(default_categories(elm)) == codes
    PatronCategory.objects.filter(code="staff").update(name="后勤")
    assert default_categories(elm)["staff"].name == "后勤"
    assert PatronCategory.objects.count() == 5


def test_a_category_of_ones_own_has_a_code_of_its_own(elm: Library) -> None:
    default_categories(elm)
    assert (
        add_category(library=elm, code="boarder", name="住校生", kind="pupil", by=BY, at=AT).kind == "pupil"
    )
    assert codes_of(add_category, library=elm, code="pupil", name="x", kind="king", by=BY, at=AT) == (
        "category_taken",
        "category_kind_unknown",
    )


def test_a_new_reader_has_a_card_a_class_and_pinyin(make_patron: MakePatron, make_class: MakeClass) -> None:
    patron = make_patron("单小棠", school_class=make_class("三甲"), class_number=7)
    assert (patron.name_pinyin, patron.name_initials) == ("shanxiaotang", "sxt")
    card = selectors.find_card(patron.library, "0001")
    assert card is not None
    assert card.patron == patron
    membership = selectors.membership_on(patron, TODAY)
    assert membership is not None
    assert (membership.number, selectors.class_label_on(patron, TODAY)) == (7, "三甲")
    assert selectors.class_label_on(patron, date(2027, 10, 1)) == "四甲"
    assert selectors.grade_on(patron, date(2027, 10, 1)) == 4
    assert selectors.class_label_on(patron, date(2026, 8, 31)) == ""


def test_namesakes_stay_different_people(make_patron: MakePatron, elm: Library) -> None:
    one, other = make_patron("李想", "0001"), make_patron("李想", "0002")
    assert one != other
    assert selectors.search(elm, "李想") == [one, other]


def test_a_retried_act_makes_one_reader(make_patron: MakePatron) -> None:
    operation = uuid7()
    first = make_patron(operation=operation)
    assert make_patron(operation=operation) == first
    assert Patron.objects.count() == 1
    with pytest.raises(OperationMismatch):
        make_patron("别人", operation=operation)


def test_a_reader_cannot_be_made_with_another_schools_class_or_category(
    make_patron: MakePatron, make_class: MakeClass, oak: Library
) -> None:
    foreign = make_class("三甲", oak)
    assert codes_of(make_patron, school_class=foreign) == ("patron_of_other_library",)
    assert codes_of(make_patron, category=default_categories(oak)["pupil"]) == ("patron_of_other_library",)
    patron = make_patron()
    moved = {"patron": patron, "school_class": foreign, "on": OCTOBER, "by": BY, "at": LATER}
    assert codes_of(move_class, **moved) == ("patron_of_other_library",)
    assert Patron.objects.count() == 1
    assert not Card.objects.exclude(patron=patron).exists()


def test_only_what_is_given_changes(make_patron: MakePatron) -> None:
    patron = make_patron(loan_limit=3)
    changed = change_patron(patron=patron, name="苏晓棠", by=BY, at=LATER)
    assert (changed.name, changed.name_initials, changed.loan_limit) == ("苏晓棠", "sxt", 3)
    assert changed.modified_at == LATER
    assert change_patron(patron=patron, loan_limit=None, by=BY, at=LATER).loan_limit is None
    change_patron(patron=patron, name="苏晓棠", by=BY, at=LATER)
    details = list(Operation.objects.filter(action="patrons.change_patron").values_list("detail", flat=True))
    assert details == [{"changed": ["name"]}, {"changed": ["loan_limit"]}]


def test_the_audit_trail_names_no_reader(make_patron: MakePatron, make_class: MakeClass) -> None:
    patron = make_patron("苏小棠", "S0001", school_class=make_class("三甲"))
    change_patron(patron=patron, name="苏晓棠", by=BY, at=LATER)
    leave(patron=patron, on=OCTOBER, by=BY, at=LATER)
    remove_patron(patron=patron, by=BY, at=LATER)
    kept = str(list(Operation.objects.values("subject", "result", "detail")))
    assert not any(word in kept for word in ("苏", "S0001"))


def test_moving_to_another_class_ends_the_one_before(make_patron: MakePatron, make_class: MakeClass) -> None:
    first, second = make_class("三甲"), make_class("三乙")
    patron = make_patron(school_class=first)
    move_class(patron=patron, school_class=second, number=4, on=OCTOBER, by=BY, at=LATER)
    labels = [selectors.class_label_on(patron, day) for day in (TODAY, date(2026, 10, 11), OCTOBER)]
    assert labels == ["三甲", "三甲", "三乙"]
    assert (selectors.readers_of(first, OCTOBER), selectors.readers_of(second, OCTOBER)) == ([], [patron])
    again = {"patron": patron, "school_class": first, "on": OCTOBER, "by": BY, "at": LATER}
    assert codes_of(move_class, **again) == ("move_too_early",)
    same = move_class(patron=patron, school_class=second, number=9, on=OCTOBER, by=BY, at=LATER)
    assert same is not None
    assert (same.number, patron.memberships.count()) == (9, 2)
    move_class(patron=patron, school_class=None, on=date(2026, 11, 1), by=BY, at=LATER)
    assert selectors.class_label_on(patron, date(2026, 11, 1)) == ""
    assert reconcile.run("elm").is_clean


def test_in_a_mixed_grade_class_the_own_entry_year_gives_the_grade(
    make_patron: MakePatron, make_class: MakeClass
) -> None:
    mixed = make_class("一年级")
    older = make_patron(school_class=mixed, entry_year=2025)
    younger = make_patron("陆小满", "0002", school_class=mixed)
    assert [selectors.grade_on(each, TODAY) for each in (older, younger)] == [2, 1]
    teacher = make_patron("林老师", "0003", category=default_categories(mixed.library)["teacher"])
    assert selectors.grade_on(teacher, TODAY) is None


def test_leaving_closes_card_and_class_and_coming_back_opens_them(
    make_patron: MakePatron, make_class: MakeClass
) -> None:
    school_class = make_class("三甲")
    patron = leave(patron=make_patron(school_class=school_class), on=OCTOBER, by=BY, at=LATER)
    card = Card.objects.get()
    assert (card.ended, card.to_at, patron.left_on) == ("left", LATER, OCTOBER)
    assert selectors.readers_of(school_class, OCTOBER) == [patron]
    assert selectors.readers_of(school_class, date(2026, 10, 13)) == []
    assert reconcile.run("elm").is_clean
    assert codes_of(leave, patron=patron, on=OCTOBER, by=BY, at=LATER) == ("patron_left_already",)
    back = come_back(patron=patron, school_class=school_class, on=date(2026, 11, 1), by=BY, at=LATER)
    assert selectors.open_card(back) == card
    assert selectors.class_label_on(back, date(2026, 11, 1)) == "三甲"
    again = {"patron": back, "on": OCTOBER, "by": BY, "at": LATER}
    assert codes_of(come_back, **again) == ("patron_never_left",)
    assert codes_of(leave, patron=back, on=date(2026, 8, 1), by=BY, at=LATER) == (
        "patron_left_before_joining",
    )


def test_a_class_can_borrow_and_is_named_by_its_label_of_the_day(elm: Library, make_class: MakeClass) -> None:
    categories = default_categories(elm)
    given = {"school_class": make_class("三甲"), "card_number": "C31", "on": TODAY, "by": BY, "at": AT}
    patron = add_class_as_patron(category=categories["class"], **given)  # type: ignore[arg-type]
    assert [selectors.class_label_on(patron, day) for day in (TODAY, date(2027, 9, 1))] == ["三甲", "四甲"]
    assert codes_of(add_class_as_patron, category=categories["class"], **given) == ("class_is_patron",)
    other = {**given, "school_class": make_class("三乙"), "card_number": "C32"}
    assert codes_of(add_class_as_patron, category=categories["pupil"], **other) == ("category_not_for_class",)


def test_an_account_belongs_to_one_reader(make_patron: MakePatron) -> None:
    account = create_account(username="su", display_name="苏", by=BY, at=AT)
    one, other = make_patron(), make_patron("陆小满", "0002")
    assert link_account(patron=one, account=account, by=BY, at=AT).account == account
    given = {"patron": other, "account": account, "by": BY, "at": AT}
    assert codes_of(link_account, **given) == ("account_linked_already",)
    link_account(patron=one, account=None, by=BY, at=AT)
    assert link_account(**given).account == account  # type: ignore[arg-type]


def test_a_removed_reader_leaves_a_nameless_tombstone_and_a_used_number(
    make_patron: MakePatron, elm: Library
) -> None:
    remove_patron(patron=make_patron(), by=BY, at=LATER)
    tombstone = Patron.objects.get()
    assert (tombstone.name, tombstone.name_pinyin, tombstone.deleted_at) == ("", "", LATER)
    assert selectors.search(elm, "苏小棠") == []
    assert selectors.find_card(elm, "0001") is None
    assert codes_of(make_patron, name="别人") == ("card_number_used_before",)
    assert reconcile.run("elm").is_clean
