"""The pages of the turn of a school year, of clearance and of pupil librarians, as plain forms."""

from datetime import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shuxiang.audit import jobs
from shuxiang.circulation.services import check_in
from shuxiang.common import clock
from shuxiang.enrolment.models import Clearance, YearOpening
from shuxiang.helpers.models import Award, Duty, Helper, Served, Training
from shuxiang.libraries.selectors import calendar_of
from shuxiang.libraries.services import add_room, set_slot
from shuxiang.patrons.models import Patron
from tests.school import BY, JOINED_ON, START, Cast, cast
from tests.test_readers_pages import page, post, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


@pytest.fixture
def librarian(people: Cast) -> Client:
    return signed_in(people, "librarian")


def told(answer: Any) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def upload(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("新生.csv", text.encode(), content_type="text/csv")


def prepared(people: Cast, librarian: Client) -> YearOpening:
    year = calendar_of(people.a.library).school_year_on(clock.local_date(clock.now())) + 1
    post(librarian, "year_begin", school_year=f"{year}-{year + 1}")
    return YearOpening.objects.get(library=people.a.library)


def test_a_year_is_prepared_asked_about_opened_and_taken_back(people: Cast, librarian: Client) -> None:
    opening = prepared(people, librarian)
    pk = opening.pk
    post(
        librarian,
        "year_list",
        pk,
        file=upload("姓名,班级\n江月,一（1）班\n榆树小朋友,一（1）班\n,一（1）班\n"),
    )
    shown = librarian.get(reverse("desk:year_opening", args=[pk]))
    assert not shown.context["plan"].stands
    assert post(librarian, "year_go", pk, shown=shown.context["digest"]).context["opening"].state == "draft"
    post(librarian, "year_answers", pk, act="rest")
    shown = librarian.get(reverse("desk:year_opening", args=[pk]))
    assert [(row.row, bool(words)) for row, words in shown.context["row_problems"]] == [(4, True)]
    post(librarian, "year_go", pk, shown=shown.context["digest"])
    assert "progress" in page(librarian, "year_progress", pk)
    jobs.run_pending()
    done = librarian.get(reverse("desk:year_opening", args=[pk]))
    assert done.context["opening"].state == "done"
    assert Patron.objects.filter(library=people.a.library, name="榆树小朋友").count() == 2
    assert librarian.get(reverse("desk:year_progress", args=[pk])).headers["HX-Refresh"] == "true"
    post(librarian, "year_undo", pk)
    jobs.run_pending()
    undone = librarian.get(reverse("desk:year_opening", args=[pk]))
    assert undone.context["opening"].state == "undone"
    assert Patron.objects.filter(library=people.a.library, name="榆树小朋友", deleted_at=None).count() == 1


def test_what_becomes_of_a_class_is_chosen_and_kept(people: Cast, librarian: Client) -> None:
    opening = prepared(people, librarian)
    key, child = people.a.school_class.pk, people.a.patron.pk
    refused = post(librarian, "year_class", opening.pk, key, do="rename", label="？？")
    assert refused.status_code == 422
    sent = {"do": "rename", "label": "四（8）班", f"pupil-{child}": "new", "new_label": "四（9）班"}
    post(librarian, "year_class", opening.pk, key, **sent)
    again = librarian.get(reverse("desk:year_class", args=[opening.pk, key]))
    assert (again.context["do"], again.context["label"]) == ("rename", "四（8）班")
    assert [wish for _pupil, wish in again.context["pupils"]] == ["new:四（9）班"]
    labels = {
        line.label_after
        for _key, line in librarian.get(reverse("desk:year_opening", args=[opening.pk])).context["lines"]
    }
    assert labels == {"四（8）班", "四（9）班"}
    post(librarian, "year_discard", opening.pk)
    assert not YearOpening.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\x00\x01", "姓名,班级\n,一（1）班\n".encode()])
def test_a_file_that_is_no_list_is_answered_with_a_sentence(
    people: Cast, librarian: Client, content: bytes
) -> None:
    opening = prepared(people, librarian)
    answer = post(librarian, "year_list", opening.pk, file=SimpleUploadedFile("x.xlsx", content))
    assert told(answer)
    assert opening.entrants.count() == 0


def test_a_class_is_cleared_with_certificates_and_taken_back(people: Cast, librarian: Client) -> None:
    library, reader = people.a.library, people.a.patron
    key = people.a.school_class.pk
    assert people.a.record.title in page(librarian, "clearance_class", key)
    refused = post(librarian, "clearance_clear", reader=str(reader.pk), reason="transferred")
    assert reader.name in told(refused)
    check_in(library=library, item=people.a.item, at=clock.now(), by=BY)
    act = post(librarian, "clearance_clear", reader=str(reader.pk), reason="transferred")
    (row,) = Clearance.objects.filter(library=library)
    assert act.context["batch"] == row.batch
    assert row.number in page(librarian, "clearance_certificate", row.pk, all="1")
    assert row.number in page(librarian, "clearance_sheet", key)
    assert row.number in page(librarian, "clearance")
    post(librarian, "clearance_undo_act", row.batch)
    reader.refresh_from_db()
    assert reader.left_on is None
    assert librarian.get(reverse("desk:clearance_certificate", args=[row.pk])).status_code == 404


def test_the_class_teacher_prints_the_stamp_sheet_of_the_own_class(people: Cast) -> None:
    teacher = signed_in(people, "class_teacher")
    assert people.a.patron.name in page(teacher, "clearance_sheet", people.a.school_class.pk)
    assert teacher.get(reverse("desk:clearance_class", args=[people.a.school_class.pk])).status_code == 403


def test_who_left_owing_is_listed(people: Cast, librarian: Client) -> None:
    post(librarian, "reader_leave", people.a.patron.pk)
    assert people.a.record.title in page(librarian, "clearance_owing")


def helper_of(people: Cast, librarian: Client) -> Helper:
    post(librarian, "helpers_propose", reader=str(people.a.patron.pk), votes="17")
    helper = Helper.objects.get(library=people.a.library)
    post(librarian, "helper_appoint", helper.pk, reach="class")
    helper.refresh_from_db()
    assert helper.state == "appointed"
    return helper


def child_of(people: Cast, librarian: Client, helper: Helper) -> Client:
    """The child signs in with the printed card and chooses a password."""
    shown = post(librarian, "helper_card", helper.pk)
    assert b"<svg" in shown.content
    child = Client()
    sent = {"code": shown.context["code"], "password": "小书虫爱看书2026", "again": "小书虫爱看书2026"}
    child.post(reverse("accounts:welcome"), sent)
    return child


def test_a_helper_signs_in_by_the_card_and_sees_names_and_the_own_class_only(
    people: Cast, librarian: Client
) -> None:
    helper = helper_of(people, librarian)
    child = child_of(people, librarian, helper)
    mine = child.get(reverse("desk:helpers_mine"))
    assert mine.status_code == 200
    way = reverse("desk:helpers_mine")
    assert way in child.get(reverse("desk:home")).content.decode()
    assert way not in librarian.get(reverse("desk:home")).content.decode()
    assert reverse("desk:class_desk", args=[people.a.school_class.pk]) in mine.content.decode()
    assert child.get(reverse("desk:class_desk", args=[people.a.school_class.pk])).status_code == 200
    shut = ("readers", "reader_new", "helpers", "helpers_training", "helpers_roster", "helpers_work", "year",
            "clearance", "imports", "figures", "printing_cards", "ledgers", "reconcile")  # fmt: skip
    assert {route: child.get(reverse(f"desk:{route}")).status_code for route in shut} == dict.fromkeys(
        shut, 403
    )
    pk = people.a.patron.pk
    for route in ("reader", "reader_history"):
        assert child.get(reverse(f"desk:{route}", args=[pk])).status_code == 403
    assert child.post(reverse("desk:reader_change", args=[pk]), {"name": "改名"}).status_code == 403
    post(librarian, "helper_end", helper.pk)
    assert child.get(reverse("desk:helpers_mine")).status_code in (302, 403)


def test_training_roster_duty_work_and_award(people: Cast, librarian: Client) -> None:
    library, today = people.a.library, clock.local_date(clock.now())
    room = add_room(library=library, code="r", name="阅览室", by=BY, at=START)
    slot = {"weekday": today.isoweekday(), "valid_from": JOINED_ON, "by": BY, "at": START}
    set_slot(library=library, room=room, starts=time(12), ends=time(12, 40), **slot)  # type: ignore[arg-type]
    helper = helper_of(people, librarian)
    child = child_of(people, librarian, helper)
    assert post(librarian, "helpers_training", topic="labels").status_code == 422
    post(librarian, "helpers_training", topic="labels", helper=str(helper.pk), trainer="李老师")
    assert Training.objects.get().present.get() == helper
    cells = [cell for _day, _week, cell in librarian.get(reverse("desk:helpers_roster")).context["cells"]]
    (key,) = [cell.key for cell in cells if cell.room_id == room.pk]
    post(librarian, "helpers_roster_put", helper=str(helper.pk), cell=key)
    post(librarian, "helpers_roster_put", helper=str(helper.pk), cell="nonsense")
    duty = Duty.objects.get()
    assert "阅览室" in page(child, "helpers_mine")
    post(child, "helpers_here", duty=str(duty.pk))
    assert Served.objects.get().minutes == 40
    post(librarian, "helpers_served", duty=str(duty.pk))
    assert Served.objects.count() == 1
    assert "40" in page(librarian, "helpers_work")
    post(librarian, "helper_award", helper.pk)
    award = Award.objects.get()
    assert people.a.patron.name in page(librarian, "helpers_certificate", award.pk)
    post(librarian, "helpers_unaward", award.pk)
    post(librarian, "helpers_unserved", Served.objects.get().pk)
    post(librarian, "helpers_roster_take", duty.pk)
    post(librarian, "helpers_training_remove", Training.objects.get().pk)
    assert [model.objects.count() for model in (Award, Served, Duty, Training)] == [0, 0, 0, 0]


def test_nobody_is_told_so_on_empty_pages(people: Cast, librarian: Client) -> None:
    for route in (
        "helpers",
        "helpers_training",
        "helpers_day",
        "helpers_work",
        "year",
        "clearance_owing",
    ):
        assert 'class="empty"' in page(librarian, route), route
