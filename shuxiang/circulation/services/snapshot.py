"""What a loan writes down when it begins, so that later moves change no statistics (decision 0006)."""

from datetime import date
from typing import TypedDict

from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.circulation.models import Loan
from shuxiang.holdings.models import Item, PropertyLine
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import Library
from shuxiang.libraries.rules.terms import SchoolCalendar
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.models import ClassMembership, Patron, PatronCategory


class ReaderSnapshot(TypedDict):
    patron_kind: str
    school_class_id: int | None
    class_label: str
    grade: int | None


class ItemSnapshot(TypedDict):
    clc: str
    clc_main: str
    location_name: str
    price_fen: int | None


COLLECTIVE = {PatronCategory.Kind.CLASS, PatronCategory.Kind.GROUP, PatronCategory.Kind.LIBRARY}


def default_kind(patron: Patron) -> str:
    return Loan.Kind.COLLECTIVE if patron.category.kind in COLLECTIVE else Loan.Kind.PERSONAL


def reader_snapshot(patron: Patron, on: date) -> ReaderSnapshot:
    calendar = libraries.calendar_of(patron.library)
    return reader_as_of(patron.library, patron, on, patrons.membership_on(patron, on), calendar)


def reader_as_of(
    library: Library, patron: Patron, on: date, membership: ClassMembership | None, calendar: SchoolCalendar
) -> ReaderSnapshot:
    """The same for who has asked for the class and the calendar already."""
    school_class = membership.school_class if membership else patron.school_class
    labels = libraries.class_labels(library, [school_class], on, calendar) if school_class else {}
    return ReaderSnapshot(
        patron_kind=patron.category.kind,
        school_class_id=school_class.pk if school_class else None,
        class_label=labels[school_class.pk] if school_class else "",
        grade=patrons.grade_in(membership, calendar, on) if membership else None,
    )


def item_snapshot(item: Item | None, record: BibliographicRecord) -> ItemSnapshot:
    if item is None:
        return ItemSnapshot(
            clc=record.clc, clc_main=record.clc_main, location_name="", price_fen=record.price_fen
        )
    line: PropertyLine | None = getattr(item, "property_line", None)
    place = item.current or item.home
    return ItemSnapshot(
        clc=item.holding.clc or record.clc,
        clc_main=(line.clc_main if line else "") or record.clc_main,
        location_name=place.name,
        price_fen=line.list_price_fen if line else record.price_fen,
    )
