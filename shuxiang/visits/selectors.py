"""Reading visits, lessons, registers and scores. Every selector takes the library, or something that has one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from shuxiang.common.schoolyear import Period
from shuxiang.figures import registry
from shuxiang.figures.ground import classes_in_order
from shuxiang.figures.registry import Scope
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import Library, Room, RotationSlot, SchoolClass
from shuxiang.libraries.rules.rotation import ClassHere
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
from shuxiang.visits.rules import Measure, Placed, PlannedLesson, rank
from shuxiang.visits.services.counting import pause_of

__all__ = ["LessonState", "VisitWay", "pause_of"]
LessonState, VisitWay = Lesson.State, Visit.Way


# visits


def visits_in(library: Library, days: tuple[date, date]) -> QuerySet[Visit]:
    return Visit.objects.filter(library=library, on__range=days)


def by_hour(library: Library, days: tuple[date, date], room: Room | None = None) -> list[tuple[int, int]]:
    """Visits of each hour from the first to the last that has any."""
    rows = visits_in(library, days)
    if room is not None:
        rows = rows.filter(room=room)
    counted = dict(rows.values_list("hour").annotate(n=Sum("count")).order_by("hour"))
    if not counted:
        return []
    return [(hour, counted.get(hour, 0)) for hour in range(min(counted), max(counted) + 1)]


def by_room(library: Library, days: tuple[date, date]) -> list[tuple[str, int]]:
    rows = visits_in(library, days).values_list("room__name").annotate(n=Sum("count"))
    return [(name, n) for name, n in rows.order_by("room__pk")]


def latest(library: Library, days: tuple[date, date]) -> QuerySet[Visit]:
    """Entries, the latest first."""
    return visits_in(library, days).select_related("room", "school_class").order_by("-on", "-hour", "-pk")


def count_today(library: Library, room: Room, day: date, way: str = "") -> int:
    rows = Visit.objects.filter(library=library, room=room, on=day)
    return (rows.filter(way=way) if way else rows).aggregate(n=Sum("count"))["n"] or 0


def gate_files(library: Library) -> QuerySet[GateFile]:
    return GateFile.objects.filter(library=library).select_related("room").order_by("-at")


def gate_file_of(library: Library, pk: int) -> GateFile | None:
    return GateFile.objects.filter(library=library, pk=pk).first()


def room_of(library: Library, pk: int) -> Room | None:
    return Room.objects.filter(library=library, pk=pk).first()


def class_of(library: Library, pk: int) -> SchoolClass | None:
    return SchoolClass.objects.filter(library=library, pk=pk).select_related("stage").first()


# lessons


def planned_lessons(library: Library, first: date, last: date) -> list[PlannedLesson]:
    """The lessons that the rotation table has from a day to a day: on open days of teaching weeks; a cell of a grade is one
    lesson for each of its classes."""
    slots = RotationSlot.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=first),
        library=library,
        activity=RotationSlot.Activity.LESSON,
        valid_from__lte=last,
    )
    rows = [(row.pk, libraries.slot_facts(row)) for row in slots.order_by("starts", "pk")]
    if not rows:
        return []
    calendar, openings = libraries.calendar_of(library), libraries.open_days(library)
    grades = _Grades(library)
    planned = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        week = calendar.term_on(day).week_of(day)
        if week is None or not openings.is_open(day):
            continue
        for pk, slot in rows:
            if slot.is_at(datetime.combine(day, slot.starts), week):
                keys = [slot.class_id] if slot.class_id else grades.classes(slot.grade, day)
                planned += [PlannedLesson(pk, key, slot.room_id, day, slot.starts, slot.ends) for key in keys]
    return planned


class _Grades:
    """The classes of a grade on a day, asked once a school year."""

    def __init__(self, library: Library) -> None:
        self._library, self._known = library, {}  # type: Library, dict[tuple[int, int], list[int]]
        self._calendar = libraries.calendar_of(library)

    def classes(self, grade: int | None, day: date) -> list[int]:
        if grade is None:
            return []
        key = (self._calendar.school_year_on(day), grade)
        if key not in self._known:
            present = libraries.classes_on(self._library, day, self._calendar)
            self._known[key] = [
                each.pk for each in present if libraries.grade_of(each, day, self._calendar) == grade
            ]
        return self._known[key]


def lessons_in(library: Library, days: tuple[date, date]) -> QuerySet[Lesson]:
    rows = Lesson.objects.filter(library=library, on__range=days).select_related(
        "room", "school_class__stage"
    )
    return rows.order_by("on", "starts", "pk")


def lesson_of(library: Library, pk: int) -> Lesson | None:
    rows = Lesson.objects.select_related("room", "school_class__stage")
    return rows.filter(library=library, pk=pk).first()


def present_in(lesson: Lesson) -> set[int]:
    """Keys of the pupils ticked."""
    return set(Attendance.objects.filter(lesson=lesson).values_list("patron_id", flat=True))


@dataclass(frozen=True)
class Row:
    """A lesson of a day: planned, written down, or both."""

    planned: PlannedLesson | None
    lesson: Lesson | None
    class_id: int
    on: date
    label: str


def lesson_rows(library: Library, first: date, last: date, classes: Iterable[int] | None = None) -> list[Row]:
    """What the table has and what was written, in the order of time; `classes` narrows to some."""
    kept = None if classes is None else set(classes)
    written = {(row.school_class_id, row.on, row.starts): row for row in lessons_in(library, (first, last))}
    found: list[tuple[PlannedLesson | None, Lesson | None]] = [
        (plan, written.pop((plan.class_id, plan.on, plan.starts), None))
        for plan in planned_lessons(library, first, last)
    ]
    found += [(None, lesson) for lesson in written.values()]
    every = {each.pk: each for each in libraries.classes_of(library)}
    labels = libraries.class_labels(library, every.values(), last)
    rows = []
    for plan, lesson in found:
        key = plan.class_id if plan else lesson.school_class_id if lesson else 0
        on = plan.on if plan else lesson.on if lesson else first
        if kept is None or key in kept:
            rows.append(Row(plan, lesson, key, on, labels.get(key, "")))
    return sorted(rows, key=_when)


def _when(row: Row) -> tuple[date, object, int]:
    starts = row.planned.starts if row.planned else row.lesson.starts if row.lesson else None
    return row.on, starts, row.class_id


# registers


def readings_in(library: Library, days: tuple[date, date]) -> QuerySet[TeacherReading]:
    rows = TeacherReading.objects.filter(library=library, on__range=days, removed_at=None)
    return rows.select_related("room").order_by("on", "starts", "pk")


def reading_of(library: Library, pk: int) -> TeacherReading | None:
    return TeacherReading.objects.filter(library=library, pk=pk).first()


def visitors_in(library: Library, days: tuple[date, date]) -> QuerySet[VisitorGroup]:
    return VisitorGroup.objects.filter(library=library, on__range=days, removed_at=None).order_by(
        "-on", "-pk"
    )


def visitors_of(library: Library, pk: int) -> VisitorGroup | None:
    return VisitorGroup.objects.filter(library=library, pk=pk).first()


# scores


def criteria_of(library: Library) -> list[Criterion]:
    """What is scored now, in its order."""
    return list(Criterion.objects.filter(library=library, ended_at=None).order_by("position", "pk"))


def criterion_of(library: Library, pk: int) -> Criterion | None:
    return Criterion.objects.filter(library=library, pk=pk).first()


def entries_in(library: Library, period: Period) -> QuerySet[PointsEntry]:
    """Points given by hand in a period, struck ones too, the latest first."""
    rows = PointsEntry.objects.filter(
        criterion__library=library, on__range=(period.starts_on, period.ends_on)
    )
    return rows.select_related("criterion", "school_class").order_by("-on", "-pk")


def entry_of(library: Library, pk: int) -> PointsEntry | None:
    return PointsEntry.objects.filter(criterion__library=library, pk=pk).select_related("criterion").first()


@dataclass(frozen=True)
class ScoreCell:
    """Points of a class for a criterion; `value` is the figure behind them, None by hand or where there is none."""

    points: Decimal
    value: Decimal | None


@dataclass(frozen=True)
class ScoreLine:
    """A class on the sheet."""

    school_class: ClassHere
    cells: tuple[ScoreCell, ...]
    placed: Placed


@dataclass(frozen=True)
class ScoreSheet:
    """Criteria across, classes down, the best first."""

    criteria: tuple[Criterion, ...]
    lines: tuple[ScoreLine, ...]


def score_sheet(library: Library, period: Period, today: date) -> ScoreSheet:
    """The sheet of a period: computed criteria from the figure of each class, the others from the points given."""
    scope = Scope(library, period, as_of=today)
    classes = classes_in_order(scope)
    labels = scope.ground.labels(classes, scope.last_day)
    criteria = criteria_of(library)
    columns = [_column(criterion, scope, [each.pk for each in classes]) for criterion in criteria]
    totals = {each.pk: sum((column[each.pk].points for column in columns), Decimal(0)) for each in classes}
    lines = []
    for placed in rank(totals):
        here = ClassHere(placed.class_id, labels[placed.class_id], None, None)
        lines.append(ScoreLine(here, tuple(column[placed.class_id] for column in columns), placed))
    return ScoreSheet(tuple(criteria), tuple(lines))


def _column(criterion: Criterion, scope: Scope, keys: list[int]) -> Mapping[int, ScoreCell]:
    if not criterion.figure:
        given = PointsEntry.objects.filter(criterion=criterion, struck_at=None, on__range=scope.days)
        sums = dict(
            given.values_list("school_class_id").annotate(n=Sum("points")).order_by("school_class_id")
        )
        most = criterion.most
        return {
            key: ScoreCell(_capped(sums.get(key, Decimal(0)), most).quantize(Decimal("0.01")), None)
            for key in keys
        }
    measure = Measure(criterion.base, criterion.per_unit, criterion.most)
    values = {part.key: part.value.number for part in registry.get(criterion.figure).parts["class"](scope)}
    return {key: ScoreCell(measure.points(values.get(str(key))), values.get(str(key))) for key in keys}


def _capped(points: Decimal, most: Decimal | None) -> Decimal:
    return points if most is None else min(points, most)


def figures_by_class() -> list[registry.Figure]:
    """The figures that a criterion can be computed from."""
    return [figure for figure in registry.all_figures() if "class" in figure.parts]
