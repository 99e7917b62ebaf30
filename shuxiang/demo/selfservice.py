"""Self-service in the demonstration: two machines to be registered, and a class that all know the same pictures."""

from datetime import datetime

from shuxiang.accounts.services import KioskValues, save_kiosk
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import Library
from shuxiang.libraries.rotation import rooms_of
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.services import set_code

PICTURES = (1, 5, 8, 11)  # apple, star, boat, butterfly: so that one can try the machine


def fill_selfservice(library: Library, by: Actor, at: datetime) -> None:
    """Deterministic; nobody at a real school gets the same pictures as everybody else."""
    room = next(iter(rooms_of(library)), None)
    save_kiosk(library=library, values=KioskValues("门口借还机", room=room), row=None, by=by, at=at)
    returns = KioskValues("还书机", room=room, may_lend=False, may_renew=False, by_class=False)
    save_kiosk(library=library, values=returns, row=None, by=by, at=at)
    today = local_date(at)
    for school_class in libraries.classes_on(library, today)[:1]:
        for reader in patrons.readers_of(school_class, today):
            set_code(patron=reader, pictures=PICTURES, by=by, at=at)
