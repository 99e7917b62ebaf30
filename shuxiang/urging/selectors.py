"""Reads of urging: what is overdue and how often it was urged, by class; addresses; rounds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Max, Q, QuerySet

from shuxiang.circulation.models import Loan
from shuxiang.libraries import selectors as ground
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.models import ClassMembership, Patron
from shuxiang.urging.models import Contact, Round, UrgedLoan, UrgingSettings
from shuxiang.urging.rules import is_often, masked

Way = Round.Way
_STANDING = Q(urged__round__isnull=False, urged__round__taken_back_at=None)
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Late:
    """One overdue loan: of whom, of which class, how late in days, how often urged and when last."""

    loan: Loan
    name: str
    class_label: str
    class_id: int | None
    days: int
    times: int
    last_on: date | None

    @property
    def is_often(self) -> bool:
        return is_often(self.times)

    @property
    def masked_name(self) -> str:
        return masked(self.name)


@dataclass(slots=True)
class LateClass:
    """The overdue loans of a class (or, without one, of teachers and others), the latest first."""

    label: str
    school_class_id: int | None
    rows: list[Late] = field(default_factory=list)
    contact: Contact | None = None

    @property
    def volumes(self) -> int:
        return len(self.rows)

    @property
    def readers(self) -> int:
        return len({row.loan.patron_id for row in self.rows})

    @property
    def key(self) -> str:
        """As it stands in an address; 0 for those without a class."""
        return str(self.school_class_id or 0)


def overdue_loans(library: Library, today: date) -> QuerySet[Loan]:
    """Loans past their day; what is read in the room is not urged, and nobody is urged for an anonymous loan."""
    loans = Loan.objects.filter(library=library, in_at__isnull=True, due_on__lt=today, patron__isnull=False)
    return loans.exclude(kind=Loan.Kind.IN_ROOM).select_related("record", "patron__category", "item__home")


def overdue(library: Library, today: date, classes: Collection[int] | None = None) -> list[LateClass]:
    """What is overdue, class by class in the order of the school, then those without one; `classes` narrows it."""
    loans = list(
        overdue_loans(library, today)
        .annotate(
            times=Count("urged", filter=_STANDING, distinct=True),
            last_on=Max("urged__round__on", filter=_STANDING),
        )
        .order_by("due_on", "pk")
    )
    where = _classes_of(loans, today)
    found: dict[int | None, LateClass] = {}
    for loan in loans:
        school_class = where.get(loan.patron_id or 0)
        key = school_class.pk if school_class else None
        if classes is not None and key not in classes:
            continue
        if key not in found:
            found[key] = LateClass(ground.label_of(school_class, today) if school_class else "", key)
        name = loan.patron.name if loan.patron else ""
        days = (today - loan.due_on).days
        found[key].rows.append(Late(loan, name, found[key].label, key, days, loan.times, loan.last_on))
    contacts = {one.school_class_id: one for one in contacts_of(library) if one.school_class_id}
    order = {one.pk: place for place, one in enumerate(ground.classes_on(library, today))}
    for key, group in found.items():
        group.contact = contacts.get(key or 0)
    return sorted(
        found.values(), key=lambda group: (order.get(group.school_class_id or 0, 10**6), group.label)
    )


def _classes_of(loans: Sequence[Loan], today: date) -> dict[int, SchoolClass]:
    """The class of each reader today; a class that borrowed as one is its own."""
    readers = {loan.patron_id: loan.patron for loan in loans if loan.patron is not None}
    itself = {pk: reader.school_class for pk, reader in readers.items() if pk and reader.school_class}
    keys = [pk for pk in readers if pk is not None]
    found: dict[int, SchoolClass] = {}
    for start in range(0, len(keys), _AT_ONCE):
        some = ClassMembership.objects.filter(patron__in=keys[start : start + _AT_ONCE], from_on__lte=today)
        rows = some.filter(Q(to_on=None) | Q(to_on__gte=today)).select_related("school_class__stage")
        found |= {row.patron_id: row.school_class for row in rows}
    return found | itself


def times_urged(loans: Collection[int]) -> dict[int, int]:
    """How often loans were urged, by key; those never urged are left out. One statement, none for no loans."""
    if not loans:
        return {}
    rows = UrgedLoan.objects.filter(loan__in=list(loans), round__taken_back_at=None).order_by()
    return dict(rows.values_list("loan").annotate(times=Count("pk")))


def history_of(loan: Loan) -> list[UrgedLoan]:
    """How a loan was urged, the first time first; rounds taken back too, they are marked."""
    return list(
        UrgedLoan.objects.filter(loan=loan).select_related("round__school_class").order_by("round__at")
    )


def rounds_of(library: Library) -> QuerySet[Round]:
    """Rounds, the latest first, with how many loans each was about and how many came back since."""
    rounds = Round.objects.filter(library=library).select_related("school_class", "library")
    return rounds.annotate(
        urged=Count("loans"), returned=Count("loans", filter=Q(loans__loan__outcome=Loan.Outcome.RETURNED))
    ).order_by("-at", "-pk")


def round_of(library: Library, pk: int) -> Round | None:
    return rounds_of(library).filter(pk=pk).first()


def loan_of(library: Library, pk: int) -> Loan | None:
    loans = Loan.objects.filter(library=library, pk=pk)
    return loans.select_related("record", "patron", "library", "item__property_line").first()


def shows_full_names(library: Library) -> bool:
    """Whether the wall list may show whole names; masked until a school says otherwise."""
    return UrgingSettings.objects.filter(library=library, shows_full_names=True).exists()


def contacts_of(library: Library) -> QuerySet[Contact]:
    return Contact.objects.filter(library=library).select_related("school_class", "patron").order_by("pk")


def contact_of(library: Library, pk: int) -> Contact | None:
    return contacts_of(library).filter(pk=pk).first()


def class_of(library: Library, pk: int) -> SchoolClass | None:
    return SchoolClass.objects.filter(library=library, pk=pk).select_related("stage", "library").first()


def patron_of(library: Library, pk: int) -> Patron | None:
    return patrons.find_patron(library, pk)
