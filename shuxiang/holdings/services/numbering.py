"""Numbers that are given once, in order, without gaps: taken by compare-and-set in the act's own transaction.

Row locks do not exist on SQLite; there the write gate makes the first try succeed. On PostgreSQL a racing taker waits
for the row, and tries again or goes on from what it finds. A transaction that is rolled back gives its numbers back.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import islice

from django.db import connection

from shuxiang.holdings.models import AccessionSeries

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


_GAPS = (
    "SELECT before, book_number FROM (SELECT book_number, LAG(book_number, 1, 0) OVER (ORDER BY book_number) AS before"
    " FROM holdings_holding WHERE library_id = %s AND group_id = %s AND clc = %s AND book_number IS NOT NULL) borne"
    " WHERE book_number > before + 1 ORDER BY book_number LIMIT 1000"
)
_SERIES = "INSERT INTO holdings_booknumberseries (library_id, group_id, clc, last) VALUES"
_KNOWN = "ON CONFLICT (library_id, group_id, clc) DO UPDATE SET last ="


def take_book_numbers(library_id: int, group_id: int, wanted: Mapping[str, int]) -> dict[str, int]:
    """Take so many 种次号 of each class in a shelving group, in one statement; gives the first of each class.

    The database adds them up itself, so that two takers never get one number; always in one order of classes, so
    that they cannot block each other.
    """
    return {
        clc: last - wanted[clc] + 1
        for clc, last in _write_series(
            library_id, group_id, wanted, "holdings_booknumberseries.last + excluded.last"
        )
    }


def fill_book_numbers(
    library_id: int, group_id: int, wanted: Mapping[str, int], promised: Collection[tuple[str, int]] = ()
) -> dict[str, list[int]]:
    """The same, but numbers that nothing bears any more come first, the lowest first; gives the numbers of each class.

    `promised` (class, number) are about to be written by the caller and count as borne. The rows of the series are
    locked before the gaps are looked for, and everybody who gives a number takes that lock, so no gap is filled twice.
    """
    _write_series(library_id, group_id, dict.fromkeys(wanted, 0), "holdings_booknumberseries.last")
    taken = set(promised)
    given: dict[str, list[int]] = {}
    further: dict[str, int] = {}
    for clc in sorted(wanted):
        free = (one for one in free_book_numbers(library_id, group_id, clc) if (clc, one) not in taken)
        given[clc] = list(islice(free, wanted[clc]))
        if missing := wanted[clc] - len(given[clc]):
            further[clc] = missing
    for clc, first in take_book_numbers(library_id, group_id, further).items():
        given[clc] += range(first, first + further[clc])
    return given


def free_book_numbers(library_id: int, group_id: int, clc: str) -> Iterator[int]:
    """The gaps: numbers of a class below the highest borne that nothing bears, the lowest first."""
    with connection.cursor() as cursor:
        cursor.execute(_GAPS, [library_id, group_id, clc])
        gaps = cursor.fetchall()
    for before, number in gaps:
        yield from range(before + 1, number)


def raise_book_numbers(library_id: int, group_id: int, highest: Mapping[str, int]) -> None:
    """Numbers came from outside: the series go on above them."""
    larger = "CASE WHEN holdings_booknumberseries.last < excluded.last THEN excluded.last"
    _write_series(library_id, group_id, highest, f"{larger} ELSE holdings_booknumberseries.last END")


def _write_series(
    library_id: int, group_id: int, numbers: Mapping[str, int], last: str
) -> list[tuple[str, int]]:
    if not numbers:
        return []
    rows = ", ".join(["(%s, %s, %s, %s)"] * len(numbers))
    params = [part for clc in sorted(numbers) for part in (library_id, group_id, clc, numbers[clc])]
    with connection.cursor() as cursor:
        cursor.execute(f"{_SERIES} {rows} {_KNOWN} {last} RETURNING clc, last", params)
        return list(cursor.fetchall())
