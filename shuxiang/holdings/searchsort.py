"""Plain orders of hits: by title in pinyin order, by place on the shelf, newest first, most lent first."""
# ruff: noqa: S608  only names of our own are written into statements; every value is a parameter

from collections.abc import Sequence

from django.db import connection

SORTS = ("relevance", "title", "call_number", "newest", "most_lent")
CHUNK = 2_000
LAST = "~"  # call numbers are of signs that come before it; who has none comes last


def sorted_ids(ids: Sequence[int], sort: str, library_id: int | None) -> list[int]:
    """The ids in a plain order; sorted here, because byte order is the same on every engine and collation is not.

    Newest is by year of publication. Within one year, call number or number of loans it is the order of titles.
    """
    mine, params = ("", []) if library_id is None else (" AND h.library_id = %s", [library_id])
    column = {
        "title": "0",
        "newest": "-COALESCE(b.pub_year, 0)",
        "call_number": (
            f"(SELECT MIN(CASE WHEN h.call_number_sort = '' THEN '{LAST}' ELSE h.call_number_sort END)"
            f" FROM holdings_holding h WHERE h.record_id = b.id{mine})"
        ),
        "most_lent": f"(SELECT -SUM(h.times_lent) FROM holdings_holding h WHERE h.record_id = b.id{mine})",
    }[sort]
    params = params if sort in {"call_number", "most_lent"} else []
    missing = LAST if sort == "call_number" else 0
    keys: list[tuple[str | int, str, int]] = []
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        marks = ", ".join(["%s"] * len(chunk))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT b.id, b.title_sort, {column} FROM catalogue_bibliographicrecord b WHERE b.id IN ({marks})",
                [*params, *chunk],
            )
            keys += [(missing if by is None else by, title, key) for key, title, by in cursor.fetchall()]
    return [key for _by, _title, key in sorted(keys)]
