"""Pupil librarians of the demonstration school, the opening of its school year, and who was cleared."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from shuxiang.common.clock import local_date
from shuxiang.demo.books import instant
from shuxiang.enrolment import services as enrolment
from shuxiang.enrolment.planning import work_out
from shuxiang.enrolment.services.running import carry_out
from shuxiang.helpers import services as helpers
from shuxiang.helpers.selectors import roster
from shuxiang.libraries import selectors as libraries
from shuxiang.patrons.selectors import readers_of

if TYPE_CHECKING:
    from shuxiang.demo.school import School
    from shuxiang.helpers.models import Helper

A_CLASS = 2
TRAINED = (("tasks", 12), ("layout", 19), ("labels", 26), ("catalogue", 40), ("meeting", 54))
WEEKS_KEPT = 6
NEWCOMERS = 12
FAMILY, GIVEN = "赵钱孙李周吴郑王冯陈褚卫", "安宁乐知行远书言希朗悦文"


def fill_helpers(school: School, at: datetime) -> None:
    """Two a class from the third grade up, trained and on duty since the term began; one proposal waits."""
    today, by = local_date(at), school.by
    term = libraries.calendar_of(school.library).term_on(today)
    begun = instant(term.teaching_from)
    serving: list[Helper] = []
    for school_class in libraries.classes_on(school.library, today):
        grade = libraries.grade_of(school_class, today) or 0
        pupils = readers_of(school_class, today)
        if grade < 3 or len(pupils) < A_CLASS + 2:
            continue
        for place in range(A_CLASS):
            reader = pupils[3 + place * 5]
            votes = 30 - grade - 7 * place
            one = helpers.propose(
                reader, library=school.library, on=term.teaching_from, votes=votes, by=by, at=begun
            )
            serving.append(
                helpers.appoint(
                    one, from_on=term.teaching_from, to_on=term.ends_on, for_all=place == 1, by=by, at=begun
                )
            )
        if grade == 4:
            helpers.propose(pupils[0], library=school.library, on=today, votes=12, by=by, at=at)
    for topic, days in TRAINED:
        on = term.teaching_from + timedelta(days=days)
        if on < today:
            present = [one.pk for number, one in enumerate(serving) if number % 7 != days % 7]
            helpers.hold_training(
                library=school.library,
                topic=topic,
                on=on,
                present=present,
                trainer="馆员",
                by=by,
                at=instant(on),
            )
    _on_duty(school, serving, at)


def _on_duty(school: School, serving: list[Helper], at: datetime) -> None:
    """The turns of the rotation table in order, two helpers each; most turns of the last weeks were kept."""
    today, by = local_date(at), school.by
    cells = roster(school.library, today)
    for number, one in enumerate(serving):
        if not cells:
            return
        cell = cells[number // 2 % len(cells)]
        duty = helpers.put_on_roster(
            one, room=next(room for room in school.library.rooms.all() if room.pk == cell.room_id),
            weekday=cell.weekday, week=cell.week, starts=cell.starts, ends=cell.ends, by=by, at=at,
        )  # fmt: skip
        minutes = (cell.ends.hour - cell.starts.hour) * 60 + cell.ends.minute - cell.starts.minute
        last = today - timedelta(days=(today.isoweekday() - cell.weekday) % 7 or 7)
        for week in range(WEEKS_KEPT):
            on = last - timedelta(days=7 * week)
            kept = one.from_on is not None and on >= one.from_on and (number + week) % 5
            if kept and duty.week == "every":
                helpers.note_served(one, on=on, starts=duty.starts, minutes=minutes, by=by, at=instant(on))


def newcomers(labels: tuple[str, ...]) -> bytes:
    """A list of new pupils as a school has it: name, class, number."""
    rows = [
        f"{FAMILY[number]}{GIVEN[number]},{labels[number % len(labels)]},{1 + number // len(labels)}"
        for number in range(NEWCOMERS)
    ]
    return ("姓名,班级,学号\n" + "\n".join(rows) + "\n").encode()


def open_year(school: School, year: int) -> None:
    """A school year opened as its page does it: the list of new pupils, one run."""
    at, by = instant(date(year, 8, 28)), school.by
    opening = enrolment.begin_opening(library=school.library, school_year=f"{year}-{year + 1}", by=by, at=at)
    enrolment.bring_list(opening, newcomers(("一年级",)), name="新生名单.csv", by=by, at=at)
    enrolment.answer_rest(opening, by=by, at=at)
    enrolment.start(opening, shown=work_out(opening).digest, by=by, at=at)
    carry_out(opening, by=by, at=at, progress=lambda _done, _total: None)


def fill_turn(school: School, at: datetime) -> None:
    """The next school year is being prepared, with a list of new pupils; a pupil who moved away was cleared."""
    today, by = local_date(at), school.by
    year = libraries.calendar_of(school.library).school_year_on(today) + 1
    coming = enrolment.begin_opening(library=school.library, school_year=f"{year}-{year + 1}", by=by, at=at)
    enrolment.bring_list(coming, newcomers(("一（1）班", "一（2）班")), name="新生名单.csv", by=by, at=at)
    for school_class in libraries.classes_on(school.library, today):
        if libraries.grade_of(school_class, today) == 2:
            pupils = readers_of(school_class, today)
            enrolment.clear(
                [one.pk for one in pupils[-3:]],
                library=school.library,
                reason="transferred",
                on=today,
                by=by,
                at=at,
            )
            return
