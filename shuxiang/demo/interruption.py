"""A quarter of an hour without network for the demonstration: most was done afterwards, some has to be looked at."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from shuxiang.circulation.services import PastAct, Stands, replay
from shuxiang.common.actors import Actor
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Card

SPACE = UUID("0190f000-0000-7000-8000-00000000d045")


def fill_interruption(library: Library, at: datetime) -> None:
    """Codes as they were scanned: a card, then numbers of which nobody knows what they are."""
    cards = Card.objects.filter(library=library, to_at=None, patron__left_on=None).order_by("pk")
    card = cards.values_list("number", flat=True).first()
    if card is None:
        return
    codes = [card, "80004417", "978702000220", "LX0O3121"]
    begun, stands = at - timedelta(hours=2), Stands()
    for number, code in enumerate(codes):
        act = PastAct(uuid5(SPACE, str(number)), begun + timedelta(seconds=20 * number), code)
        done = replay(library=library, act=act, stands=stands, by=Actor("guanyuan", "desk"), now=at)
        stands = done.stands
