"""What an act gave, as plain values with words: the same answer through the REST interface and the command line."""

from typing import TypedDict

from shuxiang.circulation.holdmodels import Hold
from shuxiang.circulation.messages import words
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services.scan import ScanResult
from shuxiang.common.decisions import Decision
from shuxiang.holdings.models import Item


class ReasonAnswer(TypedDict):
    code: str
    weight: str  # refuse | ask | note
    text: str


class LoanAnswer(TypedDict):
    id: int
    library: str
    record: int
    title: str
    barcode: str | None  # None for a volume without a label, or a loan beyond the copies held
    call_number: str
    patron: int | None
    reader: str
    kind: str
    lent_at: str  # instants and days in ISO 8601
    due_on: str
    returned_at: str | None
    renewals: int


def reason_answers(decision: Decision) -> list[ReasonAnswer]:
    """Every reason, heaviest first."""
    return [
        ReasonAnswer(code=reason.code, weight=reason.weight.name.lower(), text=words(reason))
        for reason in decision.reasons
    ]


def loan_answer(loan: Loan) -> LoanAnswer:
    """A loan as those who may lend see it."""
    item = loan.item
    return LoanAnswer(
        id=loan.pk,
        library=loan.library.code,
        record=loan.record_id,
        title=loan.record.title,
        barcode=_barcode(item),
        call_number=item.holding.call_number if item else "",
        patron=loan.patron_id,
        reader=loan.patron.name if loan.patron else "",
        kind=loan.kind,
        lent_at=loan.out_at.isoformat(),
        due_on=loan.due_on.isoformat(),
        returned_at=loan.in_at.isoformat() if loan.in_at else None,
        renewals=loan.renewals,
    )


def _barcode(item: Item | None) -> str | None:
    if item is None:
        return None
    return item.identifiers.filter(to_at=None).order_by("-pk").values_list("value", flat=True).first()


def loan_answers(result: ScanResult) -> list[LoanAnswer]:
    """The open loans among which somebody has to choose."""
    return [loan_answer(loan) for loan in result.loans]


class HoldAnswer(TypedDict):
    id: int
    library: str
    record: int
    title: str
    barcode: str | None  # of the one volume that is waited for; None for any
    patron: int
    state: str  # waiting | ready | filled | expired | cancelled
    place: int  # in the queue, from 1; 0 when it is no longer waiting
    placed_at: str
    kept: str | None  # barcode of the volume on the pick-up shelf
    kept_until: str | None


def hold_answer(hold: Hold, place: int) -> HoldAnswer:
    """A hold as those who may lend see it."""
    return HoldAnswer(
        id=hold.pk,
        library=hold.library.code,
        record=hold.record_id,
        title=hold.record.title,
        barcode=_barcode(hold.item),
        patron=hold.patron_id,
        state=hold.state,
        place=place,
        placed_at=hold.placed_at.isoformat(),
        kept=_barcode(hold.ready_item) if hold.state == Hold.State.READY else None,
        kept_until=hold.ready_until.isoformat()
        if hold.state == Hold.State.READY and hold.ready_until
        else None,
    )
