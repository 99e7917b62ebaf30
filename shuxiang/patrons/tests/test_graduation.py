"""Graduation closes cohorts and lets their readers go, once."""

from datetime import date

import pytest

from shuxiang.accounts.access import libraries_of, may_enter
from shuxiang.accounts.models import Role
from shuxiang.accounts.services import create_account, grant
from shuxiang.accounts.shipped import install
from shuxiang.audit import reconcile
from shuxiang.common.decisions import Refused
from shuxiang.libraries import selectors as ground
from shuxiang.libraries.models import Library
from shuxiang.patrons import selectors
from shuxiang.patrons.models import Patron
from shuxiang.patrons.services import (
    add_class_as_patron,
    default_categories,
    graduate_classes,
    leave,
    link_account,
    preview_graduation,
)
from shuxiang.patrons.tests.conftest import AT, BY, LATER, OCTOBER, TODAY, MakeClass, MakePatron

JUNE = date(2027, 6, 30)


def test_the_last_year_leaves_and_nobody_else(
    elm: Library, make_patron: MakePatron, make_class: MakeClass
) -> None:
    six_a, six_b, five = make_class("六甲"), make_class("六乙"), make_class("五甲")
    going = [make_patron("苏小棠", "1", school_class=six_a), make_patron("陆小满", "2", school_class=six_b)]
    staying = make_patron("安心", "3", school_class=five)
    leave(patron=make_patron("转学生", "4", school_class=six_a), on=OCTOBER, by=BY, at=LATER)
    as_class = add_class_as_patron(
        school_class=six_a,
        category=default_categories(elm)["class"],
        card_number="C6",
        on=TODAY,
        by=BY,
        at=AT,
    )
    preview = preview_graduation(elm, "2026-2027", JUNE)
    assert [(row.label, list(row.patrons)) for row in preview] == [("六甲", going[:1]), ("六乙", going[1:])]
    assert not Patron.objects.filter(left_on=JUNE).exists()
    assert graduate_classes(library=elm, school_year="2026-2027", on=JUNE, by=BY, at=LATER) == preview
    assert set(Patron.objects.filter(left_on=JUNE)) == {*going, as_class}
    staying.refresh_from_db()
    assert staying.left_on is None
    assert selectors.open_card(going[0]) is None
    assert selectors.class_label_on(going[0], JUNE) == "六甲"
    assert selectors.class_label_on(going[0], date(2027, 7, 1)) == ""
    assert ground.classes_on(elm, date(2027, 7, 1)) == [five]
    assert graduate_classes(library=elm, school_year="2026-2027", on=JUNE, by=BY, at=LATER) == []
    assert reconcile.run("elm").is_clean


def test_a_pupil_librarian_who_left_signs_in_no_more(
    elm: Library, oak: Library, make_patron: MakePatron, make_class: MakeClass
) -> None:
    install(Role)
    account = create_account(username="helper", display_name="小帮手", by=BY, at=AT)
    patron = make_patron(school_class=make_class("六甲"))
    link_account(patron=patron, account=account, by=BY, at=AT)
    grant(account=account, role="pupil_librarian", library=elm, from_on=TODAY, by=BY, at=AT)
    assert may_enter(account, JUNE)
    graduate_classes(library=elm, school_year="2026-2027", on=JUNE, by=BY, at=LATER)
    assert may_enter(account, JUNE)
    assert not may_enter(account, date(2027, 7, 1))
    grant(account=account, role="pupil_librarian", library=oak, from_on=TODAY, by=BY, at=AT)
    assert libraries_of(account, date(2027, 7, 1)) == [oak]


def test_a_graduation_that_cannot_be_changes_nothing(
    elm: Library, make_patron: MakePatron, make_class: MakeClass
) -> None:
    make_patron(school_class=make_class("六甲"))
    with pytest.raises(Refused):
        graduate_classes(library=elm, school_year="2026-2027", on=date(2027, 9, 30), by=BY, at=LATER)
    assert Patron.objects.get().left_on is None
    assert reconcile.run("elm").is_clean
