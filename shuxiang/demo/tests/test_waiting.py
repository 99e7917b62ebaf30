"""The demonstration's holds, recall, holiday and block are made by the acts everybody uses, and agree."""

from datetime import timedelta

import pytest

from shuxiang.audit import reconcile
from shuxiang.circulation.holdmodels import Hold, Recall, Vacation
from shuxiang.circulation.tests.desk import AT, BY, START, add_book, later, open_desk
from shuxiang.demo.waiting import BACK, fill_waiting
from shuxiang.patrons import stopped
from shuxiang.patrons.services import add_patron


@pytest.mark.django_db
def test_some_wait_some_may_fetch_and_the_rest_is_there() -> None:
    desk = open_desk()
    school_class = desk.pupil.memberships.get().school_class
    for number in range(5):
        add_patron(
            library=desk.library,
            name=f"读者{number}",
            category=desk.pupil.category,
            card_number=f"D{number}",
            on=START.date(),
            by=BY,
            at=START,
            school_class=school_class,
        )
    for number in range(4):
        desk.lend(add_book(desk.library, f"书{number}", copies=1)[0], desk.teacher)
    fill_waiting(desk.library, BY, later(1))
    states = sorted(Hold.objects.values_list("state", flat=True))
    assert states == ["ready"] * BACK + ["waiting"] * 2
    assert (Recall.objects.count(), Vacation.objects.count()) == (1, 1)
    assert len(stopped.in_force(desk.library, (AT + timedelta(days=1)).date())) == 1
    assert [d for d in reconcile.run().differences if not d.allowed] == []


@pytest.mark.django_db
def test_with_nothing_out_nothing_is_made() -> None:
    desk = open_desk()
    fill_waiting(desk.library, BY, later(1))
    assert not Hold.objects.exists()
