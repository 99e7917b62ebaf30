"""Class boxes and delivery rounds."""

from uuid import uuid4

import pytest

from shuxiang.circulation.models import Loan
from shuxiang.circulation.tests.desk import AT, BY, later
from shuxiang.common.decisions import Refused
from shuxiang.corners import selectors
from shuxiang.corners.models import Box
from shuxiang.corners.services import boxes, rounds
from shuxiang.corners.tests.school import Corners, account, differences
from shuxiang.holdings.services import default_places

pytestmark = pytest.mark.django_db


def test_a_box_is_lent_volume_by_volume_and_what_cannot_go_is_named(school: Corners) -> None:
    lent_already = school.volumes[2]
    school.desk.lend(lent_already, school.desk.teacher)
    box = school.box(*school.volumes[:3])
    tally = boxes.issue(box, by=BY, at=AT)
    assert tally == (3, 2, 1)
    assert box.lines.get(item=lent_already).why == "lent_to_other"
    loans = Loan.objects.filter(box_line__box=box)
    assert {loan.kind for loan in loans} == {"collective"}
    assert {loan.patron for loan in loans} == {school.third}
    assert {loan.class_label for loan in loans} == {"三（1）班"}
    assert box.due_on == loans[0].due_on
    assert differences() == []


def test_a_box_lent_twice_is_lent_once(school: Corners) -> None:
    box = school.box(*school.volumes[:2])
    boxes.issue(box, by=BY, at=AT)
    boxes.issue(box, by=BY, at=AT)
    assert Loan.objects.count() == 2


def test_a_box_that_was_stopped_goes_on_where_it_was(school: Corners) -> None:
    box = school.box(*school.volumes)
    Box.objects.filter(pk=box.pk).update(state=Box.State.GOING, out_on=AT.date())
    boxes._issue_some(box, by=BY, at=AT, confirmed=frozenset())
    assert Loan.objects.count() == boxes.CHUNK
    assert boxes.issue(box, by=BY, at=AT) == (10, 10, 0)
    assert box.state == Box.State.OUT


def test_a_box_of_which_nothing_can_go_stays_planned_with_its_reasons(school: Corners) -> None:
    school.desk.lend(school.volumes[0], school.desk.teacher)
    box = school.box(school.volumes[0])
    assert boxes.issue(box, by=BY, at=AT) == (1, 0, 1)
    assert (box.state, box.out_on, box.lines.get().why) == ("planned", None, "lent_to_other")


def test_a_limit_is_asked_once_for_the_whole_box(school: Corners) -> None:
    school.third.loan_limit = 1
    school.third.save()
    box = school.box(*school.volumes[:2])
    assert boxes.issue(box, by=BY, at=AT) == (2, 1, 1)
    other = school.box(school.volumes[1])
    assert boxes.issue(other, by=BY, at=AT, confirmed=frozenset({"loan_limit_reached"})) == (1, 1, 0)


def test_only_what_is_asked_about_the_class_can_be_confirmed_for_a_box(school: Corners) -> None:
    school.desk.lend(school.volumes[0], school.desk.teacher)
    box = school.box(school.volumes[0])
    boxes.issue(box, by=BY, at=AT, confirmed=frozenset({"lent_to_other"}))
    assert Loan.objects.filter(in_at=None).get().patron == school.desk.teacher


def test_a_pile_comes_back_by_scanning_and_the_rest_is_named(school: Corners) -> None:
    box = school.box(*school.volumes[:3])
    boxes.issue(box, by=BY, at=AT)
    key = uuid4()
    assert boxes.take_back(box, school.volumes[0], by=BY, at=later(9), operation_id=key).verdict == "back"
    assert boxes.take_back(box, school.volumes[0], by=BY, at=later(9)).verdict == "again"
    assert boxes.take_back(box, school.volumes[5], by=BY, at=later(9)).verdict == "foreign"
    assert account(school.volumes[5]) == "shelf"
    assert [line.item for line in selectors.still_out(box)] == school.volumes[1:3]
    assert differences() == []


