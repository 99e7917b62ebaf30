"""What grants allow: where, when, for which class."""

from datetime import date

import pytest

from shuxiang.accounts.access import libraries_of, may, may_enter, needs, scope
from shuxiang.accounts.models import Grant, Role
from shuxiang.accounts.permissions import PERMISSIONS
from shuxiang.accounts.rules import GrantFacts, Scope, scope_of
from shuxiang.accounts.services import copy_role, create_account, end_grant, grant, set_active
from shuxiang.accounts.shipped import ROLES, install
from shuxiang.accounts.tests.conftest import AT, BY, TODAY, MakeAccount
from shuxiang.common.decisions import Refused
from shuxiang.libraries.models import Library
from shuxiang.libraries.services import find_or_open

LEND = frozenset({"desk.lend"})
ALL = Scope(everywhere=True)


@pytest.mark.parametrize(
    ("grants", "library", "day", "expected"),
    [
        ([], 1, TODAY, Scope()),
        ([GrantFacts(LEND, 1, TODAY)], 1, TODAY, ALL),
        ([GrantFacts(LEND, 1, TODAY)], 2, TODAY, Scope()),
        ([GrantFacts(LEND, 1, TODAY)], None, TODAY, Scope()),
        ([GrantFacts(LEND, None, TODAY)], 2, TODAY, ALL),
        ([GrantFacts(LEND, None, TODAY)], None, TODAY, ALL),
        ([GrantFacts(LEND, 1, TODAY)], 1, date(2026, 8, 31), Scope()),
        ([GrantFacts(LEND, 1, TODAY, date(2026, 9, 30))], 1, date(2026, 9, 30), ALL),
        ([GrantFacts(LEND, 1, TODAY, date(2026, 9, 30))], 1, date(2026, 10, 1), Scope()),
        ([GrantFacts(frozenset({"*"}), 1, TODAY)], 1, TODAY, ALL),
        ([GrantFacts(frozenset({"figures.view"}), 1, TODAY)], 1, TODAY, Scope()),
        ([GrantFacts(LEND, 1, TODAY, class_id=7)], 1, TODAY, Scope(class_ids=frozenset({7}))),
        ([GrantFacts(LEND, 1, TODAY, room_id=3)], 1, TODAY, Scope(room_ids=frozenset({3}))),
    ],
)
def test_grants_add_up_to_a_reach(
    grants: list[GrantFacts], library: int | None, day: date, expected: Scope
) -> None:
    found = scope_of(grants, "desk.lend", library, day)
    assert found == expected
    assert bool(found) is (expected != Scope())


def test_a_grant_for_a_class_opens_that_class_only(elm: Library, make_account: MakeAccount) -> None:
    mine, other = (
        find_or_open(library=elm, label=label, school_year="2026-2027", by=BY, at=AT)
        for label in ("三甲", "三乙")
    )
    teacher = make_account("wang", "class_teacher", school_class=mine)
    assert may(teacher, "patrons.view", elm, TODAY, mine)
    assert not may(teacher, "patrons.view", elm, TODAY, other)
    assert not may(teacher, "patrons.view", elm, TODAY)
    assert not may(teacher, "patrons.edit", elm, TODAY, mine)
    assert scope(teacher, "patrons.view", elm, TODAY).class_ids == {mine.pk}


def test_a_closed_account_may_nothing(elm: Library, make_account: MakeAccount) -> None:
    account = make_account()
    assert may(account, "desk.lend", elm, TODAY)
    assert may_enter(account, TODAY)
    set_active(account=account, is_active=False, by=BY, at=AT)
    assert not may(account, "desk.lend", elm, TODAY)
    assert libraries_of(account, TODAY) == []
    assert not may_enter(account, TODAY)


def test_an_ended_grant_opens_nothing_from_the_next_day(elm: Library, make_account: MakeAccount) -> None:
    account = make_account()
    end_grant(grant=Grant.objects.get(account=account), on=TODAY, by=BY, at=AT)
    assert may(account, "desk.lend", elm, TODAY)
    assert not may_enter(account, date(2026, 9, 2))


