"""Graduation: cohorts close, their readers leave. What they still owe is circulation's knowledge and stays owed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from shuxiang.common.actors import Actor
from shuxiang.libraries import selectors as ground
from shuxiang.libraries import services as libraries
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.libraries.services.classes import graduating
from shuxiang.patrons.models import Patron
from shuxiang.patrons.services.people import close


@dataclass(frozen=True)
class GraduatingClass:
    """A class in its last year with the readers who would leave with it."""

    school_class: SchoolClass
    label: str
    patrons: tuple[Patron, ...]


def preview_graduation(library: Library, school_year: str, on: date) -> list[GraduatingClass]:
    """Which classes end with a school year, and who leaves. Raises BadPeriod."""
    classes = graduating(library, school_year)
    labels = ground.class_labels(library, classes, on)
    listed = [GraduatingClass(each, labels[each.pk], tuple(_members(each))) for each in classes]
    return sorted(listed, key=lambda row: (row.school_class.position, row.label))


def _members(school_class: SchoolClass) -> list[Patron]:
    rows = school_class.memberships.filter(to_on=None, patron__deleted_at=None, patron__left_on=None)
    return [
        row.patron
        for row in rows.select_related("patron__account", "patron__library").order_by(
            "number", "patron__name_pinyin", "pk"
        )
    ]


@transaction.atomic
def graduate_classes(
    *, library: Library, school_year: str, on: date, by: Actor, at: datetime
) -> list[GraduatingClass]:
    """Close every class whose last year is `school_year`; its readers leave on `on`, the last day, and so does the class
    where it is a reader itself. Returns who left; a second call finds nobody. Raises Refused, BadPeriod."""
    leaving = preview_graduation(library, school_year, on)
    libraries.graduate(library=library, school_year=school_year, on=on, by=by, at=at)
    for row in leaving:
        as_patron = Patron.objects.filter(school_class=row.school_class, left_on=None, deleted_at=None)
        for patron in [*row.patrons, *as_patron]:
            close(patron, max(on, patron.joined_on), by, at)
    return leaving
