"""Volumes carried about together: foreseen, carried, carried back; places and their shelves."""

from datetime import timedelta
from uuid import uuid4

import pytest

from shuxiang.audit import jobs, operations, reconcile
from shuxiang.common import clock
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Refused
from shuxiang.holdings.choosing import Choice, chosen, read_codes
from shuxiang.holdings.models import Holding, Item, Movement, ShelvingLocation
from shuxiang.holdings.placemodels import Carriage
from shuxiang.holdings.services import (
    PlaceValues,
    Way,
    carry_back_later,
    carry_later,
    default_places,
    foresee,
    mark_missing,
    post_batch,
    remove_place,
    save_group,
    save_place,
    transfer,
    withdraw,
)
from shuxiang.holdings.services.carrying import carry
from shuxiang.holdings.shelving import ended, filled, lay_out_shelves, plan_for, shelf_signs
from shuxiang.holdings.tests.builders import AT, BY, LATER, LATER_ON, ON, School
from shuxiang.holdings.years import YearClosing
from shuxiang.libraries.models import SchoolClass, Stage

DAY = timedelta(days=1)


def place(school: School, code: str, **values: object) -> ShelvingLocation:
    group = default_places(school.library).group
    made = PlaceValues(code, code, values.pop("group", group), **values)  # type: ignore[arg-type]
    return save_place(None, made, library=school.library, by=BY, at=AT)


def stocked(school: School, *numbers: str) -> list[Item]:
    """One volume of each call number, on the shelves."""
    batch = school.draft()
    items = [school.add(batch, school.hold(f"书{number}", number))[0] for number in numbers]
    post_batch(batch, by=BY, at=AT, on=ON)
    return list(Item.objects.filter(pk__in=[item.pk for item in items]).order_by("pk"))


def done(carriage: Carriage) -> Carriage:
    carry_later(carriage, by=BY, at=LATER, on=LATER_ON)
    jobs.run_pending()
    carriage.refresh_from_db()
    return carriage


def homes(items: list[Item]) -> list[tuple[str, str | None, str]]:
    rows = Item.objects.filter(pk__in=[item.pk for item in items]).order_by("pk")
    return [(i.home.code, i.current.code if i.current else None, i.account) for i in rows]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(clc="I"), ["I242.4/1", "I247.5/1", "I287.4/1"]),
        (Choice(clc="I24"), ["I242.4/1", "I247.5/1"]),
        (Choice(first="I247", last="I287"), ["I247.5/1", "I287.4/1"]),
        (Choice(last="G"), ["B84/1", "G634/1"]),
        (Choice(first="I247.5/1", last="I247.5/1"), ["I247.5/1"]),
        (Choice(clc="Z"), []),
    ],
)
def test_a_choice_means_a_class_or_a_range(school: School, choice: Choice, expected: list[str]) -> None:
    stocked(school, "I247.5", "I242.4", "G634", "I287.4", "B84")
    found = chosen(school.library, choice).order_by("holding__call_number_sort")
    assert [item.holding.call_number for item in found] == expected


def test_what_is_scanned_is_read_however_it_is_separated() -> None:
    assert read_codes(" 001\n002，003;002\t004 ") == ("001", "002", "003", "004")


def test_volumes_are_carried_for_now_and_the_home_stays(school: School) -> None:
    items = stocked(school, "I242.4", "G634")
    new = place(school, "新书架", until_on=LATER_ON + DAY)
    seen = foresee(school.library, Choice(clc="I"), Way(new, is_home=False), by=BY, at=LATER)
    assert (seen.volumes, homes(items)[0]) == (1, ("main", None, "shelf"))
    carriage = done(seen)
    assert (carriage.state, carriage.moved, carriage.skipped) == ("done", 1, 0)
    assert homes(items) == [("main", "新书架", "shelf"), ("main", None, "shelf")]
    assert ended(school.library, LATER_ON + DAY) == []
    assert [(one.place, one.volumes) for one in ended(school.library, LATER_ON + 2 * DAY)] == [(new, 1)]
    back = done(foresee(school.library, Choice(place_id=new.pk), Way(None, is_home=False), by=BY, at=LATER))
    assert back.moved == 1
    assert homes(items)[0] == ("main", None, "shelf")


