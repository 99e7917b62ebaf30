"""What the figures of lending count.

A loan counts on the day it went out, unless it was cancelled; reading in the room is not a loan.
"""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models import Value as Constant
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from shuxiang.circulation.models import Loan, Renewal
from shuxiang.common.clock import DEFAULT_TIMEZONE
from shuxiang.figures import ground
from shuxiang.figures.registry import REST, Part, Scope, Split, Value, number_of
from shuxiang.holdings.figures import main_label
from shuxiang.patrons import figures as patrons
from shuxiang.patrons.models import Patron

COUNTED = (Loan.Kind.PERSONAL, Loan.Kind.COLLECTIVE)
PUPIL, TEACHER = patrons.PUPIL, patrons.TEACHER
READER = Coalesce(Cast("patron_id", CharField()), "pseudonym")

Loans = Callable[[Scope], QuerySet[Loan]]


def loans(scope: Scope, *kinds_of_reader: str) -> QuerySet[Loan]:
    """Loans that count: out in the period, not cancelled, of the counted kinds, narrowed to class or grade."""
    found = Loan.objects.filter(library=scope.library, out_on__range=scope.days, kind__in=COUNTED)
    found = _of(scope, found.exclude(outcome=Loan.Outcome.CANCELLED))
    return found.filter(patron_kind__in=kinds_of_reader) if kinds_of_reader else found


def by_pupils(scope: Scope) -> QuerySet[Loan]:
    return loans(scope, PUPIL)


def by_teachers(scope: Scope) -> QuerySet[Loan]:
    return loans(scope, TEACHER)


def _of(scope: Scope, found: QuerySet[Loan]) -> QuerySet[Loan]:
    if scope.school_class_id is not None:
        found = found.filter(school_class_id=scope.school_class_id)
    return found.filter(grade=scope.grade) if scope.grade is not None else found


def readers(found: QuerySet[Loan]) -> int:
    """Different readers, those made anonymous included under their pseudonym of the year."""
    return int(found.aggregate(n=Count(READER, distinct=True))["n"])


def by_class(counted: Loans) -> Split:
    """Loans of each class, zeros too, and last those of no class of the period."""

    def parts(scope: Scope) -> list[Part]:
        rows = counted(scope).values_list("school_class_id").annotate(n=Count("pk")).order_by()
        counts = {pk: int(n) for pk, n in rows}
        classes = ground.classes_in_order(scope)
        names = ground.labels(scope, classes)
        named = [Part(str(c.pk), names[c.pk], Value.count(counts.pop(c.pk, 0))) for c in classes]
        rest = sum(counts.values())
        return named + ([Part(REST, str(_("of no class")), Value.count(rest))] if rest else [])

    return parts


def by_grade(counted: Loans) -> Split:
    def parts(scope: Scope) -> list[Part]:
        rows = counted(scope).values_list("grade").annotate(n=Count("pk")).order_by("grade")
        counts = {grade: int(n) for grade, n in rows}
        rest = counts.pop(None, 0)
        named = [Part(str(g), ground.grade_label(g), Value.count(n)) for g, n in counts.items() if g]
        return named + ([Part(REST, str(_("of no grade")), Value.count(rest))] if rest else [])

    return parts


def by_month(counted: Loans) -> Split:
    def parts(scope: Scope) -> list[Part]:
        counts: Counter[str] = Counter()
        for day, n in counted(scope).values_list("out_on").annotate(n=Count("pk")).order_by():
            counts[f"{day:%Y-%m}"] += int(n)
        return [Part(month, month, Value.count(counts[month])) for month in scope.months]

    return parts


def by_clc(counted: Loans) -> Split:
    def parts(scope: Scope) -> list[Part]:
        rows = counted(scope).values_list("clc_main").annotate(n=Count("pk")).order_by("clc_main")
        named = [Part(main, main_label(main), Value.count(n)) for main, n in rows if main]
        return named + [Part(REST, main_label(""), Value.count(n)) for main, n in rows if not main]

    return parts


def by_location(counted: Loans) -> Split:
    """By the shelf that the volume stood on when it was lent, not today's."""

    def parts(scope: Scope) -> list[Part]:
        rows = counted(scope).values_list("location_name").annotate(n=Count("pk")).order_by("location_name")
        return [Part(name or REST, name or str(_("not known")), Value.count(n)) for name, n in rows]

    return parts


def per_pupil_by_class(scope: Scope) -> list[Part]:
    """Loans ÷ pupils of each class; loans of no class have nobody to be divided by."""
    heads = {str(each.pk): pupils for each, _label, pupils in ground.heads(scope)}
    return [
        Part(part.key, part.label, Value.quotient(part.value.number or 0, heads.get(part.key, 0)))
        for part in by_class(by_pupils)(scope)
        if part.key != REST
    ]


