"""Cards: lost, replaced, never given to somebody else."""

from datetime import datetime

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.codes import clean_scan
from shuxiang.common.decisions import Decision, Reason, Weight
from shuxiang.libraries.models import Library
from shuxiang.patrons import rules
from shuxiang.patrons.models import Card, Patron


def judge_new_number(library: Library, number: str) -> Decision:
    """Why a number cannot become a card of this library; empty when it can."""
    held = Card.objects.filter(library=library, number=number).select_related("patron").first()
    return Decision.of([
        rules.judge_number(number),
        rules.judge_taken(number, held.patron.name if held else None, held is not None and held.to_at is None),
    ])  # fmt: skip


def open_new(patron: Patron, number: str, at: datetime) -> Card:
    """Write the card row inside the caller's act. Raises Refused."""
    number = clean_scan(number)
    judge_new_number(patron.library, number).enforce()
    return Card.objects.create(library=patron.library, patron=patron, number=number, from_at=at)


@transaction.atomic
def issue_card(*, patron: Patron, number: str, by: Actor, at: datetime) -> Card:
    """Give a reader a card; the one held until now is closed as replaced, and its number stays taken. Raises Refused."""
    if patron.left_on is not None:
        Decision((Reason("patron_left_already", Weight.REFUSE, {"on": patron.left_on}),)).enforce()
    card = open_new(patron, number, at)
    patron.cards.filter(to_at=None).exclude(pk=card.pk).update(to_at=at, ended=Card.Ended.REPLACED)
    begun = operations.begin("patrons.issue_card", by=by, at=at, library_code=patron.library.code)
    operations.finish(begun.operation, subject=f"patrons.patron:{patron.pk}", detail={"card": card.pk})
    return card


@transaction.atomic
def report_card_lost(*, card: Card, by: Actor, at: datetime) -> Card:
    """Close a card as lost (挂失): it opens nothing any more. Raises Refused when it is closed already."""
    card = Card.objects.select_related("patron", "library").get(pk=card.pk)
    if card.to_at is not None:
        Decision((Reason("card_closed_already", Weight.REFUSE, {"number": card.number}),)).enforce()
    card.to_at, card.ended = at, Card.Ended.LOST
    card.save(update_fields=["to_at", "ended"])
    begun = operations.begin("patrons.report_card_lost", by=by, at=at, library_code=card.library.code)
    operations.finish(begun.operation, subject=f"patrons.patron:{card.patron_id}", detail={"card": card.pk})
    return card
