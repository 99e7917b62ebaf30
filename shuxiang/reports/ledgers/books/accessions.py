"""个别登记帐 (财产帐): one line a volume, in the order of accession numbers; each series is a book of its own."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.holdings.models import PropertyLine
from shuxiang.reports.ledgers import lines as of
from shuxiang.reports.ledgers.registry import Asked, Book, Part, register
from shuxiang.reports.ledgers.runs import Places, runs_in

CODE = "ledger.accessions"
COLUMNS = (
    of.ENTERED, of.NUMBER, of.TITLE, of.AUTHORS, of.PUBLISHER, of.EDITION, of.PUBLISHED, of.EXTENT, of.PRICE,
    of.ISBN, of.CALL_NUMBER, of.BATCH, of.STRUCK, of.PLACE, *of.MORE,
)  # fmt: skip
SERIES = {
    "B": pgettext_lazy("ledger", "Books"),
    "P": pgettext_lazy("ledger", "Bound periodicals"),
    "A": pgettext_lazy("ledger", "Audio-visual"),
}


def parts(asked: Asked) -> Sequence[Part]:
    """One part for each series that the period gave numbers in."""
    first, last = asked.period.starts_on, asked.period.ends_on
    runs = runs_in(asked.library, first, last)
    lines = PropertyLine.objects.filter(library=asked.library)
    found = []
    for series in sorted({run.series for run in runs}, key=lambda name: (name != "B", name)) or ["B"]:
        places = Places([run for run in runs if run.series == series])
        source = of.Numbers(lines, places, last)
        title = SERIES.get(series, series)
        found.append(Part(series, title, COLUMNS, source, pgettext_lazy("ledger", "volumes"), is_chosen=True))
    return found


register(
    Book(
        CODE,
        2,
        pgettext_lazy("ledger", "Accession register"),
        COLUMNS,
        parts,
        _("Posting a batch gives every volume its line here: import books, or catalogue and enter them."),
    )
)
