"""One table of scenarios: what was before, what is done, what must come of it, and which doors have no way to say it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from shuxiang.circulation.rules import PolicyRow
from shuxiang.circulation.services import Wanted, check_in, mark_lost, place_hold, recall, renew, set_policy
from shuxiang.common import clock
from shuxiang.holdings import shelving
from shuxiang.holdings.services import PlaceValues, draft_batch, save_place, withdraw
from shuxiang.holdings.services import add_items as add
from shuxiang.holdings.services.reviewing import set_aside
from shuxiang.patrons.services import block, change_patron, issue_card, lift_block, report_card_lost
from tests.doors import ISBN, Act, Stage
from tests.school import BY

ONCE = UUID("01890a5d-ac96-774b-bcce-b302099a8057")

# why a door has no way to say something; tests/test_doors.py counts them
NO_LOG = "a log tells what happened, not what was asked or refused"
NO_YES = "the machine asks nobody: what could be confirmed is refused there"
ONE_YES = "one yes at the desk answers all questions at once, and none that is refused"
SCAN_TURNS = "a scan finds out by itself: one's own volume comes back, somebody else's is asked about"


@dataclass(frozen=True)
class Case:
    """What was before, what is done, what must come of it; `log`: a loan log can tell it too."""

    before: Callable[[Stage], object]
    act: Act
    outcome: str
    reasons: frozenset[str] = frozenset()
    open_after: int = 0
    log: bool = False
    without: dict[str, str] = field(default_factory=dict)  # doors that cannot say it, and why

    @property
    def cannot(self) -> dict[str, str]:
        """Every door without a way, with its reason."""
        found = dict(self.without)
        if self.act.confirm:
            found.setdefault("kiosk", NO_YES)
        if not self.log:
            found.setdefault("import", NO_LOG)
        return found


# what was before


def nothing(stage: Stage) -> None:
    """Nobody has anything."""


def lent_first(stage: Stage) -> None:
    stage.lent(stage.labelled[0], stage.pupil)


def lent_today(stage: Stage) -> None:
    stage.lent(stage.labelled[0], stage.pupil, days_ago=0)


def lent_first_to_other(stage: Stage) -> None:
    stage.lent(stage.labelled[0], stage.other)


def lent_long_ago(stage: Stage) -> None:
    stage.lent(stage.labelled[0], stage.pupil, days_ago=60)


def lent_and_returned(stage: Stage) -> None:
    lent_first(stage)
    check_in(library=stage.library, item=stage.labelled[0], at=hours_ago(1), by=BY)


def has_two(stage: Stage) -> None:
    for item in stage.unlabelled:
        stage.lent(item, stage.pupil)


def has_unlabelled(stage: Stage) -> None:
    stage.lent(stage.unlabelled[0], stage.pupil)


def other_has_unlabelled(stage: Stage) -> None:
    stage.lent(stage.unlabelled[0], stage.other)


def both_have_the_title(stage: Stage) -> None:
    stage.lent(stage.unlabelled[0], stage.pupil, days_ago=2)
    stage.lent(stage.unlabelled[1], stage.other)


def limit_of_one(stage: Stage) -> None:
    change_patron(patron=stage.pupil, loan_limit=1, by=BY, at=hours_ago(48))
    has_unlabelled(stage)


def limit_of_five(stage: Stage) -> None:
    change_patron(patron=stage.pupil, loan_limit=5, by=BY, at=hours_ago(48))
    has_two(stage)


def blocked(stage: Stage) -> None:
    block(patron=stage.pupil, reason="欠赔书款", by=BY, at=clock.now())


def blocked_and_lifted(stage: Stage) -> None:
    row = block(patron=stage.pupil, reason="欠赔书款", by=BY, at=hours_ago(48))
    lift_block(block=row, by=BY, at=hours_ago(24))


def blocked_until_last_week(stage: Stage) -> None:
    until = clock.local_date(hours_ago(24 * 7))
    block(patron=stage.pupil, reason="欠赔书款", by=BY, at=hours_ago(24 * 30), until_on=until)


def card_lost(stage: Stage) -> None:
    report_card_lost(card=stage.pupil.cards.get(), by=BY, at=clock.now())


def new_card(stage: Stage) -> None:
    issue_card(patron=stage.pupil, number="A0099", by=BY, at=hours_ago(24))


def withdrawn(stage: Stage) -> None:
    at = clock.now()
    withdraw([stage.labelled[0]], reason="worn", by=BY, at=at, on=clock.local_date(at))


def missing(stage: Stage) -> None:
    loan = stage.lent(stage.labelled[0], stage.other, days_ago=30)
    mark_lost(loan=loan, at=hours_ago(24), by=BY)


def set_aside_first(stage: Stage) -> None:
    holding = stage.labelled[0].holding_id
    at = hours_ago(24)
    set_aside([holding], library=stage.library, by=BY, at=at, on=clock.local_date(at))


def set_aside_while_lent(stage: Stage) -> None:
    stage.lent(stage.labelled[0], stage.pupil, days_ago=3)
    set_aside_first(stage)


def all_copies_out(stage: Stage) -> None:
    for item in stage.unlabelled:
        stage.lent(item, stage.other)


def late_and_blocked_and_full(stage: Stage) -> None:
    for item in stage.unlabelled:
        stage.lent(item, stage.pupil, days_ago=60)
    blocked(stage)


def late_and_blocked(stage: Stage) -> None:
    stage.lent(stage.unlabelled[0], stage.pupil, days_ago=60)
    blocked(stage)


def not_posted(stage: Stage) -> None:
    at = hours_ago(24)
    batch = draft_batch(
        library=stage.library, source="purchase", received_on=clock.local_date(at), by=BY, at=at
    )
    holding = stage.labelled[0].holding
    add(batch=batch, holding=holding, copies=1, list_price_fen=1000, barcodes=["AD1"], by=BY, at=at)


def shelf(stage: Stage, lending: str) -> None:
    """The place of everything is for this kind of lending from now on."""
    place = stage.labelled[0].home
    values = PlaceValues(place.code, place.name, shelving.groups_of(stage.library)[0], lending=lending)
    save_place(place, values, library=stage.library, by=BY, at=hours_ago(24))


def shelf_read_here(stage: Stage) -> None:
    shelf(stage, "in-room")


def shelf_not_lent(stage: Stage) -> None:
    shelf(stage, "none")


def policy(stage: Stage, **answers: int | bool) -> None:
    row = PolicyRow(stage.pupil.category_id, None, **answers)  # type: ignore[arg-type]
    set_policy(library=stage.library, row=row, at=hours_ago(24 * 100), by=BY)


def pupils_read_here(stage: Stage) -> None:
    policy(stage, in_room_only=True)


def pupils_may_have_none(stage: Stage) -> None:
    policy(stage, loan_limit=0)


def late_costs_days(stage: Stage) -> None:
    policy(stage, suspension_per_day_late=1)
    lent_long_ago(stage)


def other_waits(stage: Stage) -> None:
    """Both labelled volumes were out when the other reader began to wait."""
    for item in stage.labelled:
        stage.lent(item, stage.pupil, days_ago=3)
    place_hold(library=stage.library, patron=stage.other, record=stage.record, at=hours_ago(24), by=BY)


def pupil_waits(stage: Stage) -> None:
    for item in stage.labelled:
        stage.lent(item, stage.other, days_ago=3)
    place_hold(library=stage.library, patron=stage.pupil, record=stage.record, at=hours_ago(24), by=BY)


def kept_for_other(stage: Stage) -> None:
    other_waits(stage)
    check_in(library=stage.library, item=stage.labelled[0], at=hours_ago(2), by=BY)


def kept_for_pupil(stage: Stage) -> None:
    pupil_waits(stage)
    check_in(library=stage.library, item=stage.labelled[0], at=hours_ago(2), by=BY)


def called_in(stage: Stage) -> None:
    loan = stage.lent(stage.labelled[0], stage.pupil, days_ago=3)
    due_on = clock.local_date(clock.now()) + timedelta(days=2)
    recall(
        library=stage.library,
        wanted=Wanted("loan", due_on, loan=loan),
        reason="期末",
        at=hours_ago(24),
        by=BY,
    )


def renewed_before(stage: Stage) -> None:
    loan = stage.lent(stage.labelled[0], stage.pupil, days_ago=10)
    renew(loan=loan, at=hours_ago(24 * 6), by=BY)


def lent_some_days_ago(stage: Stage) -> None:
    stage.lent(stage.labelled[0], stage.pupil, days_ago=5)


def hours_ago(hours: float) -> datetime:
    return clock.now() - timedelta(hours=hours)


# what is done


def lend(code: str = "AB1", card: str = "A0011", *confirm: str, times: int = 1) -> Act:
    return Act("lend", code, card, frozenset(confirm), ONCE if times > 1 else None, times)


def back(code: str = "AB1", card: str = "", *, times: int = 1) -> Act:
    return Act("return", code, card, operation=ONCE if times > 1 else None, times=times)


def longer(*confirm: str, times: int = 1) -> Act:
    return Act("renew", "AB1", "A0011", frozenset(confirm), ONCE if times > 1 else None, times)


def because(*codes: str) -> frozenset[str]:
    return frozenset(codes)


LENDING = {
    "a volume is lent by its barcode": Case(nothing, lend(), "lent", open_after=1, log=True),
    "a barcode in small letters": Case(nothing, lend("ab1"), "lent", open_after=1),
    "a barcode in wide letters, blanks around": Case(nothing, lend(" ＡＢ１ "), "lent", open_after=1),
    "a barcode as a scanner sends it, its kind ahead": Case(nothing, lend("]C0AB1"), "lent", open_after=1),
    "a card in small letters": Case(nothing, lend(card="a0011"), "lent", open_after=1),
    "an unlabelled book is lent by its ISBN": Case(nothing, lend(ISBN), "lent", open_after=1, log=True),
    "an ISBN with its hyphens": Case(nothing, lend("978-7-5342-4380-6"), "lent", open_after=1),
    "the second copy of a title that the reader has": Case(
        lent_first, lend("AB2"), "lent", open_after=2, log=True
    ),
    "a volume that came back this hour": Case(lent_and_returned, lend(), "lent", open_after=1, log=True),
    "a title of which no copy is in": Case(
        all_copies_out, lend(ISBN), "refused", because("no_copy_in"), open_after=2
    ),
    "the limit is reached: asked": Case(
        has_two, lend(), "asked", because("loan_limit_reached"), open_after=2
    ),
    "the limit is reached: confirmed": Case(
        has_two, lend("AB1", "A0011", "loan_limit_reached"), "lent", open_after=3, log=True
    ),
    "a reader with a limit of their own, reached": Case(
        limit_of_one, lend(), "asked", because("loan_limit_reached"), open_after=1
    ),
    "a reader with a limit of their own, not reached": Case(
        limit_of_five, lend(), "lent", open_after=3, log=True
    ),
    "readers of a kind that may have none": Case(
        pupils_may_have_none, lend(), "asked", because("loan_limit_reached")
    ),
    "something is overdue": Case(lent_long_ago, lend("AB2"), "asked", because("has_overdue"), open_after=1),
    "something is overdue, confirmed": Case(
        lent_long_ago, lend("AB2", "A0011", "has_overdue"), "lent", open_after=2, log=True
    ),
    "a blocked reader": Case(blocked, lend(), "asked", because("reader_blocked")),
    "a blocked reader, confirmed": Case(
        blocked, lend("AB1", "A0011", "reader_blocked"), "lent", open_after=1
    ),
    "a block that was lifted": Case(blocked_and_lifted, lend(), "lent", open_after=1, log=True),
    "a block that is over": Case(blocked_until_last_week, lend(), "lent", open_after=1, log=True),
    "every reason at once": Case(
        late_and_blocked_and_full,
        lend(),
        "asked",
        because("loan_limit_reached", "has_overdue", "reader_blocked"),
        open_after=2,
    ),
    "two reasons, both confirmed": Case(
        late_and_blocked,
        lend("AB1", "A0011", "reader_blocked", "has_overdue"),
        "lent",
        open_after=2,
    ),
    "two reasons, one confirmed": Case(
        late_and_blocked,
        lend("AB1", "A0011", "reader_blocked"),
        "asked",
        because("has_overdue"),
        open_after=1,
        without={"desk": ONE_YES},
    ),
    "a lost card": Case(card_lost, lend(), "refused", because("card_lost")),
    "an old card": Case(new_card, lend(), "refused", because("card_replaced")),
    "the new card": Case(new_card, lend(card="A0099"), "lent", open_after=1, log=True),
    "a reference work": Case(nothing, lend("AR1"), "refused", because("in_room_only")),
    "a reference work, and somebody says yes": Case(
        nothing,
        lend("AR1", "A0011", "in_room_only"),
        "refused",
        because("in_room_only"),
        without={"desk": ONE_YES},
    ),
    "a shelf that is read in the room": Case(shelf_read_here, lend(), "refused", because("in_room_only")),
    "a shelf that is not for readers": Case(shelf_not_lent, lend(), "refused", because("not_lendable")),
    "readers who read in the room only": Case(pupils_read_here, lend(), "refused", because("in_room_only")),
    "a title set aside for review": Case(set_aside_first, lend(), "refused", because("held_for_review")),
    "a volume that is not entered yet": Case(not_posted, lend("AD1"), "refused", because("item_not_posted")),
    "a withdrawn volume is not lent": Case(withdrawn, lend(), "refused", because("item_withdrawn")),
    "a missing volume turns up and is lent": Case(missing, lend(), "lent", open_after=1),
    "the reader has it already": Case(
        lent_first,
        lend(),
        "refused",
        because("already_lent_to_reader"),
        open_after=1,
        without=dict.fromkeys(("desk", "kiosk", "replay"), SCAN_TURNS),
    ),
    "lent to somebody else by the books": Case(
        lent_first_to_other, lend(), "asked", because("lent_to_other"), open_after=1
    ),
    "lent to somebody else, confirmed": Case(
        lent_first_to_other, lend("AB1", "A0011", "lent_to_other"), "lent", open_after=1
    ),
    "kept for somebody else": Case(kept_for_other, lend(), "asked", because("kept_for_other"), open_after=1),
    "kept for somebody else, confirmed": Case(
        kept_for_other, lend("AB1", "A0011", "kept_for_other"), "lent", open_after=2
    ),
    "kept for this reader": Case(kept_for_pupil, lend(), "lent", open_after=2),
    "one who was called in borrows something else": Case(called_in, lend("AB2"), "lent", open_after=2),
    "a code that nothing carries": Case(nothing, lend("NOPE999"), "unknown"),
    "a card of another library": Case(nothing, lend("AB1", "B0001"), "unknown"),
    "a volume of another library": Case(nothing, lend("BB1"), "unknown"),
    "lent twice under one operation id": Case(nothing, lend(times=2), "lent", open_after=1, log=True),
    "an ISBN lent twice under one operation id": Case(
        nothing, lend(ISBN, times=2), "lent", open_after=1, log=True
    ),
}

RETURNING = {
    "a volume is returned by its barcode": Case(lent_first, back(), "returned"),
    "a reader brings a volume, card first": Case(lent_first, back(card="A0011"), "returned", log=True),
    "the barcode in small letters": Case(lent_first, back("ab1"), "returned"),
    "an unlabelled book is returned by its ISBN": Case(has_unlabelled, back(ISBN), "returned"),
    "an ISBN comes back, card first": Case(has_unlabelled, back(ISBN, "A0011"), "returned", log=True),
    "an overdue volume comes back": Case(lent_long_ago, back(), "returned", because("returned_late")),
    "an overdue volume comes back, and that costs days": Case(
        late_costs_days, back(), "returned", because("returned_late", "suspended")
    ),
    "a blocked reader brings a volume": Case(
        late_and_blocked, back(ISBN, "A0011"), "returned", because("returned_late")
    ),
    "a volume comes back that somebody waits for": Case(
        other_waits, back(), "returned", because("keep_for"), open_after=1
    ),
    "a volume comes back that was called in": Case(called_in, back(card="A0011"), "returned"),
    "a volume comes back that was renewed": Case(renewed_before, back(card="A0011"), "returned"),
    "a volume comes back that was not lent": Case(nothing, back(), "returned", because("was_not_lent")),
    "a volume comes back a second time": Case(lent_and_returned, back(), "returned", because("was_not_lent")),
    "an ISBN comes back that nobody has": Case(nothing, back(ISBN), "returned", because("was_not_lent")),
    "a missing volume comes back": Case(missing, back(), "returned", because("found_again")),
    "a withdrawn volume comes back": Case(withdrawn, back(), "returned", because("withdrawn_came_back")),
    "a volume that is not entered comes back": Case(
        not_posted, back("AD1"), "returned", because("item_not_posted")
    ),
    "a title set aside while lent comes back": Case(
        set_aside_while_lent, back(), "returned", because("held_for_review")
    ),
    "an ISBN comes back that several have": Case(
        both_have_the_title, back(ISBN), "whose", because("which_reader"), open_after=2
    ),
    "an ISBN comes back from one of them": Case(
        both_have_the_title, back(ISBN, "A0012"), "returned", open_after=1, log=True
    ),
    "somebody brings what another has": Case(
        lent_first_to_other,
        back(card="A0011"),
        "returned",
        without=dict.fromkeys(("desk", "kiosk", "replay"), SCAN_TURNS),
    ),
    "a code that nothing carries comes back": Case(nothing, back("NOPE999"), "unknown"),
    "a volume of another library comes back": Case(nothing, back("BB1"), "unknown"),
    "returned twice under one operation id": Case(lent_first, back(times=2), "returned"),
}

RENEWING = {
    "a loan is renewed": Case(lent_some_days_ago, longer(), "renewed", open_after=1, log=True),
    "renewed once already: asked": Case(
        renewed_before, longer(), "asked", because("renewals_used_up"), open_after=1
    ),
    "renewed once already: confirmed": Case(
        renewed_before, longer("renewals_used_up"), "renewed", open_after=1
    ),
    "an overdue loan": Case(lent_long_ago, longer(), "asked", because("loan_overdue"), open_after=1),
    "an overdue loan, confirmed": Case(lent_long_ago, longer("loan_overdue"), "renewed", open_after=1),
    "a renewal that gains nothing": Case(
        lent_today, longer(), "refused", because("renewal_gains_nothing"), open_after=1
    ),
    "a loan that was called in": Case(called_in, longer(), "asked", because("loan_recalled"), open_after=1),
    "a loan for which others wait": Case(
        other_waits, longer(), "asked", because("others_wait"), open_after=2
    ),
    "renewed twice under one operation id": Case(
        lent_some_days_ago, longer(times=2), "renewed", open_after=1
    ),
}

CASES = LENDING | RETURNING | RENEWING
