"""Raw writing: rows of many tables in one transaction, their indexes built once at the end.

SQLite writes through a rollback journal meanwhile, if it has the file to itself: that costs nothing for pages that are new,
and a program that is killed leaves the file as it was; before the end everything is on the disk.
PostgreSQL is filled by COPY.
"""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import OperationalError, connection, models, transaction
from django.db.models.expressions import DatabaseDefault

from shuxiang.catalogue import index

Row = tuple[Any, ...]
WHILE_FILLING = (
    "synchronous=OFF",
    "cache_size=-262144",
    "temp_store=MEMORY",
    "threads=2",
    "foreign_keys=OFF",
)

PATIENCE = 500  # ms that whoever reads may take to finish


class Table:
    """One table and the columns that rows give; every other column gets the model's default, a missing key the next one.

    Values are given as the database keeps them: instants and days as text in UTC, UUIDs as 32 hex digits, JSON as text.
    """

    def __init__(self, model: type[models.Model], *columns: str) -> None:
        self.model = model
        fields = {field.attname: field for field in model._meta.concrete_fields}
        rest = [field for name, field in fields.items() if name not in columns and not field.primary_key]
        self._constants = [_constant(field) for field in rest]
        quote = connection.ops.quote_name
        names = [quote(str(field.column)) for field in [*(fields[name] for name in columns), *rest]]
        self._into = f"{quote(model._meta.db_table)} ({', '.join(names)})"
        self._marks = ", ".join([*(["%s"] * len(columns)), *map(_literal, self._constants)])

    def write(self, rows: Iterable[Row]) -> None:
        """Add rows; the caller is inside `filling`."""
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                for some in _piecewise(rows):
                    cursor.executemany(f"INSERT INTO {self._into} VALUES ({self._marks})", some)  # noqa: S608
                return
            constants = self._constants
            with cursor.copy(f"COPY {self._into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row([*row, *constants])


def _piecewise(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """As lists of some thousands: never all in memory."""
    waiting = iter(rows)
    while some := list(islice(waiting, 10_000)):
        yield some


def _constant(field: "models.Field[Any, Any]") -> Any:
    value = field.get_default()
    if isinstance(value, DatabaseDefault):
        value = value.expression.value  # type: ignore[attr-defined]  # a plain value in all our models
    if isinstance(field, models.JSONField):
        return json.dumps(value)
    return int(value) if isinstance(value, bool) and connection.vendor == "sqlite" else value


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def write_words(rows: Iterable[Row]) -> None:
    """Add to the full-text index: key and words of each of its fields."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            names = ", ".join(("rowid", *index.FIELDS))
            marks = ", ".join(["%s"] * (len(index.FIELDS) + 1))
            cursor.executemany(f"INSERT INTO catalogue_search ({names}) VALUES ({marks})", list(rows))  # noqa: S608
            return
        with cursor.copy("COPY catalogue_search (rowid, tokens) FROM STDIN") as copy:
            for key, *words in rows:
                copy.write_row([key, index.vector_of(words)])


@contextmanager
def one_transaction() -> Iterator[None]:
    """Everything or nothing, and on the disk only at the end; nobody else writes meanwhile."""
    if connection.vendor == "sqlite":
        _leave_the_log()
        _set(*WHILE_FILLING)
    try:
        with transaction.atomic(durable=True):
            yield
    finally:
        if connection.vendor == "sqlite":
            _make_durable()


@contextmanager
def without_indexes(tables: Sequence[str]) -> Iterator[None]:
    """No indexes and foreign keys on `tables` until the end, when they are built at once."""
    made_again = _put_away(tables)
    yield
    _check_what_waits()
    for statement in made_again:
        _run(statement)
    _settle(tables)


def _leave_the_log() -> None:
    """A rollback journal instead of the write-ahead log; where somebody else has the file open, the log will do."""
    _set(f"busy_timeout={PATIENCE}")
    with suppress(OperationalError):
        _set("journal_mode=DELETE")
    _set(f"busy_timeout={connection.settings_dict['OPTIONS'].get('timeout', 20) * 1000}")


def _set(*pragmas: str) -> None:
    with connection.cursor() as cursor:
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
            cursor.fetchall()


def _make_durable() -> None:
    """Bring the file to the disk; the next connection writes as ever."""
    connection.close()
    name = str(connection.settings_dict["NAME"])
    for path in (Path(name), Path(f"{name}-wal")):
        with suppress(FileNotFoundError), path.open("rb+") as file:
            os.fsync(file.fileno())


def _put_away(tables: Sequence[str]) -> list[str]:
    """Drop what is quicker built at the end; gives the statements that make it again."""
    _check_what_waits()
    find = _sqlite_indexes if connection.vendor == "sqlite" else _postgresql_indexes
    pairs = [pair for table in tables for pair in find(table)]
    for drop, _make in pairs:
        _run(drop)
    return [make for _drop, make in reversed(pairs)]


def _check_what_waits() -> None:
    """PostgreSQL alters no table of which it has still rows to check."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


def _sqlite_indexes(table: str) -> list[tuple[str, str]]:
    rows = _run(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql > ''", table
    )
    return [(f'DROP INDEX "{name}"', sql) for name, sql in rows]


def _postgresql_indexes(table: str) -> list[tuple[str, str]]:
    """Foreign keys first: they lean on nothing that is dropped after them."""
    keys = _run(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass",
        table,
    )
    indexes = _run(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = %s::regclass"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        table,
    )
    return [
        *(
            (
                f'ALTER TABLE {table} DROP CONSTRAINT "{name}"',
                f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {text}',
            )
            for name, text in keys
        ),
        *((f"DROP INDEX {name}", text) for name, text in indexes),
    ]


def _run(statement: str, *params: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params or None)
        return list(cursor.fetchall()) if cursor.description else []


def _settle(tables: Sequence[str]) -> None:
    """On PostgreSQL: sequences go on above the keys that were given, and the planner knows the new sizes."""
    if connection.vendor != "postgresql":
        return
    found = [model for model in apps.get_models() if model._meta.db_table in tables]
    for statement in connection.ops.sequence_reset_sql(no_style(), found):
        _run(statement)
    for table in tables:
        _run(f"ANALYZE {table}")
