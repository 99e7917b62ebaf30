"""Pupil librarians: chosen with an account of their own, trained, on duty, counted, thanked, ended."""

from datetime import date, time, timedelta

import pytest

from shuxiang.accounts.access import grants_of, may, scope
from shuxiang.accounts.models import Account, Role
from shuxiang.accounts.permissions import PERMISSIONS
from shuxiang.accounts.services import account_of_code
from shuxiang.accounts.shipped import install
from shuxiang.audit import reconcile
from shuxiang.circulation.services import check_in, check_out
from shuxiang.circulation.tests.desk import AT, BY, ON, Desk, open_desk
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Refused
from shuxiang.helpers import selectors
from shuxiang.helpers.models import Helper
from shuxiang.helpers.rules import Work
from shuxiang.helpers.services import (
    appoint,
    award,
    decline,
    end,
    hold_training,
    new_card,
    note_served,
    propose,
    put_on_roster,
    take_off_roster,
)
from shuxiang.libraries.services import add_room, set_slot
from shuxiang.patrons.services import leave

UNTIL = date(2027, 1, 31)
NOON, ONE = time(12, 0), time(12, 40)


@pytest.fixture
def desk(db: None) -> Desk:
    install(Role)
    return open_desk()


def appointed(desk: Desk, *, for_all: bool = False) -> Helper:
    helper = propose(desk.pupil, library=desk.library, on=ON, votes=21, by=BY, at=AT)
    return appoint(helper, from_on=ON, to_on=UNTIL, for_all=for_all, by=BY, at=AT)


def account(helper: Helper) -> Account:
    assert helper.account is not None
    return Account.objects.get(pk=helper.account.pk)


def test_the_role_lends_for_the_own_class_and_does_nothing_else(desk: Desk) -> None:
    helper = appointed(desk)
    who = account(helper)
    own = helper.school_class
    assert own is not None
    assert may(who, "desk.lend", desk.library, ON, own)
    assert not may(who, "desk.lend", desk.library, ON)
    for permission in PERMISSIONS.keys() - {"desk.lend"}:
        assert not scope(who, permission, desk.library, ON), permission


def test_for_shifts_the_grant_is_for_everybody_and_ends_with_the_time(desk: Desk) -> None:
    who = account(appointed(desk, for_all=True))
    assert may(who, "desk.lend", desk.library, UNTIL)
    assert not may(who, "desk.lend", desk.library, UNTIL + timedelta(days=1))
    assert not may(who, "desk.lend", desk.library, ON - timedelta(days=1))


def test_a_new_card_opens_once_and_the_one_before_no_more(desk: Desk) -> None:
    helper = appointed(desk)
    first = new_card(helper, by=BY, at=AT)
    second = new_card(helper, by=BY, at=AT)
    assert account_of_code(second, AT) == helper.account
    with pytest.raises(Refused):
        account_of_code(first, AT)


def test_the_end_takes_the_grant_and_closes_the_account(desk: Desk) -> None:
    helper = appointed(desk)
    last = ON + timedelta(days=10)
    end(helper, on=last, by=BY, at=AT)
    who = account(helper)
    assert not who.is_active
    assert grants_of(who) == []
    assert selectors.mine(who, desk.library, last) is None
    with pytest.raises(Refused, match="not_appointed"):
        new_card(helper, by=BY, at=AT)
    again = propose(desk.pupil, library=desk.library, on=last, by=BY, at=AT)
    again = appoint(again, from_on=last, to_on=UNTIL, for_all=False, by=BY, at=AT)
    assert account(again).pk == who.pk
    assert account(again).is_active
    assert reconcile.run(library_code=desk.library.code).is_clean


def test_who_leaves_the_school_helps_no_more(desk: Desk) -> None:
    helper = appointed(desk)
    leave(patron=desk.pupil, on=ON, by=BY, at=AT)
    assert not may(account(helper), "desk.lend", desk.library, ON + timedelta(days=1), helper.school_class)
    assert selectors.appointed(desk.library, ON) == []
    assert selectors.run_out(desk.library, ON) == [helper]


@pytest.mark.parametrize(("who", "code"), [("teacher", "not_a_pupil"), ("pupil", "proposed_already")])
def test_who_cannot_be_proposed(desk: Desk, who: str, code: str) -> None:
    appointed(desk)
    with pytest.raises(Refused, match=code):
        propose(getattr(desk, who), library=desk.library, on=ON, by=BY, at=AT)


