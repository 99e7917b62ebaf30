"""Figures of the ground: pupils, classes, opening hours. Registered here because libraries lies below the mechanism."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.common.schoolyear import render_label
from shuxiang.figures.registry import REST, Figure, Part, Rows, Scope, Value, register
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import SchoolClass


def classes_in_order(scope: Scope) -> list[SchoolClass]:
    """The classes of the scope by grade, then by their place among the parallel ones."""
    graded = [
        (scope.ground.grade_of(each, scope.last_day), each)
        for each in scope.ground.classes_in(scope.period)
        if scope.school_class_id in (None, each.pk)
    ]
    kept = [(grade or 0, each) for grade, each in graded if scope.grade in (None, grade)]
    return [each for _grade, each in sorted(kept, key=lambda g: (g[0], g[1].position, g[1].label_pattern))]


def labels(scope: Scope, classes: list[SchoolClass]) -> dict[int, str]:
    """Labels of classes on the scope's last day by their keys."""
    return scope.ground.labels(classes, scope.last_day)


def pupils(scope: Scope) -> int:
    """Pupils enrolled in the scope, by the counts in force (decision 0006)."""
    if scope.school_class_id is None and scope.grade is None:
        return scope.ground.pupils_in(scope.period)
    return sum(pupils_of(scope, each) for each in classes_in_order(scope))


def pupils_of(scope: Scope, school_class: SchoolClass) -> int:
    return scope.ground.pupils_in(scope.period, school_class)


def heads(scope: Scope) -> list[tuple[SchoolClass, str, int]]:
    """Every class of the period with its label and its pupils."""
    classes = classes_in_order(scope)
    names = labels(scope, classes)
    return [(each, names[each.pk], pupils_of(scope, each)) for each in classes]


def pupils_by_class(scope: Scope) -> list[Part]:
    """Pupils of each class; what the school as a whole counted beyond them comes last."""
    present = {each.pk for each in _present(scope)}
    parts = [Part(str(c.pk), name, Value.count(n)) for c, name, n in heads(scope) if c.pk in present]
    rest = pupils(scope) - sum(int(part.value.number or 0) for part in parts)
    return parts + ([Part(REST, str(_("of no class")), Value.count(rest))] if rest > 0 else [])


def pupils_by_grade(scope: Scope) -> dict[int, int]:
    """Pupils of each grade in which a class stands."""
    grades: dict[int, int] = {}
    for each in classes_in_order(scope):
        grade = scope.ground.grade_of(each, scope.last_day)
        if grade is not None:
            grades[grade] = grades.get(grade, 0) + pupils_of(scope, each)
    return grades


def grade_label(grade: int) -> str:
    """三年级; grades count from 1 to 12 through all stages."""
    return render_label("{grade}年级", grade)


def _present(scope: Scope) -> list[SchoolClass]:
    """The classes for which heads are counted: over a turn of the school year no cohort stands beside its successor."""
    main = scope.ground.calendar.main_part(scope.period)
    present = {each.pk for each in scope.ground.classes_in(main)}
    return [each for each in classes_in_order(scope) if each.pk in present]


def _pupil_rows(scope: Scope, part: str, first: int, many: int) -> Rows:
    key = part.partition(":")[2]
    rows = [(p.label, p.value.number) for p in pupils_by_class(scope) if key in ("", p.key)]
    return Rows((_("Class"), _("Pupils")), rows[first : first + many], len(rows))


def _class_rows(scope: Scope, _part: str, first: int, many: int) -> Rows:
    classes = _present(scope)
    names = labels(scope, classes)
    rows = [(names[c.pk], pupils_of(scope, c)) for c in classes[first : first + many]]
    return Rows((_("Class"), _("Pupils")), rows, len(classes))


def _hours(scope: Scope) -> Value:
    """Nothing to say where nobody wrote down the hours."""
    return Value(libraries.opening_hours_per_week(scope.library, scope.last_day) or None)


def register_all() -> None:
    register(
        Figure(
            "libraries.pupils",
            _("Pupils enrolled"),
            _("pupils"),
            _(
                "Pupils of all classes by the enrolment counts in force in the period; never the number of cards."
            ),
            lambda s: Value.count(pupils(s)),
            parts={"class": pupils_by_class},
            rows=_pupil_rows,
        )
    )
    register(
        Figure(
            "libraries.classes",
            pgettext_lazy("figure", "Classes"),
            _("classes"),
            _(
                "Classes that exist in the period; where it spans two school years, in the one with most of its days."
            ),
            lambda s: Value.count(len(_present(s))),
            rows=_class_rows,
        )
    )
    register(
        Figure(
            "libraries.opening_hours",
            _("Opening hours a week"),
            _("hours"),
            _("Hours of a regular week in which at least one room is open, on the period's last day."),
            _hours,
            decimals=1,
        )
    )


register_all()