def test_a_box_passed_on_is_with_the_other_class_in_one_act_and_comes_back_when_undone(
    school: Corners,
) -> None:
    box = school.box(*school.volumes[:3])
    boxes.issue(box, by=BY, at=AT)
    boxes.take_back(box, school.volumes[0], by=BY, at=later(1))
    passed = boxes.pass_on(box, school.fourth, by=BY, at=later(2))
    assert boxes.issue(passed, by=BY, at=later(2), confirmed=frozenset({"lent_to_other"})) == (2, 2, 0)
    assert {loan.patron for loan in Loan.objects.filter(in_at=None)} == {school.fourth}
    assert not selectors.still_out(box)
    assert differences() == []
    assert boxes.cancel(passed, by=BY, at=later(2)) == (2, 2, 0)
    assert passed.state == Box.State.CANCELLED
    assert {loan.patron for loan in Loan.objects.filter(in_at=None)} == {school.third}
    assert differences() == []


def test_a_box_with_nothing_out_or_to_the_same_class_is_not_passed_on(school: Corners) -> None:
    box = school.box(school.volumes[0])
    boxes.issue(box, by=BY, at=AT)
    with pytest.raises(Refused, match="box_same_class"):
        boxes.pass_on(box, school.third, by=BY, at=AT)
    boxes.take_back(box, school.volumes[0], by=BY, at=later(1))
    with pytest.raises(Refused, match="box_all_back"):
        boxes.pass_on(box, school.fourth, by=BY, at=later(1))


def test_a_box_taken_back_whole_never_was(school: Corners) -> None:
    box = school.box(*school.volumes[:2])
    boxes.issue(box, by=BY, at=AT)
    assert boxes.cancel(box, by=BY, at=later(0)) == (2, 2, 0)
    assert {account(item) for item in school.volumes[:2]} == {"shelf"}
    assert {loan.outcome for loan in Loan.objects.all()} == {"cancelled"}
    assert differences() == []


def test_a_rule_takes_one_volume_of_each_of_the_least_lent_titles(school: Corners) -> None:
    place = default_places(school.desk.library).location
    box = school.box()
    assert boxes.put_in_by_rule(box, place, 3, AT) == (6, 6, 0)
    holdings = [line.item.holding_id for line in box.lines.select_related("item")]
    assert len(set(holdings)) == 6
    group = school.box(reader=school.group)
    wanted, taken, short = boxes.put_in_by_rule(group, place, 2, AT)
    assert (wanted, taken, short) == (40, 11, 29)  # eleven titles are on that shelf


def test_a_planned_box_is_changed_and_thrown_away_a_lent_one_is_not(school: Corners) -> None:
    box = school.box(*school.volumes[:2])
    assert boxes.put_in(box, school.volumes[1:3]) == (2, 1, 1)
    boxes.take_out(box, box.lines.order_by("pk")[0].pk)
    assert box.lines.count() == 2
    boxes.issue(box, by=BY, at=AT)
    for act in (lambda: boxes.put_in(box, school.volumes[4:5]), lambda: boxes.throw_away(box)):
        with pytest.raises(Refused, match="box_not_planned"):
            act()


def test_a_box_goes_to_a_class_or_a_group_only(school: Corners) -> None:
    with pytest.raises(Refused, match="box_for_whom"):
        school.box(reader=school.desk.pupil)


def test_a_round_has_stops_and_ticks(school: Corners) -> None:
    tour = rounds.plan_round(library=school.desk.library, name="十月送书", on=AT.date(), by=BY, at=AT)
    stop = rounds.add_stop(tour, school.third, by=BY, at=AT)
    rounds.add_stop(tour, school.group, by=BY, at=AT)
    with pytest.raises(Refused, match="stop_twice"):
        rounds.add_stop(tour, school.third, by=BY, at=AT)
    with pytest.raises(Refused, match="box_not_out"):
        rounds.tick(stop, is_delivered=True, is_collected=False)
    boxes.put_in(stop, school.volumes[:2])
    boxes.issue(stop, by=BY, at=AT)
    rounds.tick(stop, is_delivered=True, is_collected=False)
    told = selectors.round_of(school.desk.library, tour.pk)
    assert told is not None
    assert (told.stops, told.delivered, told.collected) == (2, 1, 0)
    with pytest.raises(Refused, match="round_has_stops"):
        rounds.remove_round(tour)
