"""Figures of visits, lessons and the registers."""

from collections.abc import Callable
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import ExtractMonth, ExtractYear
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.circulation.figures.counts import teaching_weeks
from shuxiang.figures import ground
from shuxiang.figures.registry import REST, Figure, Part, Rows, Scope, Split, Value, number_of, register
from shuxiang.libraries.models import SchoolClass
from shuxiang.visits import selectors
from shuxiang.visits.messages import WAYS
from shuxiang.visits.models import Lesson, TeacherReading, Visit, VisitorGroup
from shuxiang.visits.rules import on_time

Visits = Callable[[Scope], QuerySet[Visit]]


def _visits(scope: Scope) -> QuerySet[Visit]:
    """Entries of the period in the scope; a narrowed scope takes those that name a class."""
    found = Visit.objects.filter(library=scope.library, on__range=scope.days)
    if scope.school_class_id is not None:
        return found.filter(school_class_id=scope.school_class_id)
    if scope.grade is not None:
        return found.filter(school_class__in=[each.pk for each in ground.classes_in_order(scope)])
    return found


def _pupils(scope: Scope) -> QuerySet[Visit]:
    return _visits(scope).filter(is_pupil=True)


def _sum(found: QuerySet[Visit]) -> Value:
    return Value.count(found.aggregate(n=Sum("count"))["n"] or 0)


def _by_class(visits: Visits) -> Split:
    def parts(scope: Scope) -> list[Part]:
        rows = (
            visits(scope).values_list("school_class_id").annotate(n=Sum("count")).order_by("school_class_id")
        )
        counts = {pk: int(n) for pk, n in rows}
        classes = ground.classes_in_order(scope)
        names = ground.labels(scope, classes)
        known = [Part(str(each.pk), names[each.pk], Value.count(counts.pop(each.pk, 0))) for each in classes]
        rest = sum(counts.values())
        return known + ([Part(REST, str(_("of no class")), Value.count(rest))] if rest else [])

    return parts


def _by_room(scope: Scope) -> list[Part]:
    rows = _visits(scope).values_list("room_id", "room__name").annotate(n=Sum("count")).order_by("room_id")
    return [Part(str(pk), name, Value.count(n)) for pk, name, n in rows]


def _by_hour(scope: Scope) -> list[Part]:
    rows = _visits(scope).values_list("hour").annotate(n=Sum("count")).order_by("hour")
    return [Part(str(hour), f"{hour:02}:00–{hour + 1:02}:00", Value.count(n)) for hour, n in rows]


def _by_month(scope: Scope) -> list[Part]:
    dated = _visits(scope).annotate(y=ExtractYear("on"), m=ExtractMonth("on"))
    rows = dated.values_list("y", "m").annotate(n=Sum("count")).order_by("y", "m")
    counts = {f"{y}-{m:02}": int(n) for y, m, n in rows}
    return [Part(month, month, Value.count(counts.get(month, 0))) for month in scope.months]


def _narrow(found: QuerySet[Visit], scope: Scope, part: str) -> QuerySet[Visit]:
    by, _colon, key = part.partition(":")
    if by == "class":
        if key != REST:
            return found.filter(school_class_id=int(key))
        here = [each.pk for each in ground.classes_in_order(scope)]
        return found.exclude(school_class_id__in=here)
    if by == "month":
        year, month = key.split("-")
        return found.filter(on__year=int(year), on__month=int(month))
    return found.filter(**{{"room": "room_id", "hour": "hour"}[by]: int(key)}) if by else found


def _entries(visits: Visits) -> Callable[[Scope, str, int, int], Rows]:
    """Visits by day, hour, room, class and way; their sum is the figure."""

    def rows(scope: Scope, part: str, first: int, many: int) -> Rows:
        found = _narrow(visits(scope), scope, part)
        grouped = (
            found.values_list("on", "hour", "room__name", "school_class_id", "way")
            .annotate(n=Sum("count"))
            .order_by("on", "hour", "room__name", "school_class_id", "way")
        )
        page = list(grouped[first : first + many])
        keys = {row[3] for row in page if row[3]}
        names = ground.labels(scope, list(SchoolClass.objects.filter(pk__in=keys).select_related("stage")))
        total = grouped.count()
        return Rows(
            (_("Day"), _("Hour"), _("Room"), _("Class"), _("Way"), _("Visits")),
            [
                (on, hour, room, names.get(key or 0, ""), str(WAYS[way]), n)
                for on, hour, room, key, way, n in page
            ],
            total,
        )

    return rows


