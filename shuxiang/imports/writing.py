"""Write a table in the format that the file's name asks for."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from shuxiang.imports.tables import TableError, write_csv, write_xlsx


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]], sheet: str) -> int:
    """xlsx or csv; returns how many rows. A file that could not be finished is removed. Raises TableError."""
    kind = path.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise TableError("format_unknown", name=path.name)
    try:
        return write_csv(path, columns, rows) if kind == ".csv" else write_xlsx(path, columns, rows, sheet)
    except TableError:
        path.unlink(missing_ok=True)
        raise
