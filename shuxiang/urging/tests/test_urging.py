"""Urging: what is overdue by class, counted per loan, named on the wall with a star, sent to whom agreed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from shuxiang.audit import reconcile
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import check_in
from shuxiang.circulation.tests.desk import AT, BY, ON, Desk, later, open_desk
from shuxiang.common.decisions import Refused
from shuxiang.common.schoolyear import Period
from shuxiang.figures import registry
from shuxiang.figures.registry import Scope
from shuxiang.outbox import selectors as outbox
from shuxiang.outbox.services import SenderValues, choose_sender
from shuxiang.urging import selectors
from shuxiang.urging.models import Contact, Round
from shuxiang.urging.rules import is_often, masked
from shuxiang.urging.services import (
    Paper,
    forget_contact,
    mark_urged,
    save_contact,
    send_to_class,
    send_to_reader,
    show_full_names,
    take_back,
)

LATE, LATE_ON = later(20), ON + timedelta(days=20)  # pupils' loans of 14 days are 6 days late
PAPER = Paper("催还", "《西游记》")


@pytest.fixture
def desk(db: None) -> Desk:
    """Two pupils are late, the teacher is not."""
    desk = open_desk()
    desk.lend(desk.items[0], desk.pupil)
    desk.lend(desk.items[1], desk.other)
    desk.lend(desk.items[2], desk.teacher)
    return desk


def loans(desk: Desk) -> list[int]:
    return [loan.pk for loan in selectors.overdue_loans(desk.library, LATE_ON)]


def urge(desk: Desk, way: str = "slip", days: int = 20, **more: object) -> Round:
    return mark_urged(loans(desk), library=desk.library, way=way, at=later(days), by=BY, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张三", "张*"), ("欧阳修文", "欧*"), ("阿依努尔·买买提", "阿*"), ("Li Hua", "L*"), (" ", "")],
)
def test_a_name_on_the_wall_is_its_first_sign_and_a_star(name: str, shown: str) -> None:
    assert masked(name) == shown


def test_the_third_time_is_shown_apart() -> None:
    assert [is_often(n) for n in (0, 2, 3, 7)] == [False, False, True, True]


def test_what_is_overdue_stands_class_by_class_with_its_days(desk: Desk) -> None:
    [group] = selectors.overdue(desk.library, LATE_ON)
    assert (group.label, group.volumes, group.readers) == ("三（1）班", 2, 2)
    assert [(row.days, row.times, row.masked_name) for row in group.rows] == [(6, 0, "林*"), (6, 0, "周*")]
    labels = [group.label for group in selectors.overdue(desk.library, ON + timedelta(days=60))]
    assert labels == ["三（1）班", ""]
    assert selectors.overdue(desk.library, LATE_ON, classes={0}) == []


def test_urging_is_counted_loan_by_loan_and_kept_when_the_volume_comes_back(desk: Desk) -> None:
    urge(desk)
    check_in(library=desk.library, item=desk.items[1], at=later(21), by=BY)
    urge(desk, "word", 22)
    [group] = selectors.overdue(desk.library, LATE_ON + timedelta(days=2))
    assert [(row.times, row.last_on) for row in group.rows] == [(2, LATE_ON + timedelta(days=2))]
    first, second = Loan.objects.filter(patron__in=[desk.pupil, desk.other]).order_by("pk")
    assert selectors.times_urged([first.pk, second.pk]) == {first.pk: 2, second.pk: 1}
    assert [(u.round.way, u.days_late) for u in selectors.history_of(first)] == [("slip", 6), ("word", 8)]
    assert [(r.urged, r.returned) for r in selectors.rounds_of(desk.library)] == [(1, 0), (2, 1)]  # type: ignore[attr-defined]
    assert reconcile.run().is_clean


def test_what_came_back_meanwhile_is_left_out_and_nothing_left_is_refused(desk: Desk) -> None:
    wanted = loans(desk)
    for item in desk.items[:2]:
        check_in(library=desk.library, item=item, at=later(20), by=BY)
    with pytest.raises(Refused) as refused:
        mark_urged(wanted, library=desk.library, way="slip", at=LATE, by=BY)
    assert refused.value.codes == ("nothing_overdue",)
    assert not Round.objects.exists()


def test_the_same_act_twice_is_one_round_and_a_mistake_counts_no_more(desk: Desk) -> None:
    key = uuid4()
    made = urge(desk, operation_id=key)
    assert urge(desk, operation_id=key) == made
    take_back(made, at=LATE, by=BY)
    assert selectors.times_urged(loans(desk)) == {}
    with pytest.raises(Refused) as refused:
        take_back(made, at=LATE, by=BY)
    assert refused.value.codes == ("taken_back_already",)


def sends(desk: Desk) -> None:
    values = SenderValues("smtp", "mail.example.com", 465, "tls", "", "tushuguan@example.com")
    choose_sender(library=desk.library, values=values, at=AT, by=BY)


def teacher(desk: Desk) -> Contact:
    [group] = selectors.overdue(desk.library, LATE_ON)
    school_class = selectors.class_of(desk.library, group.school_class_id or 0)
    assert school_class is not None
    return save_contact(
        library=desk.library, of=school_class, name="沈老师", address="shen@example.com", at=AT, by=BY
    )


def test_a_message_to_the_class_teacher_waits_in_the_outbox_and_counts_as_urged(desk: Desk) -> None:
    contact = teacher(desk)
    with pytest.raises(Refused) as refused:
        send_to_class(loans(desk), contact, PAPER, at=LATE, by=BY)
    assert refused.value.codes == ("no_sender",)
    assert not Round.objects.exists()
    sends(desk)
    made = send_to_class(loans(desk), contact, PAPER, at=LATE, by=BY, operation_id=uuid4())
    [message] = outbox.messages_of(desk.library)
    assert (message.to_address, message.about) == ("shen@example.com", f"urging.round:{made.pk}")
    assert set(selectors.times_urged(loans(desk)).values()) == {1}
    take_back(made, at=LATE, by=BY)
    message.refresh_from_db()
    assert message.state == "cancelled"


def test_parents_are_written_to_only_where_somebody_noted_that_they_agreed(desk: Desk) -> None:
    def save(consent: str) -> Contact:
        return save_contact(
            library=desk.library, of=desk.pupil, name="林知夏的家长", address="jz@example.com", consent=consent,
            at=AT, by=BY,
        )  # fmt: skip

    with pytest.raises(Refused) as refused:
        save(" ")
    assert refused.value.codes == ("no_consent",)
    contact = save("2026-09-01 家长签字单")
    sends(desk)
    mine = [loan.pk for loan in selectors.overdue_loans(desk.library, LATE_ON) if loan.patron == desk.pupil]
    with pytest.raises(Refused) as refused:
        send_to_reader(loans(desk), contact, PAPER, at=LATE, by=BY)
    assert refused.value.codes == ("loan_of_other",)
    send_to_reader(mine, contact, PAPER, at=LATE, by=BY)
    assert selectors.times_urged(loans(desk)) == {mine[0]: 1}
    forget_contact(contact, at=LATE, by=BY)
    assert not Contact.objects.exists()


@pytest.mark.parametrize(("wrong", "code"), [({"address": "x"}, "bad_address"), ({"name": " "}, "no_name")])
def test_half_a_contact_is_refused(desk: Desk, wrong: dict[str, str], code: str) -> None:
    values = {"name": "沈老师", "address": "shen@example.com", "consent": "签字单"} | wrong
    with pytest.raises(Refused) as refused:
        save_contact(library=desk.library, of=desk.pupil, at=AT, by=BY, **values)  # type: ignore[arg-type]
    assert refused.value.codes == (code,)


def test_whole_names_hang_on_the_wall_only_when_the_school_says_so(desk: Desk) -> None:
    assert not selectors.shows_full_names(desk.library)
    show_full_names(library=desk.library, shows=True, at=AT, by=BY)
    assert selectors.shows_full_names(desk.library)


def test_another_school_is_neither_seen_nor_urged(
    desk: Desk, django_assert_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    other = open_desk("b")
    with pytest.raises(Refused):
        mark_urged(loans(desk), library=other.library, way="slip", at=LATE, by=BY)
    contact = teacher(desk)
    assert selectors.contact_of(other.library, contact.pk) is None
    assert selectors.loan_of(other.library, loans(desk)[0]) is None
    with pytest.raises(Refused) as refused:
        save_contact(library=other.library, of=desk.pupil, name="x", address="x@example.com", at=AT, by=BY)
    assert refused.value.codes == ("of_other_library",)
    with django_assert_num_queries(0):
        assert selectors.times_urged([]) == {}


def test_figures_count_each_urged_loan_once_and_what_came_back(desk: Desk) -> None:
    urge(desk)
    urge(desk, "wall", 21)
    check_in(library=desk.library, item=desk.items[1], at=later(22), by=BY)
    scope = Scope(desk.library, Period("2026-11", date(2026, 11, 1), date(2026, 11, 30)))
    urged, returned = registry.get("urging.urged"), registry.get("urging.returned")
    assert urged.value(scope).number == 2
    assert returned.value(scope).number == Decimal(50)
    assert urged.rows is not None
    assert [row[3] for row in urged.rows(scope, "", 0, 10).rows] == [2, 2]