def _per_pupil_week(scope: Scope) -> Value:
    weeks = len(teaching_weeks(scope))
    return Value.quotient(number_of("visits.pupils", scope), ground.pupils(scope) * weeks)


def _per_pupil_week_by_class(scope: Scope) -> list[Part]:
    weeks = len(teaching_weeks(scope))
    heads = {str(each.pk): pupils for each, _label, pupils in ground.heads(scope)}
    return [
        Part(part.key, part.label, Value.quotient(part.value.number or 0, heads.get(part.key, 0) * weeks))
        for part in _by_class(_pupils)(scope)
        if part.key != REST
    ]


def _planned(scope: Scope) -> dict[int, int]:
    """Lessons that the rotation table had so far, by class."""
    counts: dict[int, int] = {}
    for plan in selectors.planned_lessons(scope.library, *scope.days):
        counts[plan.class_id] = counts.get(plan.class_id, 0) + 1
    return _kept(scope, counts)


def _held(scope: Scope) -> dict[int, int]:
    found = Lesson.objects.filter(library=scope.library, on__range=scope.days, state=Lesson.State.HELD)
    rows = found.values_list("school_class_id").annotate(n=Count("pk")).order_by("school_class_id")
    return _kept(scope, {pk: int(n) for pk, n in rows})


def _kept(scope: Scope, counts: dict[int, int]) -> dict[int, int]:
    if scope.school_class_id is None and scope.grade is None:
        return counts
    here = {each.pk for each in ground.classes_in_order(scope)}
    return {pk: n for pk, n in counts.items() if pk in here}


def _lesson_parts(counted: Callable[[Scope], dict[int, int]]) -> Split:
    def parts(scope: Scope) -> list[Part]:
        counts = dict(counted(scope))
        classes = ground.classes_in_order(scope)
        names = ground.labels(scope, classes)
        known = [Part(str(c.pk), names[c.pk], Value.count(counts.pop(c.pk, 0))) for c in classes]
        rest = sum(counts.values())
        return known + ([Part(REST, str(_("of no class")), Value.count(rest))] if rest else [])

    return parts


def _on_time(scope: Scope) -> Value:
    planned, held = sum(_planned(scope).values()), sum(_held(scope).values())
    return Value(on_time(planned, held), Decimal(held), Decimal(planned))


def _on_time_by_class(scope: Scope) -> list[Part]:
    planned, held = _planned(scope), _held(scope)
    classes = ground.classes_in_order(scope)
    names = ground.labels(scope, classes)
    return [
        Part(
            str(c.pk),
            names[c.pk],
            Value(
                on_time(planned.get(c.pk, 0), held.get(c.pk, 0)),
                Decimal(held.get(c.pk, 0)),
                Decimal(planned.get(c.pk, 0)),
            ),
        )
        for c in classes
    ]


def _lesson_rows(scope: Scope, part: str, first: int, many: int) -> Rows:
    by, _colon, key = part.partition(":")
    found = Lesson.objects.filter(library=scope.library, on__range=scope.days, state=Lesson.State.HELD)
    if by == "class" and key != REST:
        found = found.filter(school_class_id=int(key))
    elif scope.school_class_id is not None or scope.grade is not None:
        found = found.filter(school_class__in=ground.classes_in_order(scope))
    elif by == "class":
        found = found.exclude(school_class__in=ground.classes_in_order(scope))
    page = list(
        found.select_related("room", "school_class__stage").order_by("on", "starts", "pk")[
            first : first + many
        ]
    )
    names = ground.labels(scope, [row.school_class for row in page])
    return Rows(
        (_("Day"), _("Class"), _("Room"), _("Teacher"), pgettext_lazy("lesson", "Topic"), _("Pupils")),
        [
            (row.on, names[row.school_class_id], row.room.name, row.teacher, row.topic, row.head_count)
            for row in page
        ],
        found.count(),
        personal=(3,),
    )


