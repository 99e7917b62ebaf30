"""Write a table in the format that the file's name asks for."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from shuxiang.imports.tables import TableError, write_csv, write_xlsx


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]], sheet: str) -> int:
    """xlsx or csv; returns how many rows. A file that could not be finished is removed. Raises TableError."""
    writers = {".csv": write_csv, ".xlsx": lambda *given: write_xlsx(*given, sheet=sheet)}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise TableError("format_unknown", name=path.name)
    try:
        return writer(path, columns, rows)
    except TableError:
        path.unlink(missing_ok=True)
        raise