def test_a_librarian_of_one_school_is_a_stranger_in_the_other(
    elm: Library, oak: Library, make_account: MakeAccount
) -> None:
    account, owner = make_account(), make_account("gao", "owner", library=None)
    assert libraries_of(account, TODAY) == [elm]
    assert not may(account, "desk.lend", oak, TODAY)
    assert set(libraries_of(owner, TODAY)) == {elm, oak}
    assert may(owner, "backup.run", None, TODAY)
    assert not may(account, "backup.run", None, TODAY)


def test_permissions_that_do_not_exist_are_noticed_where_they_are_written(
    elm: Library, make_account: MakeAccount
) -> None:
    with pytest.raises(KeyError):
        needs("desk.lent")
    with pytest.raises(KeyError):
        may(make_account(), "desk.lent", elm, TODAY)


def test_shipped_roles_hold_known_permissions_and_pupils_hold_the_least(elm: Library) -> None:
    held = {permission for _, permissions in ROLES.values() for permission in permissions}
    assert held - {"*"} <= PERMISSIONS.keys()
    assert ROLES["pupil_librarian"][1] == ("desk.lend",)
    assert "desk.history" not in ROLES["inspector"][1]
    assert set(Role.objects.filter(is_shipped=True).values_list("code", flat=True)) == ROLES.keys()


def test_a_schools_own_role_survives_the_next_release(elm: Library, make_account: MakeAccount) -> None:
    shipped = Role.objects.get(code="pupil_librarian")
    own = copy_role(
        role=shipped,
        code="elm-helper",
        name="小帮手",
        permissions=["desk.lend", "figures.view"],
        by=BY,
        at=AT,
    )
    Role.objects.filter(code="inspector").update(permissions=["accounts.grant"])
    install(Role)
    own.refresh_from_db()
    assert own.permissions == ["desk.lend", "figures.view"]
    assert Role.objects.get(code="inspector").permissions == ["figures.view"]
    assert may(make_account("xiao", "elm-helper"), "figures.view", elm, TODAY)
    for code, permissions, reason in (("elm-helper", [], "role_taken"), ("b", ["no"], "permission_unknown")):
        with pytest.raises(Refused) as refused:
            copy_role(role=shipped, code=code, name="x", permissions=permissions, by=BY, at=AT)
        assert refused.value.codes == (reason,)


def test_grants_that_make_no_sense_are_refused(elm: Library, oak: Library, make_account: MakeAccount) -> None:
    account = make_account(role=None)
    foreign = find_or_open(library=oak, label="三甲", school_year="2026-2027", by=BY, at=AT)
    for change, reason in (
        ({"role": "king"}, "role_unknown"),
        ({"school_class": foreign}, "grant_place_elsewhere"),
        ({"library": None, "school_class": foreign}, "grant_place_elsewhere"),
        ({"to_on": date(2026, 8, 1)}, "grant_order"),
    ):
        given = {"role": "librarian", "library": elm, "from_on": TODAY, **change}
        with pytest.raises(Refused) as refused:
            grant(account=account, by=BY, at=AT, **given)  # type: ignore[arg-type]
        assert refused.value.codes == (reason,)


def test_the_same_grant_is_given_once(elm: Library, make_account: MakeAccount) -> None:
    account = make_account()
    again = grant(account=account, role="librarian", library=elm, from_on=date(2026, 9, 5), by=BY, at=AT)
    assert Grant.objects.get(account=account) == again


@pytest.mark.parametrize(
    ("username", "reason"),
    [("", "username_bad"), ("a b", "username_bad"), ("x" * 61, "username_bad"), ("ＬＩＮ", "username_taken")],
)
def test_sign_in_names_are_plain_and_unique(username: str, reason: str, make_account: MakeAccount) -> None:
    make_account("lin")
    with pytest.raises(Refused) as refused:
        create_account(username=username, display_name="x", by=BY, at=AT)
    assert refused.value.codes == (reason,)
