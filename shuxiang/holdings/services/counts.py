"""What a holding says of its copies: projections of items and of the record, kept for lists and filters (decision 0024)."""
# ruff: noqa: S608  only names and words of our own are written into statements; every value is a parameter

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection, transaction

from shuxiang.holdings.models import Holding
from shuxiang.holdings.rules import ON_BOOKS, ON_SHELF

MOST_KEYS = 500  # in one statement
YEAR = slice(0, 4)  # of facets


def _among(accounts: Iterable[str]) -> str:
    return ", ".join(f"'{account}'" for account in sorted(accounts))


_ITEMS = "FROM holdings_item i WHERE i.holding_id = holdings_holding.id AND i.account IN"
ON_BOOKS_SQL = f"(SELECT COUNT(*) {_ITEMS} ({_among(ON_BOOKS)}))"
ON_SHELF_SQL = f"(SELECT COUNT(*) {_ITEMS} ({_among(ON_SHELF)}))"
_HOMES = f"(SELECT DISTINCT i.home_id {_ITEMS} ({_among(ON_BOOKS)}) ORDER BY 1 LIMIT 100) homes"
_JOINED = {
    "sqlite": "group_concat(home_id, ',')",
    "postgresql": "string_agg(home_id::text, ',' ORDER BY home_id)",
}
_FOUR_DIGITS = {
    "sqlite": "printf('%%04d', COALESCE(r.pub_year, 0))",
    "postgresql": "lpad(COALESCE(r.pub_year, 0)::text, 4, '0')",
}


def facets_sql() -> str:
    """The facets of a holding, "1998|I247.57|ac|,3,17,": year of publication (0000 unknown), class, codes of the
    audience, and the homes of its copies on the books; '' for a buried record, or while the title is under review, so
    that no search finds it. An expression on a row of a holding."""
    vendor = connection.vendor
    return (
        "CASE WHEN holdings_holding.review = 'held' THEN '' ELSE"
        f" COALESCE((SELECT {_FOUR_DIGITS[vendor]} || '|' || REPLACE(SUBSTR(CASE WHEN holdings_holding.clc = '' THEN r.clc"
        " ELSE holdings_holding.clc END, 1, 20), '|', '') || '|' || REPLACE(r.audience, '|', '') || '|'"
        " FROM catalogue_bibliographicrecord r WHERE r.id = holdings_holding.record_id"
        " AND r.deleted_at IS NULL)"
        f" || COALESCE((SELECT ',' || {_JOINED[vendor]} || ',' FROM {_HOMES}), ''), '') END"
    )


def recount(holding_ids: Iterable[int]) -> None:
    """Count the copies of these holdings anew and write their facets.

    Whoever writes items or their homes in bulk calls it in the same transaction, after the items.
    """
    keys = sorted(set(holding_ids))
    for some in (keys[i : i + MOST_KEYS] for i in range(0, len(keys), MOST_KEYS)):
        _recount(f"id IN ({', '.join(['%s'] * len(some))})", some)


def recount_records(record_ids: Sequence[int]) -> None:
    """The same for every holding of these records: their year, class or audience may have changed."""
    keys = Holding.objects.filter(record_id__in=record_ids).values_list("pk", flat=True)
    recount(keys)


def recount_all() -> None:
    """Count every holding anew, in one statement (some seconds a million)."""
    _recount("TRUE", [])


def _recount(which: str, params: Sequence[int]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        if (
            connection.vendor == "postgresql"
        ):  # counted under the lock: an act that moves a copy now is waited for
            cursor.execute(
                f"SELECT id FROM holdings_holding WHERE {which} ORDER BY id FOR NO KEY UPDATE", list(params)
            )
        cursor.execute(
            f"UPDATE holdings_holding SET on_books = {ON_BOOKS_SQL}, on_shelf = {ON_SHELF_SQL},"
            f" facets = {facets_sql()} WHERE {which}",
            list(params),
        )


def moved(copies: Mapping[int, int], source: str, target: str) -> None:
    """So many copies of each holding passed from one account to another; the caller holds the transaction.

    Within the books only the number on the shelf changes, by one small statement a holding.
    """
    if (source in ON_BOOKS) != (target in ON_BOOKS):
        recount(copies)
        return
    step = (target in ON_SHELF) - (source in ON_SHELF)
    if not step:
        return
    rows = [(step * count, key) for key, count in sorted(copies.items())]
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE holdings_holding SET on_shelf = on_shelf + %s WHERE id = %s", rows)


def set_times_lent(first: int, last: int, counts: Mapping[int, int]) -> int:
    """Write how often the holdings with keys from `first` to `last` were lent; those not in `counts` never were.

    Called by whoever knows loans. Only what differs is written; gives how many.
    """
    there = Holding.objects.filter(pk__gte=first, pk__lte=last).values_list("pk", "times_lent")
    changed = [(counts.get(key, 0), key) for key, known in there if counts.get(key, 0) != known]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany("UPDATE holdings_holding SET times_lent = %s WHERE id = %s", changed)
    return len(changed)
