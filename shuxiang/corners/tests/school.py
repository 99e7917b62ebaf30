"""A school with class boxes and corners, and the short words that the tests use for acts."""

from dataclasses import dataclass

from shuxiang.audit import reconcile
from shuxiang.circulation.tests.desk import AT, BY, Desk
from shuxiang.corners.models import Box, CornerMove
from shuxiang.corners.services import boxes, places
from shuxiang.holdings.models import Item, ShelvingLocation
from shuxiang.patrons.models import Patron


@dataclass
class Corners:
    """What a test works with."""

    desk: Desk
    third: Patron  # the class as a reader
    fourth: Patron
    group: Patron
    corner: ShelvingLocation
    other_corner: ShelvingLocation
    volumes: list[Item]

    def box(self, *items: Item, reader: Patron | None = None) -> Box:
        """A planned box with these volumes."""
        made = boxes.plan_box(library=self.desk.library, patron=reader or self.third, by=BY, at=AT)
        boxes.put_in(made, items)
        return made

    def fill(self, *items: Item, place: ShelvingLocation | None = None) -> CornerMove:
        """Carry volumes to a corner."""
        codes = [code_of(item) for item in items]
        move = places.foresee_fill(place or self.corner, codes, by=BY, at=AT)
        return places.carry_out(move, by=BY, at=AT)


def code_of(item: Item) -> str:
    return str(item.identifiers.get().value)


def account(item: Item) -> str:
    return str(Item.objects.values_list("account", flat=True).get(pk=item.pk))


def differences() -> list[str]:
    """What the books disagree about; allowed exceptions are left out."""
    return [one.code for one in reconcile.run().differences]
