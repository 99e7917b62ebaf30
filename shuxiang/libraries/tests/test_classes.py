"""A class is a cohort: the day gives the grade and the label, promotion moves nobody."""

from datetime import date

import pytest

from shuxiang.audit import reconcile
from shuxiang.audit.models import Operation
from shuxiang.common.decisions import Decision, Refused
from shuxiang.common.schoolyear import parse_class_label
from shuxiang.libraries import selectors
from shuxiang.libraries.messages import words
from shuxiang.libraries.models import Library, SchoolClass, Stage, Term
from shuxiang.libraries.rules.classes import (
    ClassFacts,
    Placed,
    StageFacts,
    grade_in,
    label_in,
    lifetime,
    place,
)
from shuxiang.libraries.rules.terms import SchoolCalendar
from shuxiang.libraries.services import (
    add_stage,
    create_library,
    find_or_open,
    graduate,
    open_class,
    open_school_year,
    reopen,
)
from shuxiang.libraries.services.classes import position_of, preview_school_year
from shuxiang.libraries.tests.conftest import AT, BY

PRIMARY, JUNIOR, SENIOR = StageFacts("primary", 1, 6), StageFacts("junior", 7, 3), StageFacts("senior", 10, 3)
SIX_B = ClassFacts(PRIMARY, 2011, "{grade}乙")


@pytest.mark.parametrize(
    ("year", "grade", "label"),
    [(2010, None, "一乙"), (2011, 1, "一乙"), (2015, 5, "五乙"), (2016, 6, "六乙"), (2017, None, "六乙")],
)
def test_the_school_year_gives_grade_and_label(year: int, grade: int | None, label: str) -> None:
    assert grade_in(SIX_B, year) == grade
    assert label_in(SIX_B, year) == label


def test_a_class_lives_from_its_first_autumn_to_its_last_summer_or_graduation() -> None:
    calendar = SchoolCalendar()
    assert lifetime(SIX_B, calendar) == (date(2011, 9, 1), date(2017, 8, 31))
    graduated = ClassFacts(PRIMARY, 2011, "{grade}乙", date(2017, 6, 30))
    assert lifetime(graduated, calendar)[1] == date(2017, 6, 30)


@pytest.mark.parametrize(
    ("label", "stages", "year", "grade", "expected"),
    [
        ("六乙", [PRIMARY], 2016, None, (PRIMARY, 2011)),
        ("一年级", [PRIMARY], 2016, None, (PRIMARY, 2016)),
        ("初二3班", [PRIMARY, JUNIOR], 2026, None, (JUNIOR, 2025)),
        ("高三（1）班", [JUNIOR, SENIOR], 2026, None, (SENIOR, 2024)),
        ("276班", [JUNIOR], 2026, 8, (JUNIOR, 2025)),
        ("2024级3班", [SENIOR], 2026, None, (SENIOR, 2024)),
        ("276班", [JUNIOR], 2026, None, "class_grade_needed"),
        ("七1班", [PRIMARY], 2026, None, "class_no_such_grade"),
        ("2024级3班", [PRIMARY, JUNIOR], 2026, None, "class_grade_needed"),
    ],
)
def test_a_label_places_a_class(
    label: str, stages: list[StageFacts], year: int, grade: int | None, expected: tuple[StageFacts, int] | str
) -> None:
    parsed = parse_class_label(label)
    assert parsed is not None
    placed = place(parsed, stages, year, grade)
    if isinstance(placed, Decision):
        assert placed.reasons[0].code == expected
        assert "%(" not in words(placed.reasons[0])
    else:
        assert (placed.stage, placed.entry_year) == expected
        assert isinstance(placed, Placed)


@pytest.mark.parametrize(("number", "position"), [("乙", 2), ("3", 3), ("B", 2), ("", 0), ("10", 10)])
def test_parallel_classes_have_an_order(number: str, position: int) -> None:
    assert position_of(number) == position


def opened(library: Library, label: str, year: str = "2016-2017", grade: int | None = None) -> SchoolClass:
    return find_or_open(library=library, label=label, school_year=year, grade=grade, by=BY, at=AT)


def test_six_b_as_of_2016_entered_in_2011_and_is_found_again_under_every_year(school: Library) -> None:
    six_b = opened(school, "六乙")
    assert (six_b.entry_year, six_b.label_pattern, six_b.position) == (2011, "{grade}乙", 2)
    assert opened(school, "五乙", "2015-2016") == six_b
    assert selectors.find_class(school, "四乙", "2014-2015") == six_b
    assert selectors.find_class(school, "六乙", "2017-2018") is None
    assert selectors.label_of(six_b, date(2017, 5, 27)) == "六乙"
    assert selectors.grade_of(six_b, date(2017, 9, 1)) is None
    assert Operation.objects.filter(action="libraries.open_class").count() == 1


def test_the_same_class_written_in_another_way_is_the_same_class(school: Library) -> None:
    first = opened(school, "三（2）班")
    assert [opened(school, label) for label in ("三(2)班", "三2班", "3（2）班")] == [first] * 3
    assert opened(school, "三（3）班") != first


