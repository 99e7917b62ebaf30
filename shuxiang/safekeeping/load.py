"""Loading a proven backup in one transaction; refused rather than half restored."""

import base64
import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps.registry import Apps
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction

from shuxiang.safekeeping.dump import FILES, PIECE, ROWS_AT_A_TIME, Manifest, kept_models
from shuxiang.safekeeping.proof import BadBackup


def load_backup(path: Path, manifest: Manifest, registry: Apps) -> int:
    """Fill the emptied tables from a proven backup of the same schema, in one transaction. Returns the rows loaded.

    `registry` holds the models of that schema, which may be a past one.
    """
    known = {m._meta.label_lower: m for m in kept_models(registry)}
    if foreign := sorted(set(manifest.tables) ^ set(known)):
        raise BadBackup("backup_damaged", path=foreign[0], problem="differs")
    loaded = 0
    with zipfile.ZipFile(path) as archive, transaction.atomic():
        _empty(list(known.values()))
        for label in manifest.tables:
            try:
                loaded += _load_table(archive, known[label])
            except (DatabaseError, ValidationError, ValueError, TypeError, LookupError) as problem:
                # a column too long for this engine, a character it does not keep, a value of another kind
                raise BadBackup("backup_row", table=label, problem=str(problem)[:300]) from problem
        _reset_sequences(list(known.values()))
    return loaded


def _empty(found: list[type[models.Model]]) -> None:
    """Empty every table; constraints are checked at the end of the transaction, so the order does not matter."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            connection.check_constraints()  # checks still pending in an outer transaction would forbid TRUNCATE
            names = ", ".join(connection.ops.quote_name(m._meta.db_table) for m in found)
            cursor.execute(f"TRUNCATE {names} CASCADE")
        else:
            for model in found:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608  our own names


def _load_table(archive: zipfile.ZipFile, model: type[models.Model]) -> int:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    count = 0
    with archive.open(f"tables/{model._meta.label_lower}.jsonl") as raw:
        lines = io.TextIOWrapper(raw, encoding="utf-8", newline="\n")
        header: list[str] = json.loads(lines.readline())
        for page in _pages(lines):
            rows = [
                model(**{name: _value(fields[name], v) for name, v in zip(header, row, strict=True)})
                for row in page
            ]
            model._base_manager.bulk_create(rows)
            count += len(rows)
    return count


def _pages(lines: io.TextIOWrapper) -> Iterator[list[list[Any]]]:
    page: list[list[Any]] = []
    for line in lines:
        page.append(json.loads(line))
        if len(page) == ROWS_AT_A_TIME:
            yield page
            page = []
    if page:
        yield page


def _value(field: "models.Field[Any, Any]", value: Any) -> Any:
    if value is None:
        return None
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    if isinstance(field, models.JSONField):
        return value
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return target.to_python(value)


def _reset_sequences(found: list[type[models.Model]]) -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), found):
            cursor.execute(statement)


def unpack_files(path: Path, folder: Path) -> list[Path]:
    """Add the kept files of a proven backup to the folder; gives those that were not there. Raises OSError.

    Their names are the digests of their contents: a file that is there already is the same one.
    """
    added: list[Path] = []
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            target = folder / entry.filename.removeprefix(FILES)
            if not entry.filename.startswith(FILES) or (
                target.is_file() and target.stat().st_size == entry.file_size
            ):
                continue
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = target.with_name(f"{target.name}.part")
            try:
                with archive.open(entry) as source, part.open("wb") as out:
                    shutil.copyfileobj(source, out, PIECE)
                    out.flush()
                    os.fsync(out.fileno())
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
            added.append(target)
    return added