def _visitors(scope: Scope) -> QuerySet[VisitorGroup]:
    return VisitorGroup.objects.filter(library=scope.library, on__range=scope.days, removed_at=None)


def _visitor_rows(scope: Scope, _part: str, first: int, many: int) -> Rows:
    found = _visitors(scope).order_by("on", "pk")
    return Rows(
        (_("Day"), _("Organisation"), _("Purpose"), _("People")),
        [(row.on, row.organisation, row.purpose, row.people) for row in found[first : first + many]],
        found.count(),
    )


def _readings(scope: Scope) -> QuerySet[TeacherReading]:
    return TeacherReading.objects.filter(library=scope.library, on__range=scope.days, removed_at=None)


def _reading_rows(scope: Scope, _part: str, first: int, many: int) -> Rows:
    found = _readings(scope).select_related("room").order_by("on", "starts", "pk")
    return Rows(
        (_("Day"), _("Teacher"), _("Room"), _("Read")),
        [(row.on, row.name, row.room.name, row.what) for row in found[first : first + many]],
        found.count(),
        personal=(1,),
    )


def register_all() -> None:
    register(
        Figure(
            "visits.visits",
            _("Visits"),
            _("visits"),
            _(
                "All who came into a room in the period: by card, head-count, lesson, counter key, gate"
                " and register, less corrections."
            ),
            lambda scope: _sum(_visits(scope)),
            parts={"class": _by_class(_visits), "room": _by_room, "hour": _by_hour, "month": _by_month},
            rows=_entries(_visits),
            is_evidence=True,
        )
    )
    register(
        Figure(
            "visits.pupils",
            _("Visits by pupils"),
            _("visits"),
            _(
                "Visits less those of teachers by card or register. Who comes in past a gate or a"
                " counter key counts as a pupil."
            ),
            lambda scope: _sum(_pupils(scope)),
            parts={"class": _by_class(_pupils)},
            rows=_entries(_pupils),
        )
    )
    _register_mean()
    _register_lessons()
    _register_registers()


def _register_mean() -> None:
    register(
        Figure(
            "visits.per_pupil_week",
            _("Visits per pupil and week"),
            _("visits"),
            _("Visits by pupils ÷ pupils enrolled ÷ teaching weeks of the period that have begun."),
            _per_pupil_week,
            decimals=2,
            parts={"class": _per_pupil_week_by_class},
            rows=_entries(_pupils),
        )
    )


def _register_lessons() -> None:
    register(
        Figure(
            "visits.lessons",
            _("Reading lessons held"),
            _("lessons"),
            _("Reading lessons written down as held in the period."),
            lambda scope: Value.count(sum(_held(scope).values())),
            parts={"class": _lesson_parts(_held)},
            rows=_lesson_rows,
            is_evidence=True,
        )
    )
    register(
        Figure(
            "visits.lessons_planned",
            _("Reading lessons planned"),
            _("lessons"),
            _("Lessons that the rotation table has on open days of teaching weeks of the period so far."),
            lambda scope: Value.count(sum(_planned(scope).values())),
            parts={"class": _lesson_parts(_planned)},
        )
    )
    register(
        Figure(
            "visits.lessons_on_time",
            _("Lessons held of those planned"),
            "%",
            _("Reading lessons held ÷ reading lessons planned × 100."),
            _on_time,
            decimals=1,
            parts={"class": _on_time_by_class},
            rows=_lesson_rows,
        )
    )


def _register_registers() -> None:
    register(
        Figure(
            "visits.teacher_readings",
            _("Teachers in the reading room"),
            _("times"),
            _("Lines of the teachers' reading-room register in the period."),
            lambda scope: Value.count(_readings(scope).count()),
            rows=_reading_rows,
            is_evidence=True,
        )
    )
    register(
        Figure(
            "visits.visitors",
            _("Visitors from outside"),
            _("people"),
            _("People in the visitors' book in the period. They are not readers and not counted as visits."),
            lambda scope: Value.count(_visitors(scope).aggregate(n=Sum("people"))["n"] or 0),
            rows=_visitor_rows,
            is_evidence=True,
        )
    )


register_all()