def test_a_proposal_is_decided_once_and_a_time_is_a_year_at_most(desk: Desk) -> None:
    helper = propose(desk.pupil, library=desk.library, on=ON, by=BY, at=AT)
    with pytest.raises(Refused, match="time_bad"):
        appoint(helper, from_on=ON, to_on=ON + timedelta(days=401), for_all=False, by=BY, at=AT)
    decline(helper, by=BY, at=AT)
    with pytest.raises(Refused, match="decided_already"):
        decline(helper, by=BY, at=AT)
    assert propose(desk.pupil, library=desk.library, on=ON, by=BY, at=AT).pk != helper.pk


def test_the_roster_follows_the_rotation_table_and_nobody_is_in_two_places(desk: Desk) -> None:
    room = add_room(library=desk.library, code="r", name="阅览室", by=BY, at=AT)
    set_slot(library=desk.library, room=room, weekday=4, starts=NOON, ends=ONE, valid_from=ON, by=BY, at=AT)
    helper = appointed(desk)
    (cell,) = selectors.roster(desk.library, ON)
    assert (cell.room, cell.weekday, cell.duties) == ("阅览室", 4, ())
    duty = put_on_roster(helper, room=room, weekday=4, week="A", starts=NOON, ends=ONE, by=BY, at=AT)
    with pytest.raises(Refused, match="turn_twice"):
        put_on_roster(
            helper, room=room, weekday=4, week="every", starts=time(12, 30), ends=time(13), by=BY, at=AT
        )
    put_on_roster(helper, room=room, weekday=4, week="B", starts=NOON, ends=ONE, by=BY, at=AT)
    assert len(selectors.duties_on(desk.library, ON)) == 1
    assert selectors.duties_on(desk.library, ON + timedelta(days=1)) == []
    take_off_roster(duty, by=BY, at=AT)
    assert len(selectors.roster(desk.library, ON)) == 2  # the empty turn of the table, and week B


def test_acts_hours_and_trainings_are_counted_and_the_best_are_proposed(desk: Desk) -> None:
    helper = appointed(desk)
    child = Actor(account(helper).username, "desk")
    check_out(library=desk.library, patron=desk.other, item=desk.item, at=AT, by=child)
    check_in(library=desk.library, item=desk.item, at=AT + timedelta(hours=1), by=child)
    for _twice in range(2):
        note_served(helper, on=ON, starts=NOON, minutes=40, by=BY, at=AT)
    hold_training(library=desk.library, topic="labels", on=ON, present=[helper.pk], by=BY, at=AT)
    (work,) = selectors.work_of(desk.library, ON, UNTIL)
    assert work == Work(helper.pk, "林知夏", "三（1）班", acts=2, minutes=40, trainings=1)
    given = award(helper, term="2026-autumn", on=UNTIL, by=BY, at=AT)
    assert award(helper, term="2026-autumn", on=UNTIL, by=BY, at=AT) == given
    assert (given.acts, given.minutes) == (2, 40)
    with pytest.raises(Refused, match="not_appointed"):
        note_served(helper, on=ON - timedelta(days=1), starts=NOON, minutes=40, by=BY, at=AT)


@pytest.mark.parametrize(
    ("topic", "present", "code"), [("no", True, "topic_unknown"), ("labels", False, "nobody_present")]
)
def test_a_training_has_a_topic_and_somebody_there(desk: Desk, topic: str, present: bool, code: str) -> None:
    helper = appointed(desk)
    with pytest.raises(Refused, match=code):
        hold_training(
            library=desk.library, topic=topic, on=ON, present=[helper.pk] if present else [], by=BY, at=AT
        )


def test_another_school_is_not_reached(desk: Desk) -> None:
    other = open_desk("b")
    helper = appointed(desk)
    with pytest.raises(Refused, match="bad_proposal"):
        propose(other.pupil, library=desk.library, on=ON, by=BY, at=AT)
    with pytest.raises(Refused, match="nobody_present"):
        hold_training(library=other.library, topic="labels", on=ON, present=[helper.pk], by=BY, at=AT)
    room = add_room(library=other.library, code="r", name="他校", by=BY, at=AT)
    with pytest.raises(Refused, match="turn_bad"):
        put_on_roster(helper, room=room, weekday=4, week="A", starts=NOON, ends=ONE, by=BY, at=AT)
    assert not may(account(helper), "desk.lend", other.library, ON)
    assert selectors.helper_of(other.library, helper.pk) is None
