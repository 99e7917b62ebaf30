"""What a school of the tests has in holds, recalls, holidays and blocks: one of each."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shuxiang.circulation.holdmodels import Hold, Recall, Vacation
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import Wanted, place_hold, recall, save_vacation
from shuxiang.common import clock
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.libraries.models import Library
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.models import Block
from shuxiang.patrons.services import add_patron, block

BY = Actor("tests", "system")


@dataclass(frozen=True)
class Waiting:
    """A reader who waits for what another one has, whose loan was called in; who waits is blocked; a summer."""

    hold: Hold
    recall: Recall
    vacation: Vacation
    block: Block


def waiting(library: Library, loan: Loan, word: str) -> Waiting:
    """Made today: the loan is due in the past or not, so it is called in as of the day it was made."""
    category = patrons.category(library, "pupil")
    assert category is not None
    reader = add_patron(
        library=library,
        name=f"{word}同桌",
        category=category,
        card_number=f"{library.code}0090".upper(),
        on=local_date(loan.out_at),
        by=BY,
        at=loan.out_at,
    )
    at: datetime = loan.out_at + timedelta(minutes=5)
    hold = place_hold(library=library, patron=reader, record=loan.record, at=at, by=BY)
    wanted = Wanted("all", local_date(at) + timedelta(days=2))
    called = recall(library=library, wanted=wanted, reason=f"{word}放假", at=at, by=BY)
    today = local_date(clock.now())
    vacation = save_vacation(
        library=library,
        row=None,
        name=f"{word}暑假",
        from_on=today + timedelta(days=200),
        to_on=today + timedelta(days=230),
        loan_days=60,
        at=at,
        by=BY,
    )
    stopped = block(patron=reader, reason=f"{word}停借", by=BY, at=at)
    return Waiting(hold, called, vacation, stopped)
