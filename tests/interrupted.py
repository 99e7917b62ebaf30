"""A scan of an interrupted network that a school has to look at, for the cast of tests/school.py."""

from datetime import UTC, datetime

from shuxiang.circulation.keptmodels import KeptAct
from shuxiang.circulation.services import PastAct, Stands, replay
from shuxiang.common.actors import Actor
from shuxiang.common.ids import uuid7
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Patron

AT = datetime(2026, 10, 15, 3, 30, tzinfo=UTC)


def interrupted(library: Library, patron: Patron) -> KeptAct:
    """A code that nobody knows, scanned while that reader stood there."""
    act = PastAct(uuid7(), AT, "7777777")
    done = replay(library=library, act=act, stands=Stands(patron), by=Actor("tests", "system"), now=AT)
    assert done.kept is not None
    return done.kept
