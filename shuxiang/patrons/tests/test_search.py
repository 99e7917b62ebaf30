"""Readers are found as a librarian types them, in their own school only."""

import pytest

from shuxiang.libraries.models import Library
from shuxiang.patrons import selectors
from shuxiang.patrons.services import leave
from shuxiang.patrons.tests.conftest import BY, LATER, OCTOBER, TODAY, MakeClass, MakePatron


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("0002", ["单小棠"]),
        ("单小棠", ["单小棠"]),
        ("小棠", ["单小棠", "苏小棠"]),
        ("shanxiaotang", ["单小棠"]),
        ("Shan Xiaotang", ["单小棠"]),
        ("sxt", ["单小棠", "苏小棠"]),
        ("SXT", ["单小棠", "苏小棠"]),
        ("三甲", ["陆小满", "苏小棠"]),
        ("三（甲）班", ["陆小满", "苏小棠"]),
        ("%", []),
        ("_", []),
        ("' OR 1=1 --", []),
        ("", []),
    ],
)
def test_readers_are_found_by_card_name_pinyin_initials_and_class(
    text: str, names: list[str], make_patron: MakePatron, make_class: MakeClass, elm: Library
) -> None:
    third = make_class("三甲")
    make_patron("苏小棠", "0001", school_class=third, class_number=9)
    make_patron("单小棠", "0002")
    make_patron("陆小满", "0003", school_class=third, class_number=2)
    assert [patron.name for patron in selectors.search(elm, text, on=TODAY)] == names


def test_who_left_comes_last_and_an_exact_card_first(make_patron: MakePatron, elm: Library) -> None:
    gone, here, numbered = make_patron("李安", "1"), make_patron("李白", "2"), make_patron("王安", "安")
    leave(patron=gone, on=OCTOBER, by=BY, at=LATER)
    assert selectors.search(elm, "李") == [here, gone]
    assert selectors.search(elm, "安") == [numbered, gone]
    assert len(selectors.search(elm, "李", limit=1)) == 1


def test_readers_of_a_class_stand_by_their_number(make_patron: MakePatron, make_class: MakeClass) -> None:
    third = make_class("三甲")
    for name, number in (("苏小棠", 12), ("陆小满", 3), ("安心", None)):
        make_patron(name, name, school_class=third, class_number=number)
    assert [patron.name for patron in selectors.readers_of(third, TODAY)] == ["陆小满", "苏小棠", "安心"]
    labels = selectors.labels_on(third.library, selectors.readers_of(third, TODAY), TODAY)
    assert list(labels.values()) == ["三甲"] * 3
