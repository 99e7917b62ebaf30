"""What is closed is refused: every act that enters, strikes or moves volumes under a day asks here first."""

from datetime import date, datetime

from shuxiang.common import clock
from shuxiang.holdings.models import AccessionSeries
from shuxiang.holdings.refusals import refuse
from shuxiang.holdings.services.numbering import BATCHES, WITHDRAWALS
from shuxiang.holdings.years import YearClosing


def hold_books(library_id: int, *series: str) -> None:
    """Wait for whoever enters or strikes volumes at this moment; until the transaction ends nobody else does.

    The rows that hand out batch and withdrawal numbers are the turnstile: who takes a number holds its row already.
    SQLite has one writer anyway.
    """
    wanted = series or (BATCHES, WITHDRAWALS)
    for name in wanted:
        AccessionSeries.objects.get_or_create(library_id=library_id, series=name)
    rows = AccessionSeries.objects.filter(library_id=library_id, series__in=wanted)
    list(rows.order_by("series").select_for_update())


def refuse_closed(library_id: int, on: date) -> None:
    """Raises Refused for a day in a year whose books are closed, or being closed.

    To be asked after the number was taken (or hold_books): then a closing has either been seen or waits for this act.
    """
    closing = _closing(library_id, on)
    if closing is not None:
        raise refuse("year_closed", year=closing.year, on=on, following=closing.year + 1)


def is_closed(library_id: int, on: date) -> bool:
    """Whether the day lies in a year whose books are closed: for jobs, which leave what they may not do and go on."""
    return _closing(library_id, on) is not None


def _closing(library_id: int, on: date) -> YearClosing | None:
    return YearClosing.objects.filter(library_id=library_id, year__gte=on.year).order_by("-year").first()


def refuse_to_come(on: date, at: datetime) -> None:
    """Raises Refused for a day that is still to come: an entry under it could not be put right until then."""
    if on > clock.local_date(at):
        raise refuse("day_to_come", on=on)
