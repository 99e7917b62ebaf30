"""Class corners: filled, lent from, exchanged, checked at the end of a term."""

import pytest

from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import Outcome, Sitting, preview_check_out
from shuxiang.circulation.tests.desk import AT, BY, START, later
from shuxiang.common.decisions import Refused
from shuxiang.corners import selectors
from shuxiang.corners.services import checks, corner_scan, own, places
from shuxiang.corners.services.lending import CornerScanned
from shuxiang.corners.tests.school import Corners, account, code_of, differences
from shuxiang.holdings.models import Item
from shuxiang.patrons.models import Patron
from shuxiang.patrons.selectors import members_of

pytestmark = pytest.mark.django_db


def scanned(
    school: Corners, code: str, reader: Patron | None = None, days: int = 1, **more: object
) -> CornerScanned:
    sitting = Sitting(school.desk.library, later(days), BY, patron=reader, **more)  # type: ignore[arg-type]
    place = school.corner
    assert place.school_class is not None
    return corner_scan(sitting, place, code, members=members_of(place.school_class, AT.date()))


def test_a_volume_carried_to_a_corner_is_in_its_account_and_comes_home_when_undone(school: Corners) -> None:
    move = school.fill(*school.volumes[:3])
    assert [account(item) for item in school.volumes[:4]] == ["corner"] * 3 + ["shelf"]
    (corner, _other) = selectors.corners_of(school.desk.library, AT.date())
    assert (corner.label, corner.standing, corner.out) == ("三（1）班", 3, 0)
    assert differences() == []
    places.take_back(move, by=BY, at=later(1))
    assert {account(item) for item in school.volumes} == {"shelf"}
    assert differences() == []


def test_a_pupil_borrows_from_the_corner_with_its_own_terms(school: Corners) -> None:
    school.fill(*school.volumes[:2])
    assert scanned(school, "1").result.patron == school.desk.pupil
    lent = scanned(school, code_of(school.volumes[0]), school.desk.pupil).result
    assert lent.outcome is Outcome.LENT
    assert lent.loan is not None
    assert (lent.loan.kind, lent.loan.location_name) == ("corner", school.corner.name)
    assert (lent.loan.due_on - lent.loan.out_on).days >= 7
    again = scanned(school, code_of(school.volumes[1]), school.desk.pupil).result
    assert (again.outcome, again.decision.reasons[0].code) == (Outcome.ASKED, "loan_limit_reached")
    back = scanned(school, code_of(school.volumes[0]), days=2).result
    assert back.outcome is Outcome.RETURNED
    assert account(school.volumes[0]) == "corner"
    assert differences() == []


def test_loans_of_the_corner_and_of_the_library_do_not_count_in_one_limit(school: Corners) -> None:
    school.fill(*school.volumes[:1])
    scanned(school, code_of(school.volumes[0]), school.desk.pupil)
    decision = preview_check_out(
        library=school.desk.library, patron=school.desk.pupil, item=school.volumes[5], at=later(1)
    )
    assert "loan_limit_reached" not in [reason.code for reason in decision.reasons]


def test_a_volume_of_another_place_is_refused_and_named(school: Corners) -> None:
    told = scanned(school, code_of(school.volumes[7]), school.desk.pupil).result
    assert (told.outcome, told.decision.reasons[0].code) == (Outcome.REFUSED, "not_of_corner")
    assert account(school.volumes[7]) == "shelf"


def test_two_classes_exchange_what_stands_in_their_corners_in_one_act(school: Corners) -> None:
    school.fill(*school.volumes[:2])
    school.fill(school.volumes[2], place=school.other_corner)
    scanned(school, code_of(school.volumes[0]), school.desk.pupil)
    move = places.foresee_exchange(school.corner, school.other_corner, by=BY, at=later(2))
    assert account(school.volumes[1]) == "corner"
    places.carry_out(move, by=BY, at=later(2))

    def where() -> list[int]:
        return [item.current_id or 0 for item in map(_fresh, school.volumes[:3])]

    one, other = school.corner.pk, school.other_corner.pk
    assert where() == [one, other, one]  # the first is with a pupil and stays
    assert differences() == []
    places.take_back(move, by=BY, at=later(3))
    assert where() == [one, one, other]
    assert differences() == []


def _fresh(item: Item) -> Item:
    item.refresh_from_db()
    return item


