"""By which rules a reader borrows on a day: the policy of reader and place, and a period for the holidays above it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from shuxiang.audit.prepared import Question
from shuxiang.circulation.holdmodels import Vacation
from shuxiang.circulation.holdrules import VacationFacts, vacation_for
from shuxiang.circulation.models import LoanPolicy
from shuxiang.circulation.rules import QUESTIONS, DueDate, Policy, PolicyRow, due_date, resolve_policy
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import Library
from shuxiang.libraries.rules.terms import SchoolCalendar
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.models import Patron

COLUMNS = ("category_id", "location_id", *QUESTIONS)


@dataclass(frozen=True)
class Terms:
    """What holds for one reader, one place and one day."""

    policy: Policy
    vacation: VacationFacts | None = None

    @property
    def loan_limit(self) -> int:
        """Volumes at once."""
        own = self.vacation.loan_limit if self.vacation else None
        return self.policy.loan_limit if own is None else own


def policy_rows(library: Library) -> list[PolicyRow]:
    """Every row of the table."""
    rows = LoanPolicy.objects.filter(library=library).order_by("pk")
    return [PolicyRow(**row) for row in rows.values(*COLUMNS)]


def policy_for(library: Library, category_id: int, location_id: int | None) -> Policy:
    """What holds on an ordinary day."""
    rows = _POLICIES.all(library=library.pk, category=category_id, location=location_id or 0, day=date.min)
    return resolve_policy([PolicyRow(*row[:-1]) for row in rows], category_id, location_id)


def terms_on(
    library: Library, category_id: int, location_id: int | None, class_id: int | None, day: date
) -> Terms:
    """What holds on a day: in one question as long as no period of holidays is on."""
    policy, in_vacation = _policy_on(library, category_id, location_id, day)
    if not in_vacation:
        return Terms(policy)
    return Terms(policy, vacation_for(vacations_on(library, day), category_id, class_id))


def limit_on(library: Library, patron: Patron, day: date) -> int:
    """How many volumes a reader may have on a day; the class is asked for only while a period of holidays is on."""
    if patron.loan_limit is not None:
        return patron.loan_limit
    policy, in_vacation = _policy_on(library, patron.category_id, None, day)
    if not in_vacation:
        return policy.loan_limit
    membership = patrons.membership_on(patron, day)
    class_id = membership.school_class_id if membership else patron.school_class_id
    return terms_on(library, patron.category_id, None, class_id, day).loan_limit


def _policy_on(library: Library, category_id: int, location_id: int | None, day: date) -> tuple[Policy, bool]:
    """The policy, and whether a period of holidays may be on (without a row nothing says that none is)."""
    rows = _POLICIES.all(library=library.pk, category=category_id, location=location_id or 0, day=day)
    policy = resolve_policy([PolicyRow(*row[:-1]) for row in rows], category_id, location_id)
    return policy, not rows or any(row[-1] for row in rows)


# Whether a period is on is said with each row: it costs no statement of its own.
_POLICIES = Question(
    lambda library, category, location, day: (
        LoanPolicy.objects.filter(
            Q(category=None) | Q(category=category), Q(location=None) | Q(location=location), library=library
        )
        .annotate(
            in_vacation=Exists(
                Vacation.objects.filter(library=OuterRef("library"), from_on__lte=day, to_on__gte=day)
            )
        )
        .values_list(*COLUMNS, "in_vacation")
    )
)


def vacations_on(library: Library, day: date) -> list[VacationFacts]:
    """The periods that are on, for whomever."""
    return vacation_facts(Vacation.objects.filter(library=library, from_on__lte=day, to_on__gte=day))


def vacation_facts(rows: Iterable[Vacation]) -> list[VacationFacts]:
    """Periods as the rules see them."""
    return [
        VacationFacts(
            name=one.name,
            from_on=one.from_on,
            to_on=one.to_on,
            due_on=one.due_on,
            loan_days=one.loan_days,
            loan_limit=one.loan_limit,
            category_ids=frozenset(one.categories.values_list("pk", flat=True)),
            class_ids=frozenset(one.classes.values_list("pk", flat=True)),
            pk=one.pk,
        )
        for one in rows
    ]


def all_vacations(library: Library) -> list[Vacation]:
    """Every period, the latest first."""
    found = Vacation.objects.filter(library=library).prefetch_related("categories", "classes__stage")
    return list(found.order_by("-from_on", "-pk"))


def find_vacation(library: Library, pk: int) -> Vacation | None:
    return Vacation.objects.filter(library=library, pk=pk).first()


def due_for(
    library: Library,
    out_on: date,
    days: int,
    *,
    calendar: SchoolCalendar | None = None,
    opening: libraries.OpenDays | None = None,
    vacation: VacationFacts | None = None,
) -> DueDate:
    """When a loan of a day is due; a period for the holidays has its own day or days, past the term's recall date."""
    opening = opening or libraries.open_days(library)
    if vacation is not None and vacation.due_on is not None:
        return DueDate(opening.next_open(vacation.due_on), vacation=vacation.name)
    if vacation is not None and vacation.loan_days is not None:
        plain = due_date(out_on, vacation.loan_days, None, opening.next_open)
        return DueDate(plain.due_on, vacation=vacation.name)
    return due_date(out_on, days, libraries.recall_on(library, out_on, calendar), opening.next_open)
