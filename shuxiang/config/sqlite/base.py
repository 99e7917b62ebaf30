"""The backend: a transaction enters the write gate when it begins and leaves it however it ends."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from shuxiang.config.sqlite.lock import WriteGate, WriteGateTimeout, gate_for


@lru_cache(maxsize=512)
def _with_question_marks(query: str) -> str:
    """A statement in SQLite's own placeholders; Django looks for its own in the whole text each time it is executed."""
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class Cursor(base.SQLiteCursorWrapper):
    """Django's, remembering the wording of statements that come again."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        if param_names is None:
            return _with_question_marks(query)
        return str(super().convert_query(query, param_names=param_names))


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite whose explicit transactions, all of them IMMEDIATE, queue for the right to write."""

    _held: WriteGate | None = None
    checks_put_off = False  # several migrations in a row look at all foreign keys once, at their end

    def check_constraints(self, table_names: Any = None) -> None:
        """Django's; nothing while it is put off."""
        if not self.checks_put_off:
            super().check_constraints(table_names)

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor of the open connection; SQLite has no named ones."""
        return self.connection.cursor(factory=Cursor)

    def _start_transaction_under_autocommit(self) -> None:
        self._enter_gate()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
        except BaseException:
            self._leave_gate()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # not in the stubs
        # a commit that fails is followed by a rollback: the gate stays ours until then
        self._leave_gate()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # not in the stubs
        finally:
            self._leave_gate()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # not in the stubs
        finally:
            self._leave_gate()

    def _enter_gate(self) -> None:
        if self._held is not None or self.is_in_memory_db():
            return
        gate = gate_for(Path(self.settings_dict["NAME"]))
        try:
            gate.acquire(self.settings_dict["OPTIONS"].get("timeout", 20))
        except WriteGateTimeout:
            raise OperationalError("another writer kept the database busy for too long") from None
        self._held = gate

    def _leave_gate(self) -> None:
        gate, self._held = self._held, None
        if gate is not None:
            gate.release()
