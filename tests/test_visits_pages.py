"""The pages of the rotation table, opening hours, lessons, visits, slips and scores, as plain forms."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shuxiang.audit import reconcile
from shuxiang.common import clock
from shuxiang.common.ids import uuid7
from shuxiang.libraries.models import CalendarDay, OpeningHours, Room, RotationSlot, Term
from shuxiang.visits.models import (
    Attendance,
    Criterion,
    GateFile,
    Lesson,
    PointsEntry,
    TeacherReading,
    Visit,
    VisitorGroup,
)
from tests.doors import BACKEND
from tests.school import CANARY, Cast, cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


@pytest.fixture
def librarian(people: Cast) -> Client:
    return signed_in(people, "librarian")


def signed_in(people: Cast, role: str) -> Client:
    client = Client()
    client.force_login(people.accounts[role], backend=BACKEND)
    return client


def post(client: Client, route: str, *args: object, **sent: Any) -> Any:
    return client.post(reverse(f"desk:{route}", args=args), sent, follow=True)


def get(client: Client, route: str, *args: object, **query: Any) -> Any:
    return client.get(reverse(f"desk:{route}", args=args), query)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def today() -> date:
    return clock.local_date(clock.now())


# the rotation table


def cell(people: Cast, **other: Any) -> dict[str, Any]:
    typed = {
        "room": people.a.reading.room.pk,
        "weekday": 3,
        "starts": "11:30",
        "ends": "12:30",
        "who": f"class:{people.a.school_class.pk}",
        "week": "every",
        "activity": "lend",
        "valid_from": "2026-10-01",
        "valid_to": "",
    }
    return typed | other


def test_a_time_is_added_changed_and_the_change_undone(librarian: Client, people: Cast) -> None:
    added = post(librarian, "rotation_new", **cell(people))
    assert "三（1）班" in text(added)
    row = RotationSlot.objects.get(weekday=3)
    changed = post(librarian, "rotation_cell", row.pk, **cell(people, weekday=4, valid_from="2026-11-02"))
    assert changed.status_code == 200
    row.refresh_from_db()
    assert row.valid_to == date(2026, 11, 1)
    done = changed.context["done"]
    post(librarian, "rotation_undo", done=done, room=people.a.reading.room.pk, on="2026-11-02")
    assert RotationSlot.objects.get(weekday=3).valid_to is None
    assert not RotationSlot.objects.filter(weekday=4).exists()
    assert post(librarian, "rotation_undo", done="nonsense").status_code == 200


def test_a_conflict_is_said_asked_and_kept_when_confirmed(librarian: Client, people: Cast) -> None:
    asked = post(librarian, "rotation_new", **cell(people, starts="06:00", ends="07:00"))
    assert asked.status_code == 422
    assert [reason.code for reason in asked.context["decision"].asks] == ["slot_outside_hours"]
    said = post(librarian, "rotation_check", **cell(people, starts="06:00", ends="07:00"))
    assert "榆树阅览室" in text(said)
    kept = post(
        librarian,
        "rotation_new",
        **cell(people, starts="06:00", ends="07:00", confirmed="slot_outside_hours"),
    )
    assert kept.status_code == 200
    twice = post(librarian, "rotation_new", **cell(people, starts="06:30", ends="07:00"))
    assert twice.context["decision"].refused[0].code == "slot_readers_twice"


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts": ""},
        {"weekday": "9"},
        {"valid_from": "x"},
        {"valid_to": "x"},
        {"starts": "12:30", "ends": "11:30"},
        {"who": "class:999999"},
        {"valid_to": "2020-01-01"},
    ],
)
def test_what_makes_no_cell_is_said_and_what_was_typed_stays(
    librarian: Client, people: Cast, wrong: dict[str, str]
) -> None:
    answer = post(librarian, "rotation_new", **cell(people, **wrong))
    assert answer.status_code == 422
    assert answer.context["problem"] or answer.context["reasons"]
    assert RotationSlot.objects.filter(library=people.a.library).count() == 1


def test_a_time_is_taken_out_from_a_day_on(librarian: Client, people: Cast) -> None:
    own = people.a.reading.cell
    post(librarian, "rotation_end", own.pk, valid_from="2026-11-01")
    own.refresh_from_db()
    assert own.valid_to == date(2026, 10, 31)


def test_a_table_is_filled_by_proposal_and_carried_on(librarian: Client, people: Cast) -> None:
    room = people.a.reading.room.pk
    shown = post(
        librarian,
        "rotation_fill",
        room=room,
        spans="11:30-12:30",
        weekday=["1", "2"],
        activity="lend",
        from_on="2026-10-01",
    )
    assert shown.context["made"] == 1
    assert "周一" in text(shown) or "星期一" in text(shown)
    applied = post(
        librarian,
        "rotation_apply",
        room=room,
        packed=shown.context["packed"],
        operation=shown.context["operation"],
    )
    assert applied.status_code == 200
    assert RotationSlot.objects.get(activity="lend").starts.hour == 11
    assert post(librarian, "rotation_fill", room=room, spans="x", weekday="1").status_code == 422
    carried = post(librarian, "rotation_carry", room=room, source="2026-10-05", from_on="2027-03-01")
    assert (carried.context["made"], len(carried.context["notes"])) == (0, 1)
    tampered = post(librarian, "rotation_apply", room=room, packed="abc")
    assert tampered.status_code == 200
    assert RotationSlot.objects.filter(library=people.a.library).count() == 2


def grid(content: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("轮流表.csv", content.encode(), content_type="text/csv")


def test_a_table_is_read_from_a_sheet(librarian: Client, people: Cast) -> None:
    room = people.a.reading.room.pk
    sheet = grid("时间,周一,周二\n11:30-12:30,三1班,九年级\n课间,三1班,\n15:40-16:50,闭馆,四9班\n")
    shown = post(librarian, "rotation_file", room=room, file=sheet, from_on="2026-10-01", activity="lend")
    assert [(row["slot"].weekday, row["slot"].activity) for row in shown.context["rows"]] == [
        (1, "lend"),
        (2, "lend"),
        (1, "closed"),
    ]
    assert len(shown.context["notes"]) == 2
    post(
        librarian,
        "rotation_apply",
        room=room,
        packed=shown.context["packed"],
        confirmed=shown.context["asks"],
        operation=uuid7(),
    )
    assert RotationSlot.objects.filter(library=people.a.library).count() == 4
    nothing = post(librarian, "rotation_file", room=room, file=grid("a,b\nc,d\n"), from_on="2026-10-01")
    assert nothing.status_code == 422
    assert post(librarian, "rotation_file", room=room).status_code == 422


def test_poster_and_slips_are_pdf(librarian: Client, people: Cast) -> None:
    for route, query in (
        ("rotation_poster", {"paper": "a3"}),
        ("rotation_slips", {}),
        ("lessons_register", {}),
    ):
        answer = get(librarian, route, **query)
        assert answer.content.startswith(b"%PDF"), route
    assert get(librarian, "rotation_slips", **{"class": people.b.school_class.pk}).status_code == 404


def test_who_may_only_look_sees_no_links_to_edit(people: Cast) -> None:
    page = text(get(signed_in(people, "pupil_librarian"), "rotation", on="2026-10-05"))
    assert "三（1）班" in page
    assert reverse("desk:rotation_new") not in page


# rooms, hours, days, terms


def test_rooms_hours_and_days_are_set(librarian: Client, people: Cast) -> None:
    post(librarian, "opening_room", name="低年级阅览室", seats="40")
    made = Room.objects.get(library=people.a.library, name="低年级阅览室")
    post(librarian, "opening_room", room=made.pk, name="绘本室", seats="")
    made.refresh_from_db()
    assert (made.name, made.seats) == ("绘本室", None)
    assert post(librarian, "opening_room", name="x", seats="viele").status_code == 422
    assert post(librarian, "opening_room", name="", seats="3").status_code == 422
    post(
        librarian,
        "opening_hours",
        made.pk,
        valid_from="2026-10-01",
        h1a="11:30",
        h1b="12:30",
        h1c="15:40",
        h1d="16:50",
    )
    assert OpeningHours.objects.filter(room=made).count() == 2
    assert post(librarian, "opening_hours", made.pk, valid_from="2026-10-01", h1a="11:30").status_code == 422
    assert (
        post(
            librarian, "opening_hours", made.pk, valid_from="2026-10-01", h1a="12:30", h1b="11:30"
        ).status_code
        == 422
    )
    post(librarian, "opening_days", name="元旦补课", from_on="2027-01-03", is_open="1")
    day = CalendarDay.objects.get(name="元旦补课")
    assert day.is_open
    post(librarian, "opening_days_remove", day.pk)
    assert not CalendarDay.objects.filter(name="元旦补课").exists()
    assert post(librarian, "opening_days", name="", from_on="2027-01-03").status_code == 422
    assert (
        post(librarian, "opening_days", name="反", from_on="2027-01-03", to_on="2027-01-01").status_code
        == 422
    )


def test_a_term_is_set_and_what_cannot_be_is_said(librarian: Client, people: Cast) -> None:
    days = {
        "starts_on": "2026-09-01",
        "ends_on": "2027-02-05",
        "teaching_from": "2026-09-01",
        "teaching_to": "2027-01-22",
    }
    post(librarian, "opening_term", "2026-autumn", recall_on="2027-01-15", **days)
    assert Term.objects.get(library=people.a.library).recall_on == date(2027, 1, 15)
    far = post(librarian, "opening_term", "2026-autumn", **(days | {"starts_on": "2020-09-01"}))
    assert far.status_code == 422
    assert post(librarian, "opening_term", "2026-autumn", starts_on="").status_code == 422
    assert get(librarian, "opening_term", "nonsense").status_code == 404


# lessons


def lesson(people: Cast, **other: Any) -> dict[str, Any]:
    return {
        "class": people.a.school_class.pk,
        "room": people.a.reading.room.pk,
        "on": "2026-09-14",
        "starts": "14:00",
        "ends": "14:40",
        "how": "heads",
        "heads": "38",
        "teacher": "李老师",
        "topic": "童话",
    } | other


def test_the_week_shows_what_is_to_be_written_down(librarian: Client) -> None:
    page = get(librarian, "lessons", on="2026-09-14")
    assert [row["is_due"] for row in page.context["rows"]] == [True]
    assert (page.context["held"], page.context["planned"]) == (0, 1)
    assert get(librarian, "lessons", on="2026-09-07").context["held"] == 1


def test_a_lesson_is_written_by_count_then_by_ticks_then_not_held(librarian: Client, people: Cast) -> None:
    post(librarian, "lesson_new", **lesson(people))
    row = Lesson.objects.get(on=date(2026, 9, 14))
    assert (row.head_count, row.teacher) == (38, "李老师")
    post(librarian, "lesson", row.pk, **lesson(people, how="ticks", present=[people.a.patron.pk]))
    row.refresh_from_db()
    assert (row.head_count, Attendance.objects.filter(lesson=row).count()) == (1, 1)
    assert "checked" in text(get(librarian, "lesson", row.pk))
    post(librarian, "lesson", row.pk, **lesson(people, how="dropped", reason="停电"))
    row.refresh_from_db()
    assert (row.state, row.reason) == ("dropped", "停电")
    post(librarian, "lesson_forget", row.pk)
    assert not Lesson.objects.filter(on=date(2026, 9, 14)).exists()
    assert reconcile.run().is_clean


@pytest.mark.parametrize(
    "wrong",
    [{"heads": "viele"}, {"on": ""}, {"class": "0"}, {"how": "dropped", "reason": ""}, {"on": "2199-01-01"}],
)
def test_a_lesson_that_cannot_be_is_said_and_what_was_typed_stays(
    librarian: Client, people: Cast, wrong: dict[str, str]
) -> None:
    answer = post(librarian, "lesson_new", **lesson(people, **wrong))
    assert (answer.status_code, answer.context["typed"]["topic"]) == (422, "童话")
    assert answer.context["problem"]


def test_a_class_teacher_writes_lessons_of_the_own_class_only(people: Cast) -> None:
    teacher = signed_in(people, "class_teacher")
    assert post(teacher, "lesson_new", **lesson(people)).status_code == 200
    assert Lesson.objects.filter(on=date(2026, 9, 14)).exists()
    other = lesson(people, **{"class": people.b.school_class.pk, "on": "2026-09-21"})
    assert post(teacher, "lesson_new", **other).status_code == 422


# visits


def test_the_door_says_only_the_class_and_counts_once(librarian: Client, people: Cast) -> None:
    room = people.a.reading.room.pk
    page = text(post(librarian, "visits_door", room, scan="A0001"))
    assert "三（1）班" in page
    assert people.a.patron.name not in page
    post(librarian, "visits_door", room, scan="A0001")
    assert Visit.objects.filter(way="card").count() == 1
    assert post(librarian, "visits_door", room, scan="B0001").status_code == 422
    assert get(librarian, "visits_door", people.b.reading.room.pk).status_code == 404


def test_the_key_counts_one_for_each_press(people: Cast) -> None:
    helper, room = signed_in(people, "pupil_librarian"), people.a.reading.room.pk
    for _n in range(2):
        page = post(helper, "visits_key", room, operation=uuid7())
    assert page.context["counted"] == 2


def test_classes_corrections_and_the_pause_are_entered(librarian: Client, people: Cast) -> None:
    room, on = people.a.reading.room.pk, today().isoformat()
    place = {"room": room, "on": on, "hour": "9"}
    key = {"class": people.a.school_class.pk}
    assert post(librarian, "visits_class", count="38", **place, **key).status_code == 200
    assert post(librarian, "visits_class", count="0", **place, **key).status_code == 422
    assert post(librarian, "visits_correct", count="−3", reason="数错", **place).status_code == 200
    assert post(librarian, "visits_correct", count="-99", reason="数错", **place).status_code == 422
    assert (
        post(librarian, "visits_correct", count="1", reason="x", room=room, on="", hour="9").status_code
        == 422
    )
    assert get(librarian, "visits", days="day").context["total"] == 35
    assert (
        get(librarian, "visits", days="term").context["total"] == 57
    )  # with the gate, a lesson and a teacher
    post(librarian, "visits_pause", minutes="10")
    assert get(librarian, "visits").context["pause"] == 10
    assert post(librarian, "visits_pause", minutes="viele").status_code == 422


def test_a_gate_file_is_shown_taken_and_taken_back(librarian: Client, people: Cast) -> None:
    room = people.a.reading.room.pk
    file = SimpleUploadedFile("门禁.csv", "日期,时间,进\n2026-10-12,11:05,24\n2026-10-12,foo,1\n".encode())
    shown = post(librarian, "visits_gate", room=room, file=file)
    assert (len(shown.context["shown"]), len(shown.context["problems"])) == (1, 1)
    assert not GateFile.objects.filter(name="门禁.csv").exists()
    post(
        librarian,
        "visits_gate_take",
        room=room,
        name="门禁.csv",
        packed=shown.context["packed"],
        operation=uuid7(),
    )
    taken = GateFile.objects.get(name="门禁.csv")
    assert taken.count == 24
    post(librarian, "visits_gate_undo", taken.pk)
    taken.refresh_from_db()
    assert taken.undone_at is not None
    assert post(librarian, "visits_gate_take", room=room, packed="abc").status_code == 200
    empty = SimpleUploadedFile("x.csv", "姓名,分数\n甲,3\n".encode())
    assert post(librarian, "visits_gate", room=room, file=empty).status_code == 422
    assert post(librarian, "visits_gate_undo", people.b.reading.gate_file.pk).status_code == 404


def test_the_registers_take_lines_and_give_them_back(librarian: Client, people: Cast) -> None:
    line = {
        "room": people.a.reading.room.pk,
        "name": "王老师",
        "on": "2026-10-12",
        "starts": "10:00",
        "what": "《人民教育》",
    }
    assert "王老师" in text(post(librarian, "visits_readings", **line))
    assert post(librarian, "visits_readings", **(line | {"name": ""})).status_code == 422
    row = TeacherReading.objects.get(name="王老师")
    assert get(librarian, "visits_readings_print", on="2026-10-12").content.startswith(b"%PDF")
    post(librarian, "visits_reading_remove", row.pk)
    assert "王老师" not in text(get(librarian, "visits_readings", on="2026-10-12"))
    group = {"organisation": "县图书馆", "purpose": "交流", "people": "6", "on": "2026-10-12"}
    assert "县图书馆" in text(post(librarian, "visitors", **group))
    assert post(librarian, "visitors", **(group | {"people": "0"})).status_code == 422
    post(librarian, "visitors_remove", VisitorGroup.objects.get(organisation="县图书馆").pk)
    assert "县图书馆" not in text(get(librarian, "visitors"))


# slips and scores


def test_a_slip_names_what_the_class_owes_to_its_teacher_only(people: Cast) -> None:
    page = text(get(signed_in(people, "class_teacher"), "slips"))
    assert people.a.patron.name in page
    assert "榆树的故事" in page  # lent on 15 October, due in November or before
    assert CANARY not in page
    assert get(signed_in(people, "pupil_librarian"), "slips").status_code == 403
    stranger = get(signed_in(people, "class_teacher"), "slips", **{"class": people.b.school_class.pk})
    assert stranger.status_code == 404


def test_slips_are_written_as_pdf_and_word(librarian: Client) -> None:
    assert get(librarian, "slips_file", "pdf").content.startswith(b"%PDF")
    word = get(librarian, "slips_file", "docx").content
    with zipfile.ZipFile(io.BytesIO(word)) as file:
        document = file.read("word/document.xml").decode()
    assert "榆树的故事" in document
    assert get(librarian, "slips_file", "exe").status_code == 404


def test_points_are_given_struck_and_criteria_set(librarian: Client, people: Cast) -> None:
    mine = people.a.reading.criterion.pk
    give = {"class": people.a.school_class.pk, "criterion": mine, "on": "2026-10-12"}
    assert post(librarian, "scores_give", points="-1.5", reason="乱", **give).status_code == 200
    assert post(librarian, "scores_give", points="viele", reason="乱", **give).status_code == 422
    assert post(librarian, "scores_give", points="1", reason="", **give).status_code == 422
    row = PointsEntry.objects.get(reason="乱")
    post(librarian, "scores_strike", row.pk)
    row.refresh_from_db()
    assert row.struck_at is not None
    assert (
        post(
            librarian, "scores_criterion", name="到馆", figure="visits.visits", per_unit="0.1", most="20"
        ).status_code
        == 200
    )
    assert post(librarian, "scores_criterion", name="到馆", figure="").status_code == 422
    assert post(librarian, "scores_criterion", name="x", figure="nonsense").status_code == 422
    assert post(librarian, "scores_criterion", name="x", per_unit="y").status_code == 422
    page = text(get(librarian, "scores"))
    assert "visits.visits" in page
    assert get(librarian, "scores_print").content.startswith(b"%PDF")
    post(librarian, "scores_criterion_end", mine)
    assert post(librarian, "scores_give", points="1", reason="乱", **give).status_code == 422


def test_the_score_sheet_shows_the_term_that_was_changed_and_adds_a_criterion_once(
    librarian: Client, people: Cast
) -> None:
    mine = people.a.reading.criterion.pk
    given = post(
        librarian,
        "scores_give",
        points="1",
        reason="上学期",
        criterion=mine,
        on="2026-04-13",
        **{"class": people.a.school_class.pk},
    )
    assert (given.context["term"], "上学期" in text(given)) == ("2026-spring", True)
    struck = post(librarian, "scores_strike", PointsEntry.objects.get(reason="上学期").pk, term="2026-spring")
    assert struck.context["term"] == "2026-spring"
    again = {"name": "到馆", "figure": "visits.visits", "operation": str(uuid7())}
    pages = [post(librarian, "scores_criterion", **again) for _press in range(2)]
    assert [page.status_code for page in pages] == [200, 200]
    assert "visits.visits" in text(pages[1])
    assert Criterion.objects.filter(name="到馆").count() == 1


def test_a_school_that_scores_nothing_begins_with_the_usual_five(librarian: Client, people: Cast) -> None:
    people.a.reading.points.delete()
    people.a.reading.criterion.delete()
    page = post(librarian, "scores_criterion", usual="1")
    assert len(page.context["criteria"]) == 5
