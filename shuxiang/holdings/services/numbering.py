"""Numbers that are given once, in order, without gaps: taken by compare-and-set in the act's own transaction.

Row locks do not exist on SQLite; there the write gate makes the first try succeed. On PostgreSQL a racing taker waits
for the row, finds that it changed, and tries again. A transaction that is rolled back gives its numbers back.
"""

from shuxiang.holdings.models import AccessionSeries, BookNumberSeries

BATCHES = ""  # the series of batch numbers
WITHDRAWALS = "-"
BARCODES = "barcode"


def take_accession_numbers(library_id: int, series: str, count: int = 1) -> int:
    """Take the next `count` numbers of a series of the library; gives the first."""
    while True:
        row, _made = AccessionSeries.objects.get_or_create(library_id=library_id, series=series)
        unchanged = AccessionSeries.objects.filter(pk=row.pk, last=row.last)
        if unchanged.update(last=row.last + count):
            return row.last + 1


def take_book_numbers(library_id: int, group_id: int, clc: str, count: int = 1) -> int:
    """Take the next `count` 种次号 of a class in a shelving group; gives the first."""
    while True:
        row, _made = BookNumberSeries.objects.get_or_create(library_id=library_id, group_id=group_id, clc=clc)
        unchanged = BookNumberSeries.objects.filter(pk=row.pk, last=row.last)
        if unchanged.update(last=row.last + count):
            return row.last + 1


def raise_book_numbers(library_id: int, group_id: int, clc: str, number: int) -> None:
    """A number came from outside: the series goes on above it."""
    row, _made = BookNumberSeries.objects.get_or_create(library_id=library_id, group_id=group_id, clc=clc)
    BookNumberSeries.objects.filter(pk=row.pk, last__lt=number).update(last=number)
