"""What must agree about readers: cards and classes end with the reader, and nobody is in two classes."""

from collections.abc import Iterator
from itertools import pairwise

from django.db.models import Count, F, Q

from shuxiang.audit.reconcile import Difference, check, words
from shuxiang.patrons.messages import speak
from shuxiang.patrons.models import Card, ClassMembership, Patron

words("patrons", speak)


@check("patrons.cards")
def cards(library_code: str | None) -> Iterator[Difference]:
    """Who left has no open card, who is here has one at most, and a card stands in its reader's library."""
    rows = Card.objects.select_related("library", "patron")
    rows = rows.filter(library__code=library_code) if library_code else rows
    for card in rows.filter(to_at=None, patron__left_on__isnull=False):
        yield _card(card, "open_card_of_left_patron")
    for card in rows.exclude(patron__library=F("library")):
        yield _card(card, "card_of_other_library")
    patrons = Patron.objects.select_related("library").annotate(
        open_cards=Count("cards", Q(cards__to_at=None))
    )
    patrons = patrons.filter(library__code=library_code) if library_code else patrons
    for patron in patrons.filter(open_cards__gt=1):
        params: dict[str, object] = {"patron": patron.pk, "count": patron.open_cards}
        yield Difference(
            "patrons.cards", patron.library.code, f"patrons.patron:{patron.pk}", "several_open_cards", params
        )


def _card(card: Card, code: str) -> Difference:
    return Difference(
        "patrons.cards", card.library.code, f"patrons.card:{card.pk}", code, {"card": card.number}
    )


@check("patrons.memberships")
def memberships(library_code: str | None) -> Iterator[Difference]:
    """A membership ends with the reader or the class, whichever goes first, in one library; none overlap."""
    rows = ClassMembership.objects.select_related("patron__library", "school_class")
    rows = rows.filter(patron__library__code=library_code) if library_code else rows
    for row in rows.filter(to_on=None, patron__left_on__isnull=False):
        yield _membership(row, "membership_of_left_patron")
    for row in rows.filter(to_on=None, school_class__graduated_on__isnull=False):
        yield _membership(row, "membership_after_graduation", on=row.school_class.graduated_on)
    for row in rows.exclude(school_class__library=F("patron__library")):
        yield _membership(row, "membership_elsewhere")
    for one, other in pairwise(rows.order_by("patron_id", "from_on", "pk").iterator()):
        if one.patron_id == other.patron_id and (one.to_on is None or one.to_on >= other.from_on):
            yield _membership(other, "memberships_overlap", on=other.from_on)


def _membership(row: ClassMembership, code: str, **params: object) -> Difference:
    return Difference(
        "patrons.memberships",
        row.patron.library.code,
        f"patrons.membership:{row.pk}",
        code,
        {"patron": row.patron_id, **params},
    )
