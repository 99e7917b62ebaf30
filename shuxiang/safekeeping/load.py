"""Reading a backup back: proven whole first, then loaded in one transaction; refused rather than half restored."""

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from django.apps.registry import Apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from shuxiang.safekeeping.dump import FILES, FORMAT, ROWS_AT_A_TIME, Manifest, kept_models

LARGEST_RATIO = 200  # a zip entry that grows more than this is a bomb, not a library


class BadBackup(Exception):
    """The file cannot be restored; `code` and `params` say why, messages.py in words."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def read_manifest(path: Path) -> Manifest:
    """Prove the whole file: every table's rows and digest, every kept file's size and name. Raises BadBackup."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = Manifest(**json.loads(archive.read("manifest.json")))
            if manifest.format > FORMAT:
                raise BadBackup("backup_newer", version=manifest.version)
            _prove_entries(archive, manifest)
            for label, table in manifest.tables.items():
                _prove_table(archive, label, table)
    except BadBackup:
        raise
    except FileNotFoundError:
        raise BadBackup("backup_missing", path=str(path)) from None
    except (
        zipfile.BadZipFile,
        KeyError,
        TypeError,
        ValueError,
        EOFError,
        OSError,
        zipfile.LargeZipFile,
    ) as problem:
        raise BadBackup("backup_damaged", path=path.name, problem=str(problem)) from problem
    return manifest


def _prove_entries(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    for entry in archive.infolist():
        if entry.file_size > LARGEST_RATIO * max(entry.compress_size, 100_000):
            raise BadBackup("backup_damaged", path=entry.filename, problem="zip bomb")
    held = {
        e.filename.removeprefix(FILES): e.file_size
        for e in archive.infolist()
        if e.filename.startswith(FILES)
    }
    if held != manifest.files:
        raise BadBackup("backup_damaged", path=FILES, problem="files differ from the manifest")
    for name in held:
        parts = PurePosixPath(name).parts
        if name.startswith("/") or "\\" in name or ":" in name or ".." in parts:
            raise BadBackup("backup_damaged", path=name, problem="a path that leads elsewhere")


def _prove_table(archive: zipfile.ZipFile, label: str, table: dict[str, str | int]) -> None:
    digest, lines = hashlib.sha256(), -1
    with archive.open(f"tables/{label}.jsonl") as source:
        for line in source:
            digest.update(line)
            lines += 1
    if digest.hexdigest() != table["sha256"] or lines != table["rows"]:
        raise BadBackup("backup_damaged", path=label, problem="rows differ from the manifest")


def load_backup(path: Path, manifest: Manifest, registry: Apps) -> int:
    """Fill the (emptied) tables of the current schema from a proven backup, in one transaction. Returns the rows loaded."""
    known = {m._meta.label_lower: m for m in kept_models(registry)}
    foreign = sorted(set(manifest.tables) - set(known))
    if foreign:
        raise BadBackup("backup_newer", version=manifest.version, tables="、".join(foreign))
    with zipfile.ZipFile(path) as archive, transaction.atomic():
        _empty(list(known.values()))
        loaded = sum(_load_table(archive, known[label]) for label in manifest.tables)
        _reset_sequences(list(known.values()))
    return loaded


def _empty(found: list[type[models.Model]]) -> None:
    """Empty every table; constraints are checked at the end of the transaction, so the order does not matter."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
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


def unpack_files(path: Path, folder: Path) -> None:
    """Put the kept files back; names were proven harmless when the manifest was read."""
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.filename.startswith(FILES):
                target = folder / entry.filename.removeprefix(FILES)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(entry))
