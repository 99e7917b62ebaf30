"""One table of scenarios through every door: the same outcome, the same reasons, the same rows."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from django.db import transaction

from shuxiang.audit import reconcile
from shuxiang.circulation.models import Loan
from shuxiang.common import clock
from shuxiang.holdings.services import withdraw
from shuxiang.patrons.services import block, report_card_lost
from tests import school
from tests.doors import (
    DOORS,
    ISBN,
    Act,
    Stage,
    acts_written,
    by_service,
    rows,
    service_result,
    set_stage,
)
from tests.school import BY

ONCE = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


@dataclass(frozen=True)
class Case:
    """What was before, what is done, what must come of it; `log`: a loan log can tell it too."""

    before: Callable[[Stage], object]
    act: Act
    outcome: str
    reasons: frozenset[str] = frozenset()
    open_after: int = 0
    log: bool = False


def nothing(stage: Stage) -> None:
    """Nobody has anything."""


def lent_first(stage: Stage) -> None:
    stage.lent(stage.labelled[0], stage.pupil)


def lent_first_to_other(stage: Stage) -> None:
    stage.lent(stage.labelled[0], stage.other)


def lent_long_ago(stage: Stage) -> None:
    stage.lent(stage.labelled[0], stage.pupil, days_ago=60)


def has_two(stage: Stage) -> None:
    for item in stage.unlabelled:
        stage.lent(item, stage.pupil)


def has_unlabelled(stage: Stage) -> None:
    stage.lent(stage.unlabelled[0], stage.pupil)


def both_have_the_title(stage: Stage) -> None:
    stage.lent(stage.unlabelled[0], stage.pupil, days_ago=2)
    stage.lent(stage.unlabelled[1], stage.other)


def blocked(stage: Stage) -> None:
    block(patron=stage.pupil, reason="欠赔书款", by=BY, at=clock.now())


def card_lost(stage: Stage) -> None:
    report_card_lost(card=stage.pupil.cards.get(), by=BY, at=clock.now())


def withdrawn(stage: Stage) -> None:
    at = clock.now()
    withdraw([stage.labelled[0]], reason="worn", by=BY, at=at, on=clock.local_date(at))


def all_copies_out(stage: Stage) -> None:
    for item in stage.unlabelled:
        stage.lent(item, stage.other)


def late_and_blocked_and_full(stage: Stage) -> None:
    for item in stage.unlabelled:
        stage.lent(item, stage.pupil, days_ago=60)
    blocked(stage)


def lend(code: str = "AB1", card: str = "A0011", *confirm: str, times: int = 1) -> Act:
    return Act("lend", code, card, frozenset(confirm), ONCE if times > 1 else None, times)


def back(code: str = "AB1", card: str = "", *, times: int = 1) -> Act:
    return Act("return", code, card, operation=ONCE if times > 1 else None, times=times)


def because(*codes: str) -> frozenset[str]:
    return frozenset(codes)


CASES = {
    "a volume is lent by its barcode": Case(nothing, lend(), "lent", open_after=1, log=True),
    "a volume is returned by its barcode": Case(lent_first, back(), "returned"),
    "a reader brings a volume, card first": Case(lent_first, back(card="A0011"), "returned", log=True),
    "an unlabelled book is lent by its ISBN": Case(nothing, lend(ISBN), "lent", open_after=1, log=True),
    "an unlabelled book is returned by its ISBN": Case(has_unlabelled, back(ISBN), "returned"),
    "a title of which no copy is in": Case(
        all_copies_out, lend(ISBN), "refused", because("no_copy_in"), open_after=2
    ),
    "the limit is reached: asked": Case(
        has_two, lend(), "asked", because("loan_limit_reached"), open_after=2
    ),
    "the limit is reached: confirmed": Case(
        has_two, lend("AB1", "A0011", "loan_limit_reached"), "lent", open_after=3, log=True
    ),
    "something is overdue": Case(lent_long_ago, lend("AB2"), "asked", because("has_overdue"), open_after=1),
    "an overdue volume comes back": Case(lent_long_ago, back(), "returned", because("returned_late")),
    "a blocked reader": Case(blocked, lend(), "asked", because("reader_blocked")),
    "a blocked reader, confirmed": Case(
        blocked, lend("AB1", "A0011", "reader_blocked"), "lent", open_after=1
    ),
    "every reason at once": Case(
        late_and_blocked_and_full,
        lend(),
        "asked",
        because("loan_limit_reached", "has_overdue", "reader_blocked"),
        open_after=2,
    ),
    "a lost card": Case(card_lost, lend(), "refused", because("card_lost")),
    "a reference work": Case(nothing, lend("AR1"), "refused", because("in_room_only")),
    "lent to somebody else by the books": Case(
        lent_first_to_other, lend(), "asked", because("lent_to_other"), open_after=1
    ),
    "lent to somebody else, confirmed": Case(
        lent_first_to_other, lend("AB1", "A0011", "lent_to_other"), "lent", open_after=1
    ),
    "a code that nothing carries": Case(nothing, lend("NOPE999"), "unknown"),
    "a code that nothing carries comes back": Case(nothing, back("NOPE999"), "unknown"),
    "a card of another library": Case(nothing, lend("AB1", "B0001"), "unknown"),
    "a volume of another library": Case(nothing, lend("BB1"), "unknown"),
    "a withdrawn volume is not lent": Case(withdrawn, lend(), "refused", because("item_withdrawn")),
    "a withdrawn volume comes back": Case(withdrawn, back(), "returned", because("withdrawn_came_back")),
    "a volume comes back that was not lent": Case(nothing, back(), "returned", because("was_not_lent")),
    "an ISBN comes back that several have": Case(
        both_have_the_title, back(ISBN), "whose", because("which_reader"), open_after=2
    ),
    "an ISBN comes back from one of them": Case(
        both_have_the_title, back(ISBN, "A0012"), "returned", open_after=1, log=True
    ),
    "lent twice under one operation id": Case(nothing, lend(times=2), "lent", open_after=1, log=True),
    "an ISBN lent twice under one operation id": Case(
        nothing, lend(ISBN, times=2), "lent", open_after=1, log=True
    ),
    "returned twice under one operation id": Case(lent_first, back(times=2), "returned"),
}


@pytest.fixture
def stage(db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Stage:
    return set_stage(school.cast(), tmp_path, capsys)


@pytest.mark.parametrize("name", CASES)
def test_the_service_decides_as_the_table_says(name: str, stage: Stage) -> None:
    case = CASES[name]
    case.before(stage)
    result = service_result(stage, case.act)
    said = {reason.code for reason in result.decision.reasons} - {"unknown_code"}
    assert (result.outcome.value, said) == (case.outcome, set(case.reasons))
    assert Loan.objects.filter(in_at=None, patron__in=[stage.pupil, stage.other]).count() == case.open_after
    assert reconcile.run("a").differences == ()


@pytest.mark.parametrize(
    ("name", "door"),
    [(name, door) for name, case in CASES.items() for door in DOORS if door != "import" or case.log],
)
def test_each_door_does_what_the_service_does(name: str, door: str, stage: Stage) -> None:
    case = CASES[name]
    case.before(stage)
    with transaction.atomic():
        expected = by_service(stage, case.act)
        rows_expected, acts_expected = rows(), acts_written()
        transaction.set_rollback(True)
    seen = DOORS[door](stage, case.act)
    assert seen.outcome == expected.outcome == case.outcome
    if door != "import":  # a log is history: it writes its acts down as one run, and asks nobody
        assert seen.texts == expected.texts
        assert acts_written() == acts_expected
    assert rows() == rows_expected
    assert reconcile.run("a").differences == ()
