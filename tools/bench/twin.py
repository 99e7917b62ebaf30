"""The floor of every writing act: the very rows it wrote, written again by bare sqlite3 into a copy of the database.

The same statements with the same values, in the same transactions, with the same durability. What the program reads,
decides and looks after on top of that is the difference.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

WRITES = ("INSERT", "UPDATE", "DELETE")
SETTINGS = ("journal_mode=WAL", "synchronous=FULL", "cache_size=-32768", "foreign_keys=ON")
Statement = tuple[str, Sequence[Any], bool]


class Twin:
    """A copy of the database that follows it, round by round."""

    def __init__(self, path: Path) -> None:
        self.transactions: list[list[Statement]] = []
        source = sqlite3.connect(connection.settings_dict["NAME"])
        self.raw = sqlite3.connect(path, isolation_level=None)
        with closing(source):
            source.backup(self.raw)
        for setting in SETTINGS:
            self.raw.execute(f"PRAGMA {setting}")

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Keep what the program writes meanwhile; costs it some microseconds a statement."""
        self.transactions = [[]]
        with connection.execute_wrapper(self._keep):
            yield

    def _keep(
        self, execute: Callable[..., Any], sql: str, params: Sequence[Any] | None, many: bool, context: object
    ) -> Any:
        word = sql.split(None, 1)[0].upper()
        if word == "BEGIN":
            self.transactions.append([])
        elif word in WRITES:
            values = params or ()
            self.transactions[-1].append((sql.replace("%s", "?").replace("%%", "%"), values, many))
        return execute(sql, params, many, context)

    def follow(self) -> None:
        """Write the same rows."""
        for statements in self.transactions:
            if not statements:
                continue
            self.raw.execute("BEGIN IMMEDIATE")
            for sql, values, many in statements:
                if many:
                    self.raw.executemany(sql, values)
                else:
                    self.raw.execute(sql, values).fetchall()
            self.raw.execute("COMMIT")

    def agree(self, table: str) -> None:
        """Raises RuntimeError unless the copy has as many rows: a floor that did less would flatter nobody."""
        statement = f"SELECT count(*), max(id) FROM {table}"  # noqa: S608  names of our own
        with connection.cursor() as cursor:
            cursor.execute(statement)
            ours = tuple(cursor.fetchone())
        if self.raw.execute(statement).fetchone() != ours:
            raise RuntimeError(f"the floor did not write the same rows of {table}")

    def close(self) -> None:
        self.raw.close()
