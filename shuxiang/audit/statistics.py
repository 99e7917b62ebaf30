"""Fresh sizes for PostgreSQL's planner right after bulk acts; SQLite needs none."""

from django.db import connection

# A table that grew on the disk, or that holds far more rows than the planner was told: one that was once large and then
# emptied keeps its size, so size alone does not tell.
GROWN_TABLES = """
    SELECT quote_ident(relname) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND pg_relation_size(oid) > 256 * 1024
      AND (pg_relation_size(oid) > 2 * 8192 * greatest(relpages, 0)
        OR pg_stat_get_live_tuples(oid) + pg_stat_get_xact_tuples_inserted(oid) > 2 * greatest(reltuples, 500))
"""


def know_sizes() -> None:
    """Let PostgreSQL look at the tables that have doubled since it last did, in this transaction too.

    Just after a large import it still plans for empty tables, and then compares every row with every other.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(GROWN_TABLES)
        for (table,) in cursor.fetchall():
            cursor.execute(f"ANALYZE {table}")
