"""Waiting for a title, for programs: place, list, give up."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from shuxiang.circulation import queue, services
from shuxiang.circulation.answers import hold_answer, reason_answers
from shuxiang.circulation.services.holds_by_code import UnknownCode, place_hold_by_code
from shuxiang.common.decisions import Refused
from shuxiang.interop.gate import Key, Stopped, let_in, operation_of
from shuxiang.interop.lending import STOPPED, reader, refused
from shuxiang.interop.schemas import CancelIn, Code, HoldIn, HoldOut, LibraryCode, Refusal

if TYPE_CHECKING:
    from shuxiang.circulation.holdmodels import Hold

router = Router(tags=["holds"], auth=Key())


@router.post("/holds", response={201: HoldOut, **STOPPED}, url_name="holds")
def place(request: HttpRequest, asked: HoldIn) -> Status[HoldOut] | Status[Refusal]:
    """Wait. 409 names every reason against it; those of weight `ask` can be confirmed."""
    entry = let_in(request, asked.library)
    patron, card = reader(entry, asked.card, asked.patron)
    try:
        hold = place_hold_by_code(
            library=entry.library,
            patron=patron,
            code=asked.code,
            only_this_volume=asked.only_this_volume,
            at=entry.at,
            by=entry.by,
            confirmed=entry.confirmed(asked.confirm),
            card=card,
            operation_id=operation_of(request, asked.operation),
        )
    except UnknownCode as unknown:
        reason = reason_answers(unknown.decision)[0]
        raise Stopped(HTTPStatus.NOT_FOUND, reason["code"], reason["text"]) from None
    except Refused as refusal:
        return refused(refusal.decision)
    return Status(HTTPStatus.CREATED, _out(hold))


@router.get("/holds", response={200: list[HoldOut], **STOPPED}, url_name="holds")
def holds_of(
    request: HttpRequest, library: Annotated[LibraryCode, Query()], card: Annotated[Code, Query()]
) -> list[HoldOut]:
    """What a reader waits for, what is ready first."""
    patron, _card = reader(let_in(request, library), card, None)
    found = queue.holds_of(patron)
    places = queue.places_of(found)
    return [HoldOut(**hold_answer(hold, places[hold.pk])) for hold in found]


@router.post("/holds/{int:pk}/cancel", response={200: HoldOut, **STOPPED}, url_name="cancel_hold")
def cancel(request: HttpRequest, pk: int, asked: CancelIn) -> Status[HoldOut] | Status[Refusal]:
    """Wait no more; a volume that was kept goes to the next."""
    entry = let_in(request, asked.library)
    hold = queue.find_hold(entry.library, pk) if pk < 2**63 else None
    if hold is None or not entry.sees(hold.patron):
        raise Stopped(HTTPStatus.NOT_FOUND, "hold_unknown", _("There is no such hold here."))
    try:
        ended = services.cancel_hold(
            hold=hold,
            reason=asked.reason,
            at=entry.at,
            by=entry.by,
            operation_id=operation_of(request, asked.operation),
        )
    except Refused as refusal:
        return refused(refusal.decision)
    return Status(HTTPStatus.OK, _out(ended))


def _out(hold: "Hold") -> HoldOut:
    return HoldOut(**hold_answer(hold, queue.places_of([hold])[hold.pk]))
