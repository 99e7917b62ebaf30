"""What the figures of lending count.

A loan counts on the day it went out, unless it was cancelled; reading in the room is not a loan.
"""

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import CharField, Count, Q, QuerySet
from django.db.models.functions import Cast, Coalesce, TruncMonth
from django.utils.translation import gettext_lazy as _

from shuxiang.circulation.models import Loan
from shuxiang.common.schoolyear import render_label
from shuxiang.figures.registry import Drill, Part, Rows, Scope, Value
from shuxiang.holdings.figures import main_label, on_books
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import SchoolClass
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.models import Patron, PatronCategory

COUNTED = (Loan.Kind.PERSONAL, Loan.Kind.COLLECTIVE)
PUPIL, TEACHER = PatronCategory.Kind.PUPIL, PatronCategory.Kind.TEACHER


def loans(scope: Scope, *kinds_of_reader: str) -> QuerySet[Loan]:
    """Loans that count: out in the period, not cancelled, of the counted kinds, narrowed to class or grade."""
    days = (scope.period.starts_on, scope.period.ends_on)
    found = Loan.objects.filter(library=scope.library, out_on__range=days, kind__in=COUNTED).exclude(
        outcome=Loan.Outcome.CANCELLED
    )
    if kinds_of_reader:
        found = found.filter(patron_kind__in=kinds_of_reader)
    if scope.school_class_id is not None:
        found = found.filter(school_class_id=scope.school_class_id)
    return found.filter(grade=scope.grade) if scope.grade is not None else found


def readers(found: QuerySet[Loan]) -> int:
    """Different readers, those made anonymous included under their pseudonym of the year."""
    return int(
        found.aggregate(n=Count(Coalesce(Cast("patron_id", CharField()), "pseudonym"), distinct=True))["n"]
    )


def pupils(scope: Scope) -> int:
    if scope.school_class_id is not None:
        school_class = SchoolClass.objects.get(pk=scope.school_class_id)
        return libraries.pupils_in(scope.library, scope.period, school_class)
    if scope.grade is not None:
        return sum(
            libraries.pupils_in(scope.library, scope.period, c)
            for c in classes_in_order(scope)
            if libraries.grade_of(c, scope.last_day) == scope.grade
        )
    return libraries.pupils_in(scope.library, scope.period)


def classes_in_order(scope: Scope) -> list[SchoolClass]:
    """The classes of the period by grade, then by their place among the parallel ones."""
    found = libraries.classes_in(scope.library, scope.period)
    return sorted(
        found, key=lambda c: (libraries.grade_of(c, scope.last_day) or 0, c.position, c.label_pattern)
    )


def teachers(scope: Scope) -> int:
    """Teachers counted for the period; where the school never counted them, those on the reader list on its last day."""
    counted = libraries.teachers_in(scope.library, scope.period)
    if counted is not None:
        return counted
    return here(scope, TEACHER).count()


def here(scope: Scope, kind: str) -> QuerySet[Patron]:
    day = scope.last_day
    return Patron.objects.filter(
        library=scope.library, category__kind=kind, deleted_at__isnull=True, joined_on__lte=day
    ).filter(Q(left_on__isnull=True) | Q(left_on__gt=scope.period.starts_on))


def by_class(scope: Scope) -> list[Part]:
    counts = dict(
        loans(scope, PUPIL).values_list("school_class_id").annotate(n=Count("pk")).order_by("school_class_id")
    )
    classes = classes_in_order(scope)
    labels = libraries.class_labels(scope.library, classes, scope.last_day)
    return [Part(str(c.pk), labels[c.pk], Value.count(int(counts.get(c.pk, 0)))) for c in classes]


def per_pupil_by_class(scope: Scope) -> list[Part]:
    classes = {str(c.pk): c for c in libraries.classes_in(scope.library, scope.period)}
    return [
        Part(
            part.key,
            part.label,
            Value.quotient(
                part.value.number or 0, libraries.pupils_in(scope.library, scope.period, classes[part.key])
            ),
        )
        for part in by_class(scope)
    ]


def by_grade(scope: Scope) -> list[Part]:
    rows = (
        loans(scope, PUPIL).exclude(grade=None).values_list("grade").annotate(n=Count("pk")).order_by("grade")
    )
    return [Part(str(grade), render_label("{grade}年级", int(grade)), Value.count(n)) for grade, n in rows]


def by_month(scope: Scope) -> list[Part]:
    rows = loans(scope).annotate(month=TruncMonth("out_on")).values_list("month").annotate(n=Count("pk"))
    counts = {f"{month:%Y-%m}": int(n) for month, n in rows.order_by("month")}
    return [
        Part(m, m, Value.count(counts.get(m, 0)))
        for m in _months(scope.period.starts_on, scope.period.ends_on)
    ]


