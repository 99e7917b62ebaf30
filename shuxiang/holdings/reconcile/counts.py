"""What a holding says of its copies is what its items and its record say."""
# ruff: noqa: S608  only names and words of our own are written into the statement; every value is a parameter

from collections.abc import Iterator

from django.db import connection

from shuxiang.audit.reconcile import Difference, check
from shuxiang.holdings.services.counts import ON_BOOKS_SQL, ON_SHELF_SQL, facets_sql

CHECK = "holdings.counts"


@check(CHECK)
def holdings_count_their_copies(library_code: str | None) -> Iterator[Difference]:
    """The copies on the books, those on the shelf and the facets of every holding, each as counted anew."""
    mine, params = ("", []) if library_code is None else (" AND l.code = %s", [library_code])
    counted = (
        "SELECT holdings_holding.id AS id, l.code AS code, b.title AS title, holdings_holding.on_books AS on_books,"
        " holdings_holding.on_shelf AS on_shelf, holdings_holding.facets AS facets,"
        f" {ON_BOOKS_SQL} AS true_books, {ON_SHELF_SQL} AS true_shelf, {facets_sql()} AS true_facets"
        " FROM holdings_holding JOIN libraries_library l ON l.id = holdings_holding.library_id"
        " JOIN catalogue_bibliographicrecord b ON b.id = holdings_holding.record_id"
        f" WHERE TRUE{mine}"
    )
    statement = (
        f"SELECT * FROM ({counted}) counted WHERE NOT (on_books = true_books) OR NOT (on_shelf = true_shelf)"
        " OR NOT (facets = true_facets) ORDER BY id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        rows = cursor.fetchall()
    for pk, code, title, books, shelf, facets, true_books, true_shelf, true_facets in rows:
        subject = f"holdings.holding:{pk}"
        if (books, shelf) != (true_books, true_shelf):
            params_of: dict[str, object] = {
                "title": title, "on_books": books, "on_shelf": shelf,
                "true_books": true_books, "true_shelf": true_shelf,
            }  # fmt: skip
            yield Difference(CHECK, code, subject, "copies_miscounted", params_of)
        if facets != true_facets:
            said: dict[str, object] = {"title": title, "facets": facets, "true_facets": true_facets}
            yield Difference(CHECK, code, subject, "facets_stale", said)
