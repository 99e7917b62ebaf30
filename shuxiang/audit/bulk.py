"""Write rows by the thousand: keys in blocks, one statement for many rows, no model instances (decision 0027).

For acts that have decided already what is to be written. What decides stays one row at a time, elsewhere; constraints
of the tables hold as for any other writer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection, models, transaction

from shuxiang.common.ids import uuid7s

_MOST_KEYS = 1000  # in one statement


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def take_keys(model: type[models.Model], count: int) -> Sequence[int]:
    """`count` free primary keys in rising order, for rows that the caller inserts in this very transaction."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("keys are taken in the transaction that uses them")
    if not count:
        return ()
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if is_sqlite():  # we are the one writer, and the table learns of keys that were given by hand
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            row = cursor.fetchone()
            first = (row[0] if row else 0) + 1
            return range(first, first + count)
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
        )
        return sorted(row[0] for row in cursor.fetchall())


@contextmanager
def checkpoints_apart() -> Iterator[None]:
    """Meanwhile a commit of this connection does not carry the log over into the file: `settle` does, between commits.

    A commit holds the write gate, and with it every desk. No effect on PostgreSQL, whose server does that by itself.
    """
    if not is_sqlite():
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_autocheckpoint")
        (usual,) = cursor.fetchone()
        cursor.execute("PRAGMA wal_autocheckpoint = 0")
    try:
        yield
    finally:
        settle()
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA wal_autocheckpoint = {int(usual)}")


def settle() -> None:
    """Carry the log of the last chunk over into the file, outside of any transaction; waits for nobody, nobody waits."""
    if is_sqlite() and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
            cursor.fetchall()


def stored(model: type[models.Model], name: str, value: object) -> Any:
    """A value as this database keeps it in the field of that name: an instant, a day, a UUID, JSON."""
    field: Any = model._meta.get_field(name)
    return field.get_db_prep_save(value, connection)


def new_uuids(count: int) -> list[str]:
    """Fresh UUIDs (version 7) as both databases take them, each greater than the one before."""
    return uuid7s(count)


def rows_in(select: str, keys: Iterable[Any], *before: int) -> list[tuple[Any, ...]]:
    """What `select` finds for any of the keys, which stand at its one `{keys}`; `before` are the values in front of it.

    Asked in pieces. Our own names and words only go into `select`; composing such a question anew for each chunk of
    an import costs the ORM more than the database takes to answer it.
    """
    wanted = sorted(set(keys))
    found: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for start in range(0, len(wanted), _MOST_KEYS):
            some = wanted[start : start + _MOST_KEYS]
            cursor.execute(select.format(keys=", ".join(["%s"] * len(some))), [*before, *some])
            found += cursor.fetchall()
    return found


def insert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    constants: Mapping[str, object] | None = None,
) -> None:
    """Insert rows whose values stand in the order of `columns` (names in the database); the caller holds the transaction.

    Values must be as the database takes them: text, numbers, bytes, None; JSON as text. `constants`, by field name,
    are alike in all rows; what neither names gets the field's own default.
    """
    alike = _defaults(model)
    for name, value in (constants or {}).items():
        field: Any = model._meta.get_field(name)
        alike[field.column] = field.get_db_prep_save(value, connection)
    for name in columns:
        alike.pop(name, None)
    names = ", ".join(map(connection.ops.quote_name, (*columns, *alike)))
    into = f"{connection.ops.quote_name(model._meta.db_table)} ({names})"
    tail = tuple(alike.values())
    with connection.cursor() as cursor:
        if is_sqlite():
            marks = ", ".join([*["%s"] * len(columns), *map(_literal, tail)])
            cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", list(rows))  # noqa: S608  names and literals
            return
        with cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for row in rows:
                copy.write_row((*row, *tail))


def update(model: type[models.Model], names: Sequence[str], rows: Sequence[Any]) -> None:
    """Write these fields of many instances, each its own values."""
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    quote = connection.ops.quote_name
    changes = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    statement = f"UPDATE {quote(model._meta.db_table)} SET {changes} WHERE id = %s"  # noqa: S608  names of our own
    values = [
        (*[field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields], row.pk)
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def _literal(value: object) -> str:
    """A constant written into a statement for SQLite, which would bind it anew for every row."""
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(int(value))
    return "'" + str(value).replace("'", "''").replace("%", "%%") + "'"


@cache
def _optional(model: type[models.Model]) -> tuple[Any, ...]:
    """The fields that may be left out: those with a default or NULL, and text."""
    fields: list[Any] = [field for field in model._meta.concrete_fields if not field.primary_key]
    return tuple(
        field
        for field in fields
        if not field.unique and (field.has_default() or field.null or field.empty_strings_allowed)
    )


def _defaults(model: type[models.Model]) -> dict[str, Any]:
    return {
        field.column: field.get_db_prep_save(field.get_default(), connection) for field in _optional(model)
    }
