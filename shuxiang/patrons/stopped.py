"""Reads of blocks: who may not borrow now, who could not lately."""

from datetime import date

from django.db.models import Q, QuerySet

from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Block


def _blocks(library: Library) -> QuerySet[Block]:
    found = Block.objects.filter(patron__library=library, patron__deleted_at=None)
    return found.select_related("patron__category", "patron__library")


def in_force(library: Library, day: date) -> list[Block]:
    """Blocks that hold on a day, the newest first."""
    found = _blocks(library).filter(Q(until_on=None) | Q(until_on__gte=day), lifted_at=None)
    return list(found.order_by("-from_at", "-pk"))


def ended(library: Library, day: date) -> QuerySet[Block]:
    """Blocks that were lifted or ran out before a day, the newest first."""
    return (
        _blocks(library).filter(Q(lifted_at__isnull=False) | Q(until_on__lt=day)).order_by("-from_at", "-pk")
    )


def find_block(library: Library, pk: int) -> Block | None:
    return _blocks(library).filter(pk=pk).first()