def test_an_exchange_wants_two_corners_with_something_in_them(school: Corners) -> None:
    with pytest.raises(Refused, match="corners_empty"):
        places.foresee_exchange(school.corner, school.other_corner, by=BY, at=AT)
    with pytest.raises(Refused, match="exchange_with_whom"):
        places.foresee_exchange(school.corner, school.corner, by=BY, at=AT)


def test_a_class_has_one_corner(school: Corners) -> None:
    place = school.corner.school_class
    assert place is not None
    with pytest.raises(Refused, match="corner_is_there"):
        places.open_corner(library=school.desk.library, school_class=place, by=BY, at=START)
    with pytest.raises(Refused, match="corner_terms"):
        places.set_terms(school.corner, loan_limit=0, loan_days=7, by=BY, at=AT)


def test_a_check_names_what_is_here_out_missing_and_foreign(school: Corners) -> None:
    here, out, gone, other = school.volumes[:4]
    school.fill(here, out, gone)
    scanned(school, code_of(out), school.desk.pupil)
    check = checks.open_check(school.corner, by=BY, at=later(30))
    assert checks.open_check(school.corner, by=BY, at=later(30)) == check
    for item in (here, other, here):
        checks.scan(check, code_of(item), at=later(30))
    heaps = {heap: [one.title for one in found] for heap, found in checks.standing(check).items() if found}
    titles = [item.holding.record.title for item in (here, out, gone, other)]
    assert heaps == {
        "present": [titles[0]],
        "out": [titles[1]],
        "missing": [titles[2]],
        "foreign": [titles[3]],
    }
    checks.close(check, by=BY, at=later(30))
    assert checks.standing(check)["out"][0].who == school.desk.pupil
    with pytest.raises(Refused, match="check_closed"):
        checks.scan(check, code_of(gone), at=later(31))
    assert checks.settle(check, by=BY, at=later(31)) == (1, 0, 0)
    assert account(gone) == "missing"
    assert differences() == []
    with pytest.raises(Refused, match="check_settled"):
        checks.reopen(check, by=BY, at=later(31))
    assert checks.undo_settle(check, by=BY, at=later(32)) == (1, 0, 0)
    assert account(gone) == "corner"
    checks.reopen(check, by=BY, at=later(32))
    checks.scan(check, code_of(gone), at=later(32))
    assert not checks.standing(check)["missing"]
    assert differences() == []


def test_settling_takes_back_what_was_there_though_lent_and_leaves_what_moved_since(school: Corners) -> None:
    lent, gone, late = school.volumes[:3]
    school.fill(lent, gone, late)
    scanned(school, code_of(lent), school.desk.pupil)
    check = checks.open_check(school.corner, by=BY, at=later(30))
    checks.scan(check, code_of(lent), at=later(30))
    checks.close(check, by=BY, at=later(30))
    assert scanned(school, code_of(late), school.desk.other, days=31).result.outcome is Outcome.LENT
    assert checks.settle(check, by=BY, at=later(32)) == (1, 1, 1)
    assert [account(item) for item in (lent, gone, late)] == ["corner", "missing", "loan"]
    assert differences() == []
    checks.undo_settle(check, by=BY, at=later(33))
    assert [account(item) for item in (lent, gone, late)] == ["loan", "corner", "loan"]
    assert differences() == []


def test_pupils_own_books_are_checked_with_the_rest(school: Corners) -> None:
    mine = [
        own.receive(school.corner, owner=school.desk.pupil, title=title, on=AT.date(), by=BY, at=AT)
        for title in ("小王子", "夏洛的网", "时代广场的蟋蟀")
    ]
    scanned(school, mine[1].code, school.desk.other)
    check = checks.open_check(school.corner, by=BY, at=later(30))
    checks.scan(check, mine[0].code.lower(), at=later(30))
    heaps = checks.standing(check)
    assert [one.title for one in heaps["present"]] == ["小王子"]
    assert [(one.title, one.who) for one in heaps["out"]] == [("夏洛的网", school.desk.other)]
    assert [(one.title, one.who) for one in heaps["missing"]] == [("时代广场的蟋蟀", school.desk.pupil)]
    with pytest.raises(Refused, match="unknown_volume"):
        checks.scan(check, "Z0099", at=later(30))
    assert not Loan.objects.exists()