def test_a_fixed_label_needs_its_grade_once(school: Library) -> None:
    with pytest.raises(Refused) as refused:
        opened(school, "276班")
    assert refused.value.codes == ("class_grade_needed",)
    first = opened(school, "276班", grade=4)
    assert opened(school, "276班") == first
    assert selectors.grade_of(first, date(2018, 3, 1)) == 5


@pytest.mark.parametrize("label", ["教师", "数学组", ""])
def test_what_is_no_class_opens_none(school: Library, label: str) -> None:
    with pytest.raises(Refused) as refused:
        opened(school, label)
    assert refused.value.codes == ("class_label_unclear",)


def test_in_a_five_four_school_the_first_junior_year_is_the_sixth(db: None) -> None:
    library = create_library(code="five", name="五四学校", kind="nine-year", by=BY, at=AT)
    add_stage(library=library, code="primary", name="小学", first_grade=1, years=5, by=BY, at=AT)
    add_stage(library=library, code="junior", name="初中", first_grade=6, years=4, by=BY, at=AT)
    school_class = opened(library, "初一（1）班", "2026-2027")
    assert (school_class.stage.code, school_class.entry_year) == ("junior", 2026)
    assert selectors.grade_of(school_class, date(2026, 10, 1)) == 6
    assert selectors.label_of(school_class, date(2027, 10, 1)) == "初二（1）班"


def test_stages_cannot_share_grades(school: Library) -> None:
    for first_grade, years in ((6, 2), (0, 2), (12, 2), (8, 0)):
        with pytest.raises(Refused):
            add_stage(
                library=school, code="other", name="x", first_grade=first_grade, years=years, by=BY, at=AT
            )


def test_the_same_class_is_not_opened_twice_nor_in_another_librarys_stage(school: Library) -> None:
    other = create_library(code="oak", name="橡树小学", kind="primary", by=BY, at=AT)
    stage, foreign = Stage.objects.get(library=school), Stage.objects.get(library=other)
    open_class(library=school, stage=stage, entry_year=2020, label_pattern="{grade}甲", by=BY, at=AT)
    for stage_given, code in ((stage, "class_exists"), (foreign, "stage_of_other_library")):
        with pytest.raises(Refused) as refused:
            open_class(
                library=school, stage=stage_given, entry_year=2020, label_pattern="{grade}甲", by=BY, at=AT
            )
        assert refused.value.codes == (code,)


def test_classes_are_listed_by_grade_and_order(school: Library) -> None:
    for label in ("六丙", "一甲", "六甲", "三（10）班", "三（2）班"):
        opened(school, label)
    listed = selectors.classes_on(school, date(2016, 10, 1))
    labels = selectors.class_labels(school, listed, date(2016, 10, 1))
    assert [labels[each.pk] for each in listed] == ["一甲", "三（2）班", "三（10）班", "六甲", "六丙"]
    assert len(selectors.classes_on(school, date(2017, 9, 1))) == 3


def test_a_new_school_year_writes_its_terms_and_says_who_moves_up(school: Library) -> None:
    opened(school, "六乙")
    opened(school, "二甲")
    moved = open_school_year(library=school, school_year="2017-2018", by=BY, at=AT)
    assert [(row.before, row.after, row.graduates) for row in moved] == [
        ("六乙", "", True),
        ("二甲", "三甲", False),
    ]
    assert list(Term.objects.values_list("code", flat=True).order_by("starts_on")) == [
        "2017-autumn",
        "2018-spring",
    ]
    open_school_year(library=school, school_year="2017-2018", by=BY, at=AT)
    assert Term.objects.count() == 2
    assert reconcile.run("elm").is_clean


def test_graduation_closes_the_cohort_in_its_last_year_only(school: Library) -> None:
    six_b, two_a = opened(school, "六乙"), opened(school, "二甲")
    with pytest.raises(Refused) as refused:
        graduate(library=school, school_year="2016-2017", on=date(2017, 9, 30), by=BY, at=AT)
    assert refused.value.codes == ("graduation_day_outside",)
    closed = graduate(library=school, school_year="2016-2017", on=date(2017, 6, 30), by=BY, at=AT)
    assert closed == [six_b]
    assert selectors.classes_on(school, date(2017, 7, 1)) == [two_a]
    assert graduate(library=school, school_year="2016-2017", on=date(2017, 6, 30), by=BY, at=AT) == []
    assert preview_school_year(school, "2017-2018")[0].school_class == two_a
    reopen(school_class=closed[0], by=BY, at=AT)
    assert six_b in selectors.classes_on(school, date(2017, 7, 1))


def test_a_class_in_a_foreign_stage_is_found(school: Library) -> None:
    other = create_library(code="oak", name="橡树小学", kind="primary", by=BY, at=AT)
    six_b = opened(school, "六乙")
    SchoolClass.objects.filter(pk=six_b.pk).update(stage=Stage.objects.get(library=other))
    assert [d.code for d in reconcile.run("elm").differences] == ["class_in_foreign_stage"]
