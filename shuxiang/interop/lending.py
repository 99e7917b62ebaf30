"""Lending and returning for programs: translate, call the service that every door calls, answer."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from shuxiang.circulation import selectors, services
from shuxiang.circulation.answers import loan_answer, loan_answers, reason_answers
from shuxiang.circulation.services import Outcome, ScanResult, Sitting
from shuxiang.common.decisions import Decision, Refused
from shuxiang.interop.gate import Key, Pass, Stopped, let_in, operation_of
from shuxiang.interop.schemas import (
    Code,
    Invalid,
    LibraryCode,
    LoanIn,
    LoanOut,
    Problem,
    Reason,
    Refusal,
    RenewIn,
    ReturnIn,
    ReturnOut,
)
from shuxiang.patrons import selectors as patrons

if TYPE_CHECKING:
    from shuxiang.patrons.models import Card, Patron

router = Router(tags=["lending"], auth=Key())
STOPPED = {401: Problem, 403: Problem, 404: Problem, 409: Refusal, 422: Invalid}


@router.post("/loans", response={201: LoanOut, **STOPPED}, url_name="loans")
def lend(request: HttpRequest, asked: LoanIn) -> Status[LoanOut] | Status[Refusal]:
    """Lend. 409 names every reason against it; those of weight `ask` can be confirmed."""
    entry = let_in(request, asked.library)
    patron, card = reader(entry, asked.card, asked.patron)
    result = services.lend(
        Sitting(
            library=entry.library,
            at=entry.at,
            by=entry.by,
            patron=patron,
            confirmed=entry.confirmed(asked.confirm),
            kind="in-room" if asked.in_room else "",
            operation_id=operation_of(request, asked.operation),
        ),
        patron,
        asked.code,
        card=card,
    )
    if result.loan is None:
        return _not_done(result)
    return Status(HTTPStatus.CREATED, LoanOut(**loan_answer(result.loan)))


@router.post("/returns", response={200: ReturnOut, **STOPPED}, url_name="returns")
def take_back(request: HttpRequest, asked: ReturnIn) -> Status[ReturnOut] | Status[Refusal]:
    """Take back. What is odd about a return (late, not lent, missing before) is said, not refused."""
    entry = let_in(request, asked.library)
    patron = reader(entry, asked.card, None)[0] if asked.card is not None else None
    result = services.take_back(
        Sitting(
            library=entry.library,
            at=entry.at,
            by=entry.by,
            operation_id=operation_of(request, asked.operation),
        ),
        asked.code,
        patron=patron,
    )
    if result.outcome is not Outcome.RETURNED:
        return _not_done(result)
    return Status(
        HTTPStatus.OK,
        ReturnOut(
            loan=LoanOut(**loan_answer(result.loan)) if result.loan else None,
            record=result.record.pk if result.record else None,
            title=result.record.title if result.record else "",
            reasons=_reasons(result.decision),
        ),
    )


@router.post("/loans/{int:pk}/renew", response={200: LoanOut, **STOPPED}, url_name="renew")
def renew(request: HttpRequest, pk: int, asked: RenewIn) -> Status[LoanOut] | Status[Refusal]:
    """Lend on, counted from today."""
    entry = let_in(request, asked.library)
    loan = selectors.find_loan(entry.library, pk)
    if loan is None or (loan.patron is not None and not entry.sees(loan.patron)):
        raise Stopped(HTTPStatus.NOT_FOUND, "loan_unknown", _("There is no such loan here."))
    try:
        renewed = services.renew(
            loan=loan,
            at=entry.at,
            by=entry.by,
            confirmed=entry.confirmed(asked.confirm),
            operation_id=operation_of(request, asked.operation),
        )
    except Refused as refusal:
        return refused(refusal.decision)
    return Status(HTTPStatus.OK, LoanOut(**loan_answer(renewed)))


@router.get("/loans", response={200: list[LoanOut], **STOPPED}, url_name="loans")
def loans_of(
    request: HttpRequest, library: Annotated[LibraryCode, Query()], card: Annotated[Code, Query()]
) -> list[LoanOut]:
    """What a reader has out, the nearest day due first; what was borrowed before is not told."""
    patron, _card = reader(let_in(request, library), card, None)
    return [LoanOut(**loan_answer(loan)) for loan in selectors.loans_of(patron)]


def reader(entry: Pass, number: str | None, pk: int | None) -> "tuple[Patron, Card | None]":
    """The reader of a card, or with a key. Raises Stopped."""
    if number is None and pk is None:
        raise Stopped(422, "reader_missing", _("Say who borrows: card or patron."))
    card = patrons.find_card(entry.library, number) if number is not None else None
    patron = card.patron if card else patrons.find_patron(entry.library, pk) if pk is not None else None
    if patron is None or (number is not None and card is None) or (pk is not None and patron.pk != pk):
        raise Stopped(HTTPStatus.NOT_FOUND, "reader_unknown", _("This library has no such reader."))
    if not entry.sees(patron):
        raise Stopped(HTTPStatus.FORBIDDEN, "reader_out_of_reach", _("This key does not serve this reader."))
    return patron, card


def _not_done(result: ScanResult) -> Status[Refusal]:
    if result.outcome is Outcome.UNKNOWN:
        reason = reason_answers(result.decision)[0]
        raise Stopped(HTTPStatus.NOT_FOUND, reason["code"], reason["text"])
    return refused(result.decision, [LoanOut(**loan) for loan in loan_answers(result)])


def refused(decision: Decision, loans: list[LoanOut] | None = None) -> Status[Refusal]:
    code = "refused" if decision.refused else "asked"
    text = (
        _("This was not done.") if decision.refused else _("This was not done: somebody has to confirm it.")
    )
    return Status(
        HTTPStatus.CONFLICT, Refusal(code=code, text=text, reasons=_reasons(decision), loans=loans or [])
    )


def _reasons(decision: Decision) -> list[Reason]:
    return [Reason.model_validate(reason) for reason in reason_answers(decision)]
