"""What holdings do when two records become one, and when they are parted again (catalogue.services.merging)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, ProtectedError

from shuxiang.holdings.models import Holding, Item, PropertyLine
from shuxiang.holdings.services.counts import recount


def merge_holdings(gone: int, into: int, at: datetime) -> dict[str, Any]:
    """Holdings go over to the record that stays; where it is held in the same group already, the volumes go over.

    An emptied holding stays with the tombstone and keeps its call number, so that the way back is the same. Gives what
    was moved.
    """
    moved: list[int] = []
    emptied: list[dict[str, Any]] = []
    for holding in Holding.objects.filter(record_id=gone).order_by("pk"):
        note_entered(holding.pk, gone)
        twin = Holding.objects.filter(
            library=holding.library_id, group=holding.group_id, record_id=into
        ).first()
        if twin is None:
            Holding.objects.filter(pk=holding.pk).update(record_id=into, modified_at=at)
            moved.append(holding.pk)
        else:
            emptied.append(_empty(holding, twin, at))
    touched = [*moved, *(one[name] for one in emptied for name in ("holding", "twin"))]
    recount(touched)
    return {"moved": moved, "emptied": emptied}


def note_entered(holding: int, record: int, items: Sequence[int] | None = None) -> None:
    """Posted volumes of a holding that is about to belong to another record remember the one they were entered under."""
    lines = PropertyLine.objects.filter(item__holding=holding, number__isnull=False, entered_under=None)
    if items is not None:
        lines = lines.filter(item__in=items)
    PropertyLine.objects.filter(pk__in=list(lines.values_list("pk", flat=True))).update(entered_under=record)


def forget_entered(record: int) -> None:
    """Volumes that belong to the record again that they were entered under need not remember it."""
    lines = PropertyLine.objects.filter(item__holding__record_id=record, entered_under=record)
    PropertyLine.objects.filter(pk__in=list(lines.values_list("pk", flat=True))).update(entered_under=None)


def _empty(holding: Holding, twin: Holding, at: datetime) -> dict[str, Any]:
    """The volumes of a holding become copies of its twin, numbered on; a review that held them holds the twin too."""
    noted: dict[str, Any] = {"holding": holding.pk, "twin": twin.pk, "items": []}
    last = Item.objects.filter(holding=twin).aggregate(last=Max("copy_number"))["last"] or 0
    for number, (pk, copy) in enumerate(
        Item.objects.filter(holding=holding).order_by("copy_number", "pk").values_list("pk", "copy_number"),
        start=last + 1,
    ):
        Item.objects.filter(pk=pk).update(holding=twin, copy_number=number, modified_at=at)
        noted["items"].append([pk, copy])
    if holding.review == Holding.Review.HELD != twin.review:
        noted["review"] = twin.review
        Holding.objects.filter(pk=twin.pk).update(review=Holding.Review.HELD, modified_at=at)
    return noted


def part_holdings(gone: int, into: int, noted: dict[str, Any], at: datetime) -> None:
    """The way back: what is still where the merge put it returns."""
    Holding.objects.filter(pk__in=noted["moved"], record_id=into).update(record_id=gone, modified_at=at)
    for one in noted["emptied"]:
        give_back(one["items"], one["twin"], one["holding"], at)
        if "review" in one:
            Holding.objects.filter(pk=one["twin"], review=Holding.Review.HELD).update(review=one["review"])
    forget_entered(gone)
    recount([*noted["moved"], *(one[name] for one in noted["emptied"] for name in ("holding", "twin"))])


def give_back(items: list[list[int]], source: int, target: int, at: datetime) -> None:
    """Volumes that still belong to one holding go back to another, each with the copy number it had there."""
    for pk, copy in items:
        Item.objects.filter(pk=pk, holding=source).update(holding=target, copy_number=copy, modified_at=at)


def forget_empty(holdings: Sequence[int]) -> None:
    """Remove holdings without volumes, so that their call numbers are free; one that another room names stays."""
    for pk in holdings:
        try:
            with transaction.atomic():
                Holding.objects.filter(pk=pk, items__isnull=True).delete()
        except ProtectedError:
            continue
