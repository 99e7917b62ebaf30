"""A class as the desk meets it: called by its label, its readers told apart by their numbers."""

from datetime import date

from django.db.models import Q

from shuxiang.libraries import selectors as ground
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.patrons.models import ClassMembership, Patron
from shuxiang.patrons.selectors import patrons_of, readers_of


def class_called(library: Library, label: str, day: date) -> SchoolClass | None:
    """The class that carries a label in the school year of a day, however the label is spelled."""
    year = ground.calendar_of(library).school_year_on(day)
    return ground.find_class(library, label, f"{year}-{year + 1}")


def class_and_readers(school_class: SchoolClass, day: date) -> list[Patron]:
    """The class itself where it borrows as one, then its readers by number and name; who has left is left out."""
    itself = patrons_of(school_class.library).filter(school_class=school_class, left_on=None)
    return [*itself.order_by("pk"), *(p for p in readers_of(school_class, day) if p.left_on is None)]


def numbers_on(readers: list[Patron], day: date) -> dict[int, int]:
    """Numbers in class (学号) on a day by reader key; readers without one are left out."""
    rows = ClassMembership.objects.filter(patron__in=readers, from_on__lte=day, number__isnull=False)
    rows = rows.filter(Q(to_on=None) | Q(to_on__gte=day)).order_by("from_on", "pk")
    return {row.patron_id: row.number for row in rows if row.number is not None}
