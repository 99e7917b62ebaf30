"""What is nobody's property: pupils' own books and drifting books stay beside the books of the school."""

from datetime import timedelta

import pytest

from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import Outcome, Sitting
from shuxiang.circulation.tests.desk import AT, BY, later, open_desk
from shuxiang.common.decisions import Refused
from shuxiang.corners import selectors
from shuxiang.corners.besides import DriftBook, OwnBook
from shuxiang.corners.services import corner_scan, drifting, own
from shuxiang.corners.tests.school import Corners, differences
from shuxiang.figures.registry import number_of
from shuxiang.figures.selectors import scope_of
from shuxiang.holdings.models import Item, Movement, PropertyLine
from shuxiang.patrons.selectors import members_of

pytestmark = pytest.mark.django_db
ON = AT.date()


def mine(school: Corners) -> OwnBook:
    return own.receive(school.corner, owner=school.desk.pupil, title="小王子", on=ON, by=BY, at=AT)


def test_a_pupils_own_book_is_lent_by_the_register_and_goes_home(school: Corners) -> None:
    book = mine(school)
    members = members_of(school.corner.school_class, ON)  # type: ignore[arg-type]

    def scan(**more: object) -> Outcome:
        sitting = Sitting(school.desk.library, later(1), BY, **more)  # type: ignore[arg-type]
        return corner_scan(sitting, school.corner, book.code, members=members).result.outcome

    assert scan() is Outcome.REFUSED  # to whom?
    assert scan(patron=school.desk.other) is Outcome.LENT
    assert [loan.patron for loan in selectors.own_out(school.corner)] == [school.desk.other]
    assert scan() is Outcome.RETURNED
    own.end_own(book, ended="home", by=BY, at=later(30))
    assert not selectors.own_books(school.corner)
    assert scan(patron=school.desk.other) is Outcome.UNKNOWN  # its number is nobody's any more
    own.reopen_own(book, by=BY, at=later(31))
    assert selectors.own_books(school.corner).get() == book
    assert differences() == []


def test_an_own_book_is_not_lent_to_its_owner_twice_or_before_it_came(school: Corners) -> None:
    book = mine(school)
    with pytest.raises(Refused, match="own_to_owner"):
        own.lend_own(book, school.desk.pupil, on=ON, by=BY, at=AT)
    with pytest.raises(Refused, match="own_too_early"):
        own.lend_own(book, school.desk.other, on=ON - timedelta(days=1), by=BY, at=AT)
    own.lend_own(book, school.desk.other, on=ON, by=BY, at=AT)
    with pytest.raises(Refused, match="own_not_there"):
        own.lend_own(book, school.desk.other, on=ON, by=BY, at=AT)


def test_what_is_nobodys_property_touches_no_ledger_no_shelf_and_no_loan(school: Corners) -> None:
    def books() -> list[int]:
        return [model.objects.count() for model in (Item, PropertyLine, Movement, Loan)]

    volumes = number_of("holdings.volumes", scope_of(school.desk.library, "2026-10", later(60).date()))
    before = books()
    own.lend_own(mine(school), school.desk.other, on=ON, by=BY, at=AT)
    drift = drifting.release(library=school.desk.library, title="窗边的小豆豆", on=ON, by=BY, at=AT)
    drifting.hop(drift, on=ON, patron=school.desk.pupil, by=BY, at=AT)
    assert books() == before
    scope = scope_of(school.desk.library, "2026-10", later(60).date())
    assert number_of("holdings.volumes", scope) == volumes
    assert number_of("circulation.loans", scope) == 0
    assert number_of("corners.own_loans", scope) == 1
    assert number_of("corners.drift_hops", scope) == 1
    assert differences() == []


def test_a_drifting_book_passes_from_hand_to_hand_until_it_ends(school: Corners) -> None:
    library = school.desk.library
    book = drifting.release(library=library, title="窗边的小豆豆", giver="赵老师", on=ON, by=BY, at=AT)
    assert book.code == "P0001"
    drifting.hop(book, on=ON + timedelta(days=3), patron=school.desk.pupil, by=BY, at=later(5))
    drifting.hop(book, on=ON + timedelta(days=1), who="门卫李师傅", place="传达室", by=BY, at=later(5))
    assert [hop.class_label for hop in book.hops.order_by("on")] == ["", "三（1）班"]
    for day, code in ((ON - timedelta(days=1), "hop_too_early"), (ON + timedelta(days=60), "day_to_come")):
        with pytest.raises(Refused, match=code):
            drifting.hop(book, on=day, who="某人", by=BY, at=later(5))
    with pytest.raises(Refused, match="hop_by_nobody"):
        drifting.hop(book, on=ON, by=BY, at=later(5))
    drifting.end(book, "lost", by=BY, at=later(9))
    with pytest.raises(Refused, match="drift_ended"):
        drifting.hop(book, on=ON, who="某人", by=BY, at=later(9))
    drifting.find(book, by=BY, at=later(12))
    assert drifting.hop(book, on=ON, who="某人", by=BY, at=later(12)).pk
    assert differences() == []


def test_a_comment_is_seen_by_the_public_only_once_it_was_let(school: Corners) -> None:
    book = drifting.release(library=school.desk.library, title="窗边的小豆豆", on=ON, by=BY, at=AT)
    said = drifting.comment(book, "我也想上这样的学校。", signed="林知夏", by=BY, at=AT)
    assert not selectors.shown_comments(book)
    drifting.judge_comment(book, said.pk, "shown", by=BY, at=AT)
    assert selectors.shown_comments(book).get() == said
    drifting.judge_comment(book, said.pk, "hidden", by=BY, at=AT)
    assert not selectors.shown_comments(book)
    with pytest.raises(Refused, match="comment_empty"):
        drifting.comment(book, "  ", by=BY, at=AT)


def test_the_same_form_sent_twice_releases_one_book(school: Corners) -> None:
    key = school.volumes[0].uuid
    made = {
        drifting.release(
            library=school.desk.library, title="草房子", on=ON, by=BY, at=AT, operation_id=key
        ).pk
        for _ in range(2)
    }
    assert len(made) == 1
    assert DriftBook.objects.count() == 1


def test_nothing_is_taken_from_another_school(school: Corners) -> None:
    elsewhere = open_desk("b")
    with pytest.raises(Refused, match="reader_elsewhere"):
        own.receive(school.corner, owner=elsewhere.pupil, title="小王子", on=ON, by=BY, at=AT)
    book = drifting.release(library=school.desk.library, title="草房子", on=ON, by=BY, at=AT)
    with pytest.raises(Refused, match="reader_elsewhere"):
        drifting.hop(book, on=ON, patron=elsewhere.pupil, by=BY, at=AT)
    assert selectors.drift_book(elsewhere.library, book.pk) is None
    assert selectors.own_by_code(elsewhere.library, mine(school).code) is None