def test_what_is_carried_back_at_night_bears_the_day_of_the_library(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    (item,) = stocked(school, "I242.4")
    stage = Stage.objects.create(library=school.library, code="p", name="小学", first_grade=1, years=6)
    form = SchoolClass.objects.create(
        library=school.library, stage=stage, entry_year=2024, label_pattern="{grade}（1）班"
    )
    corner = place(school, "三1角", school_class=form)
    carriage = done(foresee(school.library, Choice(clc="I"), Way(corner, is_home=True), by=BY, at=LATER))
    night = (LATER + DAY).replace(hour=17)  # UTC: past midnight in China
    monkeypatch.setattr(clock, "now", lambda: night)
    carry_back_later(carriage, by=BY, at=night)
    jobs.run_pending()
    last = Movement.objects.filter(item=item).order_by("pk").last()
    assert last is not None
    assert last.on == local_date(night) != night.date()


def test_a_class_corner_is_an_account_and_undo_brings_back(school: School) -> None:
    items = stocked(school, "I242.4", "I247.5", "G634")
    stage = Stage.objects.create(library=school.library, code="p", name="小学", first_grade=1, years=6)
    form = SchoolClass.objects.create(
        library=school.library, stage=stage, entry_year=2024, label_pattern="{grade}（1）班"
    )
    corner = place(school, "三1角", school_class=form)
    carriage = done(foresee(school.library, Choice(clc="I"), Way(corner, is_home=True), by=BY, at=LATER))
    assert homes(items)[:2] == [("三1角", None, "corner")] * 2
    transfer([items[0]], to=school.home, by=BY, at=LATER, on=LATER_ON)
    carry_back_later(carriage, by=BY, at=LATER + DAY)
    jobs.run_pending()
    carriage.refresh_from_db()
    assert (carriage.state, carriage.moved, carriage.back) == ("undone", 2, 1)
    assert carriage.lines.get(item=items[0]).why == "moved_on"
    assert homes(items) == [("main", None, "shelf")] * 3
    assert reconcile.run(school.library.code).differences == ()


def test_what_cannot_be_carried_is_left_and_named(school: School) -> None:
    items = stocked(school, "I242.4", "I247.5", "I287.4")
    other = save_group(None, code="b", name="阅览室", library=school.library, by=BY, at=AT)
    room = place(school, "阅览室", group=other)
    mark_missing(items[0], by=BY, at=LATER, on=LATER_ON)
    seen = foresee(school.library, Choice(clc="I"), Way(room, is_home=True), by=BY, at=LATER)
    whys = sorted(seen.lines.values_list("why", flat=True))
    assert whys == ["cannot_carry_missing", "other_group", "other_group"]
    assert (done(seen).moved, done(seen).skipped) == (0, 3)


def test_the_same_carriage_twice_is_carried_once(school: School) -> None:
    stocked(school, "I242.4")
    shelf = place(school, "B架")
    key = uuid4()
    way = Way(shelf, is_home=True)
    one = foresee(school.library, Choice(clc="I"), way, by=BY, at=LATER, operation_id=key)
    assert foresee(school.library, Choice(clc="I"), way, by=BY, at=LATER, operation_id=key).pk == one.pk
    done(one)
    carry_later(one, by=BY, at=LATER, on=LATER_ON)
    jobs.run_pending()
    assert carry(one, by=BY, at=LATER).moved == 1


@pytest.mark.parametrize(
    ("choice", "code"), [(Choice(), "nothing_chosen"), (Choice(clc="X"), "nothing_there")]
)
def test_a_choice_of_nothing_is_refused(school: School, choice: Choice, code: str) -> None:
    with pytest.raises(Refused, match=code):
        foresee(school.library, choice, Way(school.home, is_home=True), by=BY, at=LATER)


def test_a_scanned_list_names_strangers_and_the_withdrawn(school: School) -> None:
    items = stocked(school, "I242.4", "I247.5")
    for number, item in enumerate(items):
        item.identifiers.create(library=school.library, value=f"00{number}", from_at=AT)
    withdraw(items[1:], reason="worn", by=BY, at=LATER, on=LATER_ON)
    codes = read_codes("001 000 999 000")
    seen = foresee(
        school.library, Choice(codes=codes), Way(place(school, "B架"), is_home=True), by=BY, at=LATER
    )
    assert seen.unknown == ["999"]
    assert [line.why for line in seen.lines.order_by("pk")] == ["cannot_carry_withdrawn", ""]


def test_places_are_changed_with_care(school: School) -> None:
    stocked(school, "I242.4")
    main = school.home
    group = save_group(None, code="b", name="阅览室", library=school.library, by=BY, at=AT)
    for values, code in (
        (PlaceValues("main", "主书库", group), "place_group_fixed"),
        (PlaceValues("", "主书库", main.group), "place_without_name"),
    ):
        with pytest.raises(Refused, match=code):
            save_place(main, values, library=school.library, by=BY, at=AT)
    with pytest.raises(Refused, match="place_code_taken"):
        save_place(None, PlaceValues("main", "又一个", main.group), library=school.library, by=BY, at=AT)
    with pytest.raises(Refused, match="place_is_default"):
        remove_place(main, by=BY, at=AT)
    empty = place(school, "空架")
    remove_place(empty, by=BY, at=AT)
    assert not ShelvingLocation.objects.filter(code="空架").exists()


def test_shelves_are_planned_laid_out_and_signed(school: School) -> None:
    stocked(school, "B84", "G634", "I242.4", "I247.5")
    main = school.home
    with pytest.raises(Refused, match="place_not_measured"):
        plan_for(main)
    measured = PlaceValues("main", main.name, main.group, bays=1, shelves_per_bay=2, volumes_per_shelf=3)
    main = save_place(main, measured, library=school.library, by=BY, at=AT)
    plan = lay_out_shelves(main, by=BY, at=LATER, on=LATER_ON)
    assert [(row.first, row.last, row.volumes) for row in plan.rows] == [
        ("B84/1", "G634/1", 2),
        ("I242.4/1", "I247.5/1", 2),
    ]
    assert plan_for(main).shifts == []
    signs = shelf_signs(main)
    assert [(sign.shelf, sign.first, sign.volumes) for sign in signs] == [
        ("1-1", "B84/1", 2),
        ("1-2", "I242.4/1", 2),
    ]
    assert signs[1].classes[0].startswith("I ")
    stocked(school, "A84", "A85", "A86")
    assert [(shift.first, shift.last, shift.source, shift.target) for shift in plan_for(main).shifts] == [
        ("B84/1", "G634/1", 0, 1)
    ]
    assert plan_for(main).over == 1
    [row] = filled(school.library)
    assert (row.at_home, row.standing, row.percent) == (7, 7, 117)


def test_facets_follow_a_carriage(school: School) -> None:
    [item] = stocked(school, "I242.4")
    shelf = place(school, "B架")
    done(foresee(school.library, Choice(clc="I"), Way(shelf, is_home=True), by=BY, at=LATER))
    assert Holding.objects.get(pk=item.holding_id).facets.endswith(f",{shelf.pk},")


def close_the_books(school: School) -> None:
    """As if the year of LATER were locked."""
    begun = operations.begin("holdings.close_year", by=BY, at=LATER, library_code=school.library.code)
    YearClosing.objects.create(
        library=school.library,
        year=LATER_ON.year,
        closed_by="馆长",
        closed_at=LATER,
        operation=begun.operation,
    )


def test_a_carriage_that_waited_while_the_books_were_closed_ends_and_carries_nothing(school: School) -> None:
    items = stocked(school, "I247.5", "B84")
    way = Way(place(school, "新架"), is_home=True)
    carriage = foresee(school.library, Choice(first="A", last="Z"), way, by=BY, at=LATER)
    carry_later(carriage, by=BY, at=LATER, on=LATER_ON)
    close_the_books(school)
    jobs.run_pending()
    carriage.refresh_from_db()
    assert (carriage.state, carriage.moved, carriage.skipped) == ("done", 0, 2)
    assert set(carriage.lines.values_list("state", "why")) == {("skipped", "year_closed")}
    assert homes(items) == [("main", None, "shelf")] * 2
    assert reconcile.run().is_clean


def test_a_carriage_is_not_carried_back_under_a_day_of_a_closed_year(school: School) -> None:
    items = stocked(school, "I247.5")
    way = Way(place(school, "新架"), is_home=True)
    carriage = done(foresee(school.library, Choice(clc="I"), way, by=BY, at=LATER))
    close_the_books(school)
    with pytest.raises(Refused, match="year_closed"):
        carry_back_later(carriage, by=BY, at=LATER)
    assert homes(items) == [("新架", None, "shelf")]


def test_the_code_of_the_default_place_stays_and_its_name_may_change(school: School) -> None:
    default = default_places(school.library)
    values = PlaceValues("大厅", "大厅书架", default.group)
    with pytest.raises(Refused, match="default_code_fixed"):
        save_place(default.location, values, library=school.library, by=BY, at=AT)
    renamed = PlaceValues("main", "大厅书架", default.group)
    save_place(default.location, renamed, library=school.library, by=BY, at=AT)
    assert default_places(school.library).location.name == "大厅书架"
    with pytest.raises(Refused, match="default_code_fixed"):
        save_group(default.group, code="zong", name="总书库", library=school.library, by=BY, at=AT)
