"""The reading room of the demonstration school: a lesson a week for every class, a gate counter, registers, scores."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.demo.books import instant
from shuxiang.demo.school import FOUNDED, School
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import Room, SchoolClass
from shuxiang.libraries.rotation import find_cell, rooms_of
from shuxiang.libraries.services import add_room, set_hours, set_slot
from shuxiang.visits import selectors, services
from shuxiang.visits.rules import GateRow
from shuxiang.visits.services.lessons import When

SINCE = date(2026, 2, 26)  # the first day of teaching of the spring that the demonstration tells of
TIMES = ((time(14, 0), time(14, 40)), (time(14, 50), time(15, 30)))
TOPICS = (
    ("怎样看目录和版权页", "《十万个为什么》"),
    ("读图画，讲故事", "《团圆》《荷花镇的早市》"),
    ("寓言里的道理", "《中国古代寓言》"),
    ("怎样做读书卡片", ""),
    ("自由阅读", ""),
    ("查字典比赛", "《新华字典》"),
    ("科普书里找答案", "《昆虫记》"),
    ("诗歌朗读", "《唐诗三百首》"),
)
REASONS = ("全校大扫除", "期中考试", "停电", "教师外出学习")
VISITORS = (  # days after SINCE, who, what for, how many
    (21, "柳溪县教育局装备站", "检查图书室工作", 4),
    (46, "青石镇中心小学", "参观交流", 11),
    (83, "一（2）班家长代表", "亲子阅读开放日", 26),
    (97, "柳溪县新华书店", "送书、讲座", 3),
    (214, "柳溪镇文化站", "商议共建阅览角", 2),
)
READ = ("《人民教育》", "《小学语文教学》", "《中国教育报》", "备课查资料", "《班主任之友》", "")
CROWD = {8: 9, 9: 14, 10: 16, 11: 52, 12: 34, 13: 6, 14: 12, 15: 41, 16: 38}  # heads of a usual day by hour


@dataclass
class _Reading:
    school: School
    room: Room
    by: Actor
    today: date
    rng: random.Random

    def slots(self) -> None:
        """Every class its lesson: those of the spring, and those that came since in the place of who left."""
        taken: dict[int, tuple[int, tuple[time, time]]] = {}
        free = [(weekday, span) for span in TIMES for weekday in range(1, 6)]
        for day in (SINCE, date(2026, 9, 1)):
            present = libraries.classes_on(self.school.library, day) if day <= self.today else []
            gone = [key for key in taken if present and key not in {each.pk for each in present}]
            free += [taken.pop(key) for key in gone]
            for school_class in present:
                if school_class.pk not in taken and free:
                    taken[school_class.pk] = free.pop(0)
                    self._slot(school_class, *taken[school_class.pk], day)

    def _slot(self, school_class: SchoolClass, weekday: int, span: tuple[time, time], day: date) -> None:
        is_leaving = libraries.grade_of(school_class, SINCE) == 6
        set_slot(
            library=self.school.library,
            room=self.room,
            weekday=weekday,
            starts=span[0],
            ends=span[1],
            activity="lesson",
            school_class=school_class,
            valid_from=day,
            valid_to=date(2026, 8, 31) if is_leaving else None,
            by=self.by,
            at=instant(day),
        )

    def lessons(self) -> None:
        """Nearly all held; some not, with the reason; those of this week still to be written down."""
        classes = {each.pk: each for each in libraries.classes_of(self.school.library)}
        monday = self.today - timedelta(days=self.today.weekday())
        heads = {key: len(readers) for key, readers in self.school.readers.items()}
        for plan in selectors.planned_lessons(self.school.library, SINCE, monday - timedelta(days=1)):
            slot = find_cell(self.school.library, plan.slot_id)
            when = When(classes[plan.class_id], self.room, plan.on, plan.starts, plan.ends, slot)
            at = instant(plan.on + timedelta(days=1))
            if self.rng.random() < 0.04:
                services.drop_lesson(
                    library=self.school.library, when=when, reason=self.rng.choice(REASONS), by=self.by, at=at
                )
                continue
            topic, books = self.rng.choice(TOPICS)
            services.hold_lesson(
                library=self.school.library,
                when=when,
                head_count=heads.get(plan.class_id, 39) - self.rng.choice((0, 0, 0, 1, 1, 2)),
                teacher="阅览教师",
                topic=topic,
                books=books,
                by=self.by,
                at=at,
            )

    def gate(self, room: Room, at: datetime) -> None:
        """A file of the counter at the door of the library for every term so far."""
        library = self.school.library
        openings = libraries.open_days(library)
        calendar = libraries.calendar_of(library)
        terms: dict[str, list[GateRow]] = {}
        day = SINCE
        while day < self.today:
            term = calendar.term_on(day)
            if openings.is_open(day) and term.week_of(day):
                terms.setdefault(term.code, []).extend(
                    GateRow(day, hour, max(1, round(heads * self.rng.uniform(0.6, 1.2))))
                    for hour, heads in CROWD.items()
                )
            day += timedelta(days=1)
        for code, rows in terms.items():
            services.take_gate_file(
                library=library, room=room, name=f"门禁计数 {code}.csv", rows=rows, by=self.by, at=at
            )

    def registers(self) -> None:
        """Teachers three times a week, and who came from outside."""
        library = self.school.library
        first = max(SINCE, self.today - timedelta(days=70))
        for number in range((self.today - first).days):
            day = first + timedelta(days=number)
            if day.isoweekday() not in {1, 3, 4}:
                continue
            services.enter_reading(
                library=library,
                room=self.room,
                name=self.rng.choice(self.school.teachers).name,
                on=day,
                starts=time(self.rng.choice((9, 10, 15)), self.rng.choice((0, 20, 40))),
                what=self.rng.choice(READ),
                by=self.by,
                at=instant(day + timedelta(days=1)),
            )
        for days, organisation, purpose, people in VISITORS:
            on = SINCE + timedelta(days=days)
            if on < self.today:
                services.enter_visitors(
                    library=library,
                    organisation=organisation,
                    purpose=purpose,
                    people=people,
                    on=on,
                    received_by="馆员",
                    by=self.by,
                    at=instant(on),
                )

    def scores(self, at: datetime) -> None:
        """The usual criteria, and points for the class corners once a month of the running term."""
        library = self.school.library
        made = services.default_criteria(library=library, by=self.by, at=at)
        term = libraries.term_on(library, self.today)
        day = term.teaching_from + timedelta(days=20)
        while made and day < self.today:
            for school_class in libraries.classes_on(library, day):
                points = Decimal(self.rng.choice((1, 2, 2, 3, -1)))
                services.give_points(
                    criterion=made[-1],
                    school_class=school_class,
                    points=points,
                    on=day,
                    reason="图书角整齐、登记及时" if points > 0 else "图书角有书未登记",
                    by=self.by,
                    at=instant(day),
                )
            day += timedelta(days=30)


def fill_reading_room(school: School, at: datetime) -> None:
    """A second room with everything in it; the same at every filling of the same day."""
    library, by = school.library, school.by
    room = add_room(library=library, code="reading", name="阅览室", seats=48, by=by, at=instant(FOUNDED))
    hours = [(weekday, time(8, 0), time(16, 50)) for weekday in range(1, 6)]
    set_hours(room=room, hours=hours, valid_from=FOUNDED, by=by, at=instant(FOUNDED))
    main = next(one for one in rooms_of(library) if one.code == "main")
    reading = _Reading(school, room, by, local_date(at), random.Random(48))  # noqa: S311  always the same
    reading.slots()
    reading.lessons()
    reading.gate(main, at)
    reading.registers()
    reading.scores(at)
