"""Finding readers. Every selector takes the library: a card of one school opens nothing in another."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q, QuerySet

from shuxiang.audit.prepared import Question
from shuxiang.common import pinyin
from shuxiang.common.codes import clean_scan, readings
from shuxiang.libraries import selectors as ground
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.libraries.rules.terms import SchoolCalendar
from shuxiang.patrons.codemodels import PictureCode, ReaderPage
from shuxiang.patrons.models import Block, Card, ClassMembership, Patron, PatronCategory

MOST_FOUND = 50


def patrons_of(library: Library) -> QuerySet[Patron]:
    """Every reader of a library that was not deleted, those who left among them."""
    return Patron.objects.filter(library=library, deleted_at=None).select_related("category")


def find_patron(library: Library, pk: int) -> Patron | None:
    found = _PATRON.first(library=library.pk, pk=pk)
    if found is not None:
        found.library = library
    return found


_PATRON = Question(
    lambda library, pk: Patron.objects.filter(library=library, pk=pk, deleted_at=None).select_related(
        "category"
    )
)


def find_card(library: Library, number: str) -> Card | None:
    """The card with a number however it was scanned or typed, open or closed (a closed one says what became of it)."""
    codes = readings(number)
    cards = {card.number: card for card in _CARD.all(library=library.pk, codes=codes)} if codes else {}
    found = next((cards[code] for code in codes if code in cards), None)
    if found is not None:
        found.patron.library = library
    return found


_CARD = Question(
    lambda library, codes: Card.objects.filter(
        library=library, number__in=codes, patron__deleted_at=None
    ).select_related("patron__category")
)


def open_card(patron: Patron) -> Card | None:
    """The reader's valid card; the newest where there are several."""
    return _OPEN_CARD.first(patron=patron.pk)


_OPEN_CARD = Question(
    lambda patron: Card.objects.filter(patron=patron, to_at=None).order_by("-from_at", "-pk")[:1]
)


def category(library: Library, code: str) -> PatronCategory | None:
    return PatronCategory.objects.filter(library=library, code=code).first()


def categories_of(library: Library) -> list[PatronCategory]:
    return list(PatronCategory.objects.filter(library=library).order_by("pk"))


def membership_on(patron: Patron, day: date) -> ClassMembership | None:
    """The class that a reader belongs to on a day."""
    return _MEMBERSHIP.first(patron=patron.pk, day=day)


_MEMBERSHIP = Question(
    lambda patron, day: (
        ClassMembership.objects.filter(Q(to_on=None) | Q(to_on__gte=day), patron=patron, from_on__lte=day)
        .select_related("school_class__stage", "school_class__library")
        .order_by("-from_on", "-pk")[:1]
    )
)


def grade_on(patron: Patron, day: date) -> int | None:
    """The reader's grade on a day: that of the class, or in a mixed-grade class that of the own entry year."""
    membership = membership_on(patron, day)
    return grade_in(membership, ground.calendar_of(patron.library), day) if membership else None


def grade_in(membership: ClassMembership, calendar: SchoolCalendar, day: date) -> int | None:
    """The same for who has asked for the membership and the calendar already."""
    facts = ground.class_facts(membership.school_class)
    year = calendar.school_year_on(day)
    grade = year - (membership.entry_year or facts.entry_year) + facts.stage.first_grade
    return grade if facts.stage.has(grade) else None


def class_label_on(patron: Patron, day: date) -> str:
    """The label of the reader's class on a day; empty for a reader without one. A class that is a reader is its own."""
    if patron.school_class_id:
        return ground.label_of(patron.school_class, day) if patron.school_class else ""
    membership = membership_on(patron, day)
    return ground.label_of(membership.school_class, day) if membership else ""


def labels_on(library: Library, patrons: list[Patron], day: date) -> dict[int, str]:
    """Class labels of many readers on a day by reader key, in few queries; readers without a class are left out."""
    rows = (
        ClassMembership.objects.filter(patron__in=patrons, patron__library=library, from_on__lte=day)
        .filter(Q(to_on=None) | Q(to_on__gte=day))
        .select_related("school_class__stage")
        .order_by("from_on", "pk")
    )
    memberships = list(rows)
    labels = ground.class_labels(library, [row.school_class for row in memberships], day)
    return {row.patron_id: labels[row.school_class_id] for row in memberships}


def members_of(school_class: SchoolClass, day: date) -> list[ClassMembership]:
    """Who is in a class on a day, with readers and categories, by the number in the class, then by name."""
    rows = (
        ClassMembership.objects.filter(school_class=school_class, from_on__lte=day, patron__deleted_at=None)
        .filter(Q(to_on=None) | Q(to_on__gte=day))
        .select_related("patron__category")
    )
    return sorted(
        rows, key=lambda row: (row.number is None, row.number or 0, row.patron.name_pinyin, row.patron_id)
    )


def readers_of(school_class: SchoolClass, day: date) -> list[Patron]:
    """The readers in a class on a day, by their number in the class, then by name."""
    return [row.patron for row in members_of(school_class, day)]


def blocks_on(patron: Patron, day: date) -> list[Block]:
    """Blocks in force on a day."""
    return _BLOCKS.all(patron=patron.pk, day=day)


_BLOCKS = Question(
    lambda patron, day: Block.objects.filter(
        Q(until_on=None) | Q(until_on__gte=day), patron=patron, lifted_at=None
    ).order_by("from_at", "pk")
)


def search(library: Library, text: str, *, on: date | None = None, limit: int = MOST_FOUND) -> list[Patron]:
    """Readers by card number, name or a part of it, full pinyin, initials, or (given the day) by the label of their class.

    An exact card comes first, then readers present before readers who left, by pinyin.
    """
    wanted = clean_scan(text)
    if not wanted:
        return []
    plain = wanted.lower().replace(" ", "").replace("'", "")
    matching = Q(name__contains=wanted) | Q(cards__number=wanted)
    if plain.isascii() and plain.isalpha():
        matching |= Q(name_initials__startswith=plain) | Q(name_pinyin__startswith=plain)
    rows = patrons_of(library).filter(matching).distinct().order_by("name_pinyin", "pk")
    found = {patron.pk: patron for patron in rows[: limit * 4]}
    if on is not None:
        found |= {patron.pk: patron for patron in _of_class_label(library, wanted, on)}
    cards = Card.objects.filter(library=library, number=wanted).values_list("patron_id", flat=True)
    exact = set(cards)
    ranked = sorted(
        found.values(),
        key=lambda patron: (
            patron.pk not in exact,
            patron.left_on is not None,
            patron.name_pinyin,
            patron.pk,
        ),
    )
    return ranked[:limit]


def _of_class_label(library: Library, label: str, day: date) -> list[Patron]:
    year = ground.calendar_of(library).school_year_on(day)
    school_class = ground.find_class(library, label, f"{year}-{year + 1}")
    return readers_of(school_class, day) if school_class else []


def pinyin_of(name: str) -> tuple[str, str]:
    """Index columns of a name: full pinyin and initials, lower case, without spaces."""
    return pinyin.full(name, name=True)[:200], pinyin.initials(name, name=True)[:60]


def codes_set_at(patrons: Iterable[Patron]) -> dict[int, datetime]:
    """When the picture codes of these readers were set, by reader's key; readers without one are left out."""
    rows = PictureCode.objects.filter(patron__in=list(patrons))
    return dict(rows.values_list("patron_id", "set_at"))


def shows_history(library: Library) -> bool:
    """Whether readers of this library see on their own page what they borrowed before."""
    return ReaderPage.objects.filter(library=library, shows_history=True).exists()
