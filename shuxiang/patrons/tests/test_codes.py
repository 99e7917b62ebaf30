"""Picture codes: four of twelve pictures, kept as digests, slowed down after wrong tries."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from shuxiang.audit.models import Operation
from shuxiang.common.decisions import Refused
from shuxiang.libraries.models import Library
from shuxiang.patrons import selectors
from shuxiang.patrons.codemodels import DeviceTries, PictureCode
from shuxiang.patrons.messages import PICTURES as WORDS
from shuxiang.patrons.messages import words
from shuxiang.patrons.models import Patron
from shuxiang.patrons.rules import OF_DEVICE, OF_READER, PICTURES, judge_pictures
from shuxiang.patrons.services import check_code, make_codes, set_code, show_history
from shuxiang.patrons.tests.conftest import AT, BY, LATER, MakePatron

RIGHT, WRONG = (3, 7, 7, 12), (3, 7, 12, 7)


@pytest.mark.parametrize(
    ("pictures", "code"),
    [
        ((3, 7, 7, 12), None),
        ((1, 1, 1, 2), None),
        ((1, 2, 1, 2), None),
        ((12, 1, 2, 3), None),
        ((5, 5, 5, 5), "pictures_weak"),
        ((1, 2, 3, 4), "pictures_weak"),
        ((12, 11, 10, 9), "pictures_weak"),
        ((1, 2, 3), "pictures_bad"),
        ((), "pictures_bad"),
        ((1, 2, 3, 5, 4), "pictures_bad"),
        ((0, 2, 3, 5), "pictures_bad"),
        ((1, 2, 3, 13), "pictures_bad"),
    ],
)
def test_a_code_is_four_of_the_twelve_and_not_the_first_that_anybody_tries(
    pictures: tuple[int, ...], code: str | None
) -> None:
    reason = judge_pictures(pictures)
    assert (reason.code if reason else None) == code


@pytest.mark.parametrize(
    ("wrong", "seconds"),
    [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 900), (11, 900), (1000, 900)],
)
def test_wrong_tries_for_a_reader_wait_twice_as_long_each(wrong: int, seconds: int) -> None:
    assert OF_READER.wait(wrong, AT, AT) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("wrong", "seconds"), [(19, 0), (20, 30), (21, 60), (24, 300), (500, 300)])
def test_a_device_passes_the_tries_of_a_class_before_it_is_slowed_down(wrong: int, seconds: int) -> None:
    assert OF_DEVICE.wait(wrong, AT, AT) == timedelta(seconds=seconds)


def test_waiting_goes_by_and_wrong_tries_are_forgotten() -> None:
    assert OF_READER.wait(6, AT, AT + timedelta(seconds=45)) == timedelta(seconds=15)
    assert OF_READER.wait(6, AT, AT + timedelta(seconds=60)) == timedelta()
    assert OF_DEVICE.wait(500, AT, AT + timedelta(minutes=30)) == timedelta()
    assert OF_READER.wrong_now(7, AT, AT + timedelta(days=1)) == 0


def test_every_picture_has_a_word() -> None:
    assert sorted(WORDS) == list(range(1, PICTURES + 1))


@pytest.fixture
def reader(make_patron: MakePatron) -> Patron:
    patron = make_patron()
    set_code(patron=patron, pictures=RIGHT, by=BY, at=AT)
    return patron


def said(
    patron: Patron, pictures: tuple[int, ...], at: datetime = LATER, device: str = "kiosk:1"
) -> list[str]:
    decision = check_code(patron=patron, pictures=pictures, device=device, at=at)
    assert all(words(reason) != reason.code for reason in decision.reasons)
    return [reason.code for reason in decision.reasons]


def test_the_right_pictures_open_and_others_do_not(reader: Patron, make_patron: MakePatron) -> None:
    assert said(reader, RIGHT) == []
    assert said(reader, WRONG) == ["pictures_wrong"]
    assert said(reader, ()) == ["pictures_wrong"]
    assert said(make_patron("苏小荷", "0002"), RIGHT) == ["pictures_none"]


def test_only_a_salted_digest_is_kept(reader: Patron, make_patron: MakePatron) -> None:
    twin = make_patron("苏小荷", "0002")
    set_code(patron=twin, pictures=RIGHT, by=BY, at=AT)
    kept = set(PictureCode.objects.values_list("digest", flat=True))
    assert len(kept) == 2
    assert not any("3,7,7,12" in digest for digest in kept)
    assert "7" not in str([row.result for row in Operation.objects.filter(action="patrons.set_codes")])


def test_five_wrong_tries_make_even_the_right_pictures_wait(reader: Patron) -> None:
    for _time in range(5):
        assert said(reader, WRONG) == ["pictures_wrong"]
    assert said(reader, RIGHT) == ["pictures_wait"]
    assert said(reader, RIGHT, LATER + timedelta(seconds=29), "kiosk:2") == ["pictures_wait"]
    assert said(reader, RIGHT, LATER + timedelta(seconds=31)) == []
    assert said(reader, WRONG, LATER + timedelta(seconds=32)) == ["pictures_wrong"]


def test_a_device_that_tries_one_reader_after_another_is_slowed_down(
    reader: Patron, make_patron: MakePatron
) -> None:
    for number in range(20):
        other = make_patron("苏小荷", f"1{number:03}")
        set_code(patron=other, pictures=RIGHT, by=BY, at=AT)
        assert said(other, WRONG) == ["pictures_wrong"]
    assert said(reader, RIGHT) == ["pictures_wait"]
    assert said(reader, RIGHT, device="kiosk:2") == []


def test_who_is_right_between_two_wrong_tries_does_not_free_the_device(
    reader: Patron, make_patron: MakePatron
) -> None:
    own = make_patron("苏小荷", "0002")
    set_code(patron=own, pictures=RIGHT, by=BY, at=AT)
    for _time in range(4):
        said(reader, WRONG)
        said(own, RIGHT)
    assert DeviceTries.objects.get().wrong == 4


def test_a_new_code_ends_the_old_one_and_the_waiting(reader: Patron) -> None:
    for _time in range(6):
        said(reader, WRONG)
    set_code(patron=reader, pictures=(1, 9, 4, 2), by=BY, at=LATER)
    assert said(reader, RIGHT) == ["pictures_wrong"]
    assert said(reader, (1, 9, 4, 2)) == []
    assert selectors.codes_set_at([reader]) == {reader.pk: LATER}


def test_a_weak_code_is_refused_and_the_old_one_stays(reader: Patron) -> None:
    with pytest.raises(Refused) as refused:
        set_code(patron=reader, pictures=(5, 5, 5, 5), by=BY, at=LATER)
    assert refused.value.codes == ("pictures_weak",)
    assert said(reader, RIGHT) == []


def test_codes_of_a_class_are_made_at_once_and_given_once(elm: Library, make_patron: MakePatron) -> None:
    pupils = [make_patron("苏小荷", f"{number:04}") for number in range(2, 6)]
    operation = uuid4()
    made = make_codes(library=elm, patrons=pupils, by=BY, at=AT, operation_id=operation)
    assert made.keys() == {pupil.pk for pupil in pupils}
    assert all(said(pupil, made[pupil.pk]) == [] for pupil in pupils)
    assert all(judge_pictures(code) is None for code in made.values())
    with pytest.raises(Refused) as refused:
        make_codes(library=elm, patrons=pupils, by=BY, at=AT, operation_id=operation)
    assert refused.value.codes == ("codes_made_already",)
    assert all(said(pupil, made[pupil.pk]) == [] for pupil in pupils)


def test_readers_of_another_library_get_no_code(elm: Library, oak: Library, make_patron: MakePatron) -> None:
    stranger = make_patron("鹭鸶", "0009", library=oak)
    assert make_codes(library=elm, patrons=[stranger], by=BY, at=AT) == {}
    assert not PictureCode.objects.exists()


def test_readers_see_what_they_borrowed_before_only_where_it_is_switched_on(
    elm: Library, oak: Library
) -> None:
    assert not selectors.shows_history(elm)
    show_history(library=elm, shows=True, by=BY, at=AT)
    assert (selectors.shows_history(elm), selectors.shows_history(oak)) == (True, False)
    show_history(library=elm, shows=False, by=BY, at=AT)
    assert not selectors.shows_history(elm)