def _months(starts_on: date, ends_on: date) -> list[str]:
    months, day = [], starts_on.replace(day=1)
    while day <= ends_on:
        months.append(f"{day:%Y-%m}")
        day = (day + timedelta(days=32)).replace(day=1)
    return months


def by_clc(scope: Scope) -> list[Part]:
    rows = loans(scope).values_list("clc_main").annotate(n=Count("pk")).order_by("clc_main")
    return [Part(main or "-", main_label(main), Value.count(n)) for main, n in rows]


def teaching_weeks(scope: Scope) -> list[tuple[date, date]]:
    """The teaching weeks, Monday to Sunday, that lie in the period and have begun."""
    calendar, weeks = libraries.calendar_of(scope.library), []
    monday = scope.period.starts_on - timedelta(days=scope.period.starts_on.weekday())
    while monday <= scope.last_day:
        sunday = monday + timedelta(days=6)
        taught = [d for d in (monday + timedelta(days=i) for i in range(5)) if d in scope.period]
        if any(calendar.term_on(day).week_of(day) for day in taught):
            weeks.append((max(monday, scope.period.starts_on), min(sunday, scope.last_day)))
        monday += timedelta(days=7)
    return weeks


def weekly_participation(scope: Scope) -> Value:
    """Mean over the teaching weeks of the period so far: different pupils of the week ÷ pupils enrolled."""
    enrolled = pupils(scope)
    weeks = teaching_weeks(scope)
    if not weeks or not enrolled:
        return Value(None)
    borrowed = sum(readers(loans(scope, PUPIL).filter(out_on__range=week)) for week in weeks)
    return Value.quotient(Decimal(borrowed) / len(weeks), enrolled, 100)


def never_borrowed(scope: Scope) -> QuerySet[Patron]:
    """Pupils of the school in the period who borrowed nothing in it."""
    borrowed = loans(scope, PUPIL).exclude(patron=None).values("patron_id")
    found = here(scope, PUPIL).exclude(pk__in=borrowed)
    if scope.school_class_id is not None:
        found = found.filter(memberships__school_class_id=scope.school_class_id).distinct()
    return found.order_by("name_pinyin", "pk")


def overdue(scope: Scope) -> QuerySet[Loan]:
    """Out, and past the due date, at the end of the period's last day."""
    day = scope.last_day
    return (
        Loan.objects.filter(library=scope.library, out_on__lte=day, due_on__lt=day)
        .filter(Q(in_on__isnull=True) | Q(in_on__gt=day))
        .exclude(outcome=Loan.Outcome.CANCELLED)
    )


def _narrow(found: QuerySet[Loan], part: str) -> QuerySet[Loan]:
    by, _colon, key = part.partition(":")
    if by == "class":
        return found.filter(school_class_id=int(key), patron_kind=PUPIL)
    if by == "grade":
        return found.filter(grade=int(key), patron_kind=PUPIL)
    if by == "month":
        year, month = key.split("-")
        return found.filter(out_on__year=int(year), out_on__month=int(month))
    if by == "clc":
        return found.filter(clc_main="" if key == "-" else key)
    return found


def loan_rows(found: QuerySet[Loan], first: int, many: int) -> Rows:
    page = found.select_related("record", "patron").order_by("out_at", "pk")[first : first + many]
    return Rows(
        (_("Lent on"), _("Class"), _("Reader"), _("Title"), _("Due on"), _("Returned on")),
        [
            (
                loan.out_on,
                loan.class_label,
                loan.patron.name if loan.patron else "",
                loan.record.title,
                loan.due_on,
                loan.in_on,
            )
            for loan in page
        ],
        found.count(),
        is_personal=True,
    )


def drill(*kinds: str) -> Drill:
    def rows(scope: Scope, part: str, first: int, many: int) -> Rows:
        return loan_rows(_narrow(loans(scope, *kinds), part), first, many)

    return rows


def never_rows(scope: Scope, _part: str, first: int, many: int) -> Rows:
    found = never_borrowed(scope)
    page = list(found[first : first + many])
    labels = patrons.labels_on(scope.library, page, scope.last_day)
    return Rows(
        (_("Class"), _("Reader")),
        [(labels.get(patron.pk, ""), patron.name) for patron in page],
        found.count(),
        is_personal=True,
    )


def rate(scope: Scope) -> Value:
    return Value.quotient(loans(scope).count(), on_books(scope).count(), 100)


def rate_volumes(scope: Scope) -> Value:
    lent = loans(scope).exclude(item=None).aggregate(n=Count("item", distinct=True))["n"]
    return Value.quotient(int(lent), on_books(scope).count(), 100)
