"""Fresh sizes for PostgreSQL's planner right after bulk acts; SQLite needs none."""

from django.db import connection

GROWN_TABLES = """
    SELECT quote_ident(relname) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
      AND pg_relation_size(oid) > 256 * 1024 AND pg_relation_size(oid) > 2 * 8192 * greatest(relpages, 0)
"""


def know_sizes() -> None:
    """Let PostgreSQL look at the tables that have doubled since it last did.

    Just after a large import it still plans for empty tables, and then compares every row with every other.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(GROWN_TABLES)
        for (table,) in cursor.fetchall():
            cursor.execute(f"ANALYZE {table}")
