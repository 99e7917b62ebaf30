"""Readers come in: cards are text, namesakes stay apart, nobody is merged, classes are counted, undo."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuxiang.imports.services import NotImported
from shuxiang.imports.tests.builders import AT, Desk, codes, new_library, verdicts
from shuxiang.libraries.models import EnrolmentCount, Library, SchoolClass
from shuxiang.patrons.models import Block, Card, ClassMembership, Patron

HEAD = ["借书号", "姓名", "性别", "单位", "借书权限", "借书额度"]
YEAR = "2016-2017"


@pytest.fixture
def desk(db: None, tmp_path: Path, settings: LazySettings) -> Desk:
    settings.MEDIA_ROOT = tmp_path / "files"
    return Desk(new_library(), tmp_path)


def _load(desk: Desk, *rows: list[str]) -> list[str]:
    return verdicts(desk.load("patrons", [HEAD, *rows], school_year=YEAR))


def test_a_pupil_gets_card_class_and_category_and_no_more(desk: Desk) -> None:
    run = desk.load("patrons", [HEAD, ["0012", "万茜蕊", "女", "六乙", "开通", "2"]], school_year=YEAR)
    patron = Patron.objects.get()
    assert (patron.name, patron.category.code, patron.joined_on) == ("万茜蕊", "pupil", date(2016, 9, 1))
    assert Card.objects.get().number == "0012"
    school_class = SchoolClass.objects.get()
    assert (school_class.label_pattern, school_class.entry_year) == ("{grade}乙", 2011)
    assert ClassMembership.objects.get().school_class == school_class
    counted = EnrolmentCount.objects.get()
    assert (counted.count, counted.counted_on) == (1, date(2016, 9, 1))
    assert [warning["code"] for warning in run.options["warnings"]] == ["columns_left_out"]


def test_cards_of_a_school_year_are_valid_from_its_first_day(desk: Desk) -> None:
    _load(desk, ["0012", "万茜蕊", "女", "六乙", "开通", "2"])
    assert timezone.localtime(Card.objects.get().from_at).date() == date(2016, 9, 1)
    desk.load("patrons", [HEAD, ["0013", "林某", "女", "六乙", "开通", "2"]])
    assert Card.objects.get(number="0013").from_at == AT


@pytest.mark.parametrize(
    ("unit", "category"),
    [("教师", "teacher"), ("语文教研组", "group"), ("后勤处", "staff"), ("三年级", "pupil")],
)
def test_a_unit_that_is_no_class_is_a_category(desk: Desk, unit: str, category: str) -> None:
    _load(desk, ["1", "某某", "男", unit, "", ""])
    assert Patron.objects.get().category.code == category


def test_suspended_and_lost_become_a_block_and_a_closed_card(desk: Desk) -> None:
    _load(desk, ["1", "甲某", "", "六乙", "暂停", ""], ["2", "乙某", "", "六乙", "丢失", ""])
    assert Block.objects.get().patron.name == "甲某"
    assert Card.objects.get(ended="lost").number == "2"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["", "丙某", "", "六乙", "", ""], "card_missing"),
        (["9", "", "", "六乙", "", ""], "name_missing"),
        (["1", "别人", "", "六乙", "", ""], "card_of_another"),
        (["110101201001011234", "丁某", "", "六乙", "", ""], "card_is_identity"),
        (["9", "戊某", "", "276班", "", ""], "class_impossible"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_reason(desk: Desk, row: list[str], code: str) -> None:
    _load(desk, ["1", "甲某", "", "六乙", "", ""])
    run = desk.load("patrons", [HEAD, row, ["8", "好人", "", "六乙", "", ""]], school_year=YEAR)
    assert verdicts(run) == ["refused", "made"]
    assert code in codes(run)[0]


def test_a_bad_school_year_stops_before_anything_is_written(desk: Desk) -> None:
    with pytest.raises(NotImported) as problem:
        desk.load("patrons", [HEAD, ["1", "甲某", "", "六乙", "", ""]], school_year="2016")
    assert problem.value.note.code == "school_year_bad"


def test_the_same_list_twice_changes_nothing_and_a_new_year_moves_classes(desk: Desk) -> None:
    row = ["1", "甲某", "", "五乙", "开通", ""]
    _load(desk, row)
    assert _load(desk, row) == ["skipped"]
    again = desk.load("patrons", [HEAD, ["1", "甲某", "", "六乙", "开通", ""]], school_year="2017-2018")
    assert verdicts(again) == ["skipped"]  # the same cohort: five then, six now
    moved = desk.load("patrons", [HEAD, ["1", "甲某", "", "六甲", "开通", ""]], school_year="2017-2018")
    assert verdicts(moved) == ["changed"]
    assert ClassMembership.objects.filter(to_on=None).count() == 1
    desk.undo(moved)
    assert ClassMembership.objects.get().school_class.label_pattern == "{grade}乙"


def test_undo_removes_readers_counts_and_classes_and_the_list_may_come_again(desk: Desk) -> None:
    rows = [HEAD, ["1", "甲某", "", "六乙", "暂停", "9"], ["2", "乙某", "", "教师", "", ""]]
    run = desk.load("patrons", rows, school_year=YEAR)
    assert dict(desk.undo(run).reversed) == {"patrons": 2, "classes": 1}
    assert not Patron.objects.filter(deleted_at=None).exists()
    assert not EnrolmentCount.objects.exists()
    assert verdicts(desk.load("patrons", rows, school_year=YEAR)) == ["made", "made"]
    assert Card.objects.filter(to_at=None).count() == 2


NAMES = st.sampled_from(["王伟", "王芳", "李娜", "王伟伟"])
CLASSES = st.sampled_from(["六甲", "六乙", "教师", ""])
ROWS = st.lists(st.tuples(st.sampled_from(["01", "1", "02", "3", ""]), NAMES, CLASSES), max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lists=st.lists(ROWS, min_size=1, max_size=3))
def test_nobody_is_ever_merged_renamed_or_dropped(
    desk: Desk, lists: list[list[tuple[str, str, str]]]
) -> None:
    """Namesakes, twins, missing cards, renamed pupils: whatever the lists say, a card keeps its person."""
    mine = Desk(new_library(f"p{Library.objects.count()}"), desk.folder)
    owner: dict[str, str] = {}
    for rows in lists:
        table = [HEAD, *([card, name, "", unit, "", ""] for card, name, unit in rows)]
        if len(table) == 1:
            continue
        run = mine.load("patrons", table, school_year=YEAR)
        assert (
            run.rows_read
            == run.rows_made + run.rows_changed + run.rows_skipped + run.rows_refused
            == len(rows)
        )
        for card, name, _unit in rows:
            if card:
                owner.setdefault(card, name)
    held = Card.objects.filter(library=mine.library).select_related("patron")
    assert {card.number: card.patron.name for card in held} == owner
    assert Patron.objects.filter(library=mine.library).count() == len(owner)
