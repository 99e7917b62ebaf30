"""A question that still stands when a desk is picked up again: asked anew, nothing done."""

from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.circulation import selectors
from shuxiang.circulation.services.check_out import preview_check_out
from shuxiang.circulation.services.scan import Outcome, ScanResult, Sitting, called, reader_by_card
from shuxiang.common.decisions import Decision
from shuxiang.holdings.models import Item


def pending(sitting: Sitting, scanned: str, record: BibliographicRecord | None = None) -> ScanResult | None:
    """What a scan (or the choice of a title) would be asked or refused for now; None when nothing stands in the way."""
    found = selectors.identify(sitting.library, scanned)
    records = found.records or ((record,) if record is not None and found.item is None else ())
    if found.card is not None:
        result = reader_by_card(found.code, found.card.patron, found.card)
    elif found.item is not None or records:
        return _about_volume(sitting, found.code, found.item, records)
    else:
        result = called(sitting, found.code)
    return None if result.outcome is Outcome.READER else result


def _about_volume(
    sitting: Sitting, code: str, item: Item | None, records: tuple[BibliographicRecord, ...]
) -> ScanResult | None:
    if sitting.patron is None:
        loans = tuple(selectors.loans_to_return(sitting.library, records)) if records else ()
        several = len({loan.patron_id for loan in loans}) > 1
        return ScanResult(Outcome.WHOSE, code, record=records[0], loans=loans) if several else None
    item = item or selectors.copy_to_lend(sitting.library, records, sitting.patron)
    if item is None:
        return None
    decision = preview_check_out(
        library=sitting.library, patron=sitting.patron, item=item, at=sitting.at, kind=sitting.kind
    )
    if decision.allowed():
        return None
    outcome = Outcome.REFUSED if decision.refused else Outcome.ASKED
    record = item.holding.record
    in_the_way = Decision(decision.blocking())  # what lending would raise, without notes on a loan not made
    return ScanResult(outcome, code, in_the_way, patron=sitting.patron, item=item, record=record)