def per_pupil_by_grade(scope: Scope) -> list[Part]:
    heads = ground.pupils_by_grade(scope)
    return [
        Part(part.key, part.label, Value.quotient(part.value.number or 0, heads.get(int(part.key), 0)))
        for part in by_grade(by_pupils)(scope)
        if part.key != REST
    ]


def participation_by_class(scope: Scope) -> list[Part]:
    """Different borrowers ÷ pupils of each class; who changed class counts in both."""
    rows = by_pupils(scope).values_list("school_class_id").annotate(n=Count(READER, distinct=True)).order_by()
    borrowed = {pk: int(n) for pk, n in rows}
    return [
        Part(str(each.pk), label, Value.quotient(borrowed.get(each.pk, 0), pupils, 100))
        for each, label, pupils in ground.heads(scope)
    ]


def teaching_weeks(scope: Scope) -> list[tuple[date, date]]:
    """The teaching weeks, Monday to Sunday, that lie in the period and have begun."""
    calendar, weeks = scope.ground.calendar, []
    monday = scope.period.starts_on - timedelta(days=scope.period.starts_on.weekday())
    while monday <= scope.last_day:
        sunday = monday + timedelta(days=6)
        taught = [d for d in (monday + timedelta(days=i) for i in range(5)) if d in scope.period]
        if any(calendar.term_on(day).week_of(day) for day in taught):
            weeks.append((max(monday, scope.period.starts_on), min(sunday, scope.last_day)))
        monday += timedelta(days=7)
    return weeks


def borrowers_by_week(scope: Scope) -> list[tuple[tuple[date, date], int]]:
    """Different pupils who borrowed in each teaching week so far."""
    weeks = teaching_weeks(scope)
    if not weeks:
        return []
    number = Case(*(When(out_on__range=week, then=Constant(n)) for n, week in enumerate(weeks)))
    rows = by_pupils(scope).annotate(week=number).exclude(week=None).values_list("week")
    counts = {int(n): int(found) for n, found in rows.annotate(n=Count(READER, distinct=True)).order_by()}
    return [(week, counts.get(n, 0)) for n, week in enumerate(weeks)]


def weekly_participation(scope: Scope) -> Value:
    """Mean over the teaching weeks of the period so far: different pupils of the week ÷ pupils enrolled."""
    weeks = borrowers_by_week(scope)
    if not weeks:
        return Value(None)
    return Value.quotient(Decimal(sum(n for _week, n in weeks)) / len(weeks), ground.pupils(scope), 100)


def never_borrowed(scope: Scope) -> QuerySet[Patron]:
    """Pupils of the school in the period who borrowed nothing in it."""
    borrowed = by_pupils(scope.narrowed()).exclude(patron=None).values("patron_id")
    return patrons.here(scope, PUPIL).exclude(pk__in=borrowed).order_by("name_pinyin", "pk")


def never_borrowed_count(scope: Scope) -> Value:
    """Not known any more once loans of the period were made anonymous: nobody can say whose they were."""
    if by_pupils(scope).filter(patron=None).exists():
        return Value(None)
    return Value.count(never_borrowed(scope).count())


def never_borrowed_by_class(scope: Scope) -> list[Part]:
    if never_borrowed_count(scope).number is None:
        return []
    found = never_borrowed(scope)
    homes = patrons.class_of(scope, found)
    classes = ground.classes_in_order(scope)
    names = ground.labels(scope, classes)
    counts = dict.fromkeys(names, 0)
    for pk in homes.values():
        counts[pk] = counts.get(pk, 0) + 1
    parts = [Part(str(c.pk), names[c.pk], Value.count(counts[c.pk])) for c in classes]
    rest = found.count() - sum(int(part.value.number or 0) for part in parts)
    return parts + ([Part(REST, str(_("of no class")), Value.count(rest))] if rest else [])


def overdue(scope: Scope) -> QuerySet[Loan]:
    """Out, and past the due date of that day, at the end of the period's last day; a later renewal changes nothing."""
    day = scope.last_day
    night = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(DEFAULT_TIMEZONE)).astimezone(UTC)
    later = Renewal.objects.filter(loan=OuterRef("pk"), at__gte=night).order_by("at").values("due_before")
    found = (
        Loan.objects.filter(library=scope.library, out_on__lte=day)
        .filter(Q(in_on__isnull=True) | Q(in_on__gt=day))
        .exclude(outcome=Loan.Outcome.CANCELLED)
        .annotate(due_then=Coalesce(Subquery(later[:1]), F("due_on")))
    )
    return _of(scope, found.filter(due_then__lt=day))


def rate(scope: Scope) -> Value:
    return Value.quotient(number_of("circulation.loans", scope), number_of("holdings.volumes", scope), 100)


def lent_items(scope: Scope) -> QuerySet[Loan]:
    return scope.think_away(loans(scope).exclude(item=None), "item")


def rate_volumes(scope: Scope) -> Value:
    lent = lent_items(scope).aggregate(n=Count("item", distinct=True))["n"]
    return Value.quotient(int(lent), number_of("holdings.volumes", scope), 100)
