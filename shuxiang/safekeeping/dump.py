"""One engine-neutral backup file: a zip with a line of JSON per row, the kept files, and a manifest that proves it whole.

Written from one consistent reading of the database while the desk works on; written beside and renamed, so that a
half-written file never carries the name of a backup.
"""

import base64
import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from django.apps.registry import Apps
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder

from shuxiang import __version__
from shuxiang.common import clock
from shuxiang.safekeeping.derived import is_derived

FORMAT = 1
# Made anew by the program, or nothing a library owns: never in a backup.
LEFT_OUT = {"contenttypes", "auth", "sessions", "axes", "admin"}
ROWS_AT_A_TIME = 2000
FILES = "files/"
PIECE = 1 << 20  # bytes
ARRIVING = "arriving-"  # how the room files names what is still being received


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: rows and digest of every table, the schema it was made at, the kept files."""

    format: int
    version: str
    made_at: str
    migrations: list[list[str]]
    tables: dict[str, dict[str, str | int]]  # label → {"rows": n, "sha256": …}
    files: dict[str, dict[str, str | int]]  # name below files/ → {"size": n, "sha256": …}

    @property
    def rows(self) -> int:
        return sum(int(table["rows"]) for table in self.tables.values())


def kept_models(registry: Apps) -> list[type[models.Model]]:
    """Every table worth keeping, in a steady order; the registry may be that of a past schema."""
    found = registry.get_models(include_auto_created=True)
    kept = [
        m
        for m in found
        if m._meta.managed
        and not m._meta.proxy
        and m._meta.app_label not in LEFT_OUT
        and not is_derived(m._meta.label_lower)
    ]
    return sorted(kept, key=lambda m: m._meta.label_lower)


def applied_migrations() -> list[list[str]]:
    """The schema of the database as the list of its migrations, [app, name] each, sorted."""
    recorded = MigrationRecorder(connection).applied_migrations()
    return sorted([app, name] for app, name in recorded)


class NotAFile(OSError):
    """There is something at the target that is no file: a folder, a device."""


def write_backup(target: Path, files: Path, registry: Apps) -> Manifest:
    """Write a whole backup to `target`. Raises OSError when the disk refuses; then nothing bears the target's name."""
    if target.exists() and not target.is_file():
        raise NotAFile(str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    try:
        part.touch(mode=0o600)  # names of children: for its owner only
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive, _one_reading():
            tables = {m._meta.label_lower: _write_table(archive, m) for m in kept_models(registry)}
            manifest = Manifest(
                FORMAT,
                __version__,
                clock.now().isoformat(),
                applied_migrations(),
                tables,
                _write_files(archive, files),
            )
            archive.writestr("manifest.json", json.dumps(manifest.__dict__, ensure_ascii=False, indent=1))
        _to_disk(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _to_disk(path: Path) -> None:
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())


@contextmanager
def _one_reading() -> Iterator[None]:
    """Every table as of one instant. SQLite (WAL) and PostgreSQL both let writers go on meanwhile."""
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        is_postgres = connection.vendor == "postgresql"
        cursor.execute(
            "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY" if is_postgres else "BEGIN DEFERRED"
        )
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _write_table(archive: zipfile.ZipFile, model: type[models.Model]) -> dict[str, str | int]:
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    rows = model._base_manager.order_by("pk").values_list(*names)
    digest, count, last = hashlib.sha256(), 0, None
    with archive.open(f"tables/{model._meta.label_lower}.jsonl", "w", force_zip64=True) as out:
        header = json.dumps(names).encode() + b"\n"
        out.write(header)
        digest.update(header)
        position = names.index(model._meta.pk.attname)
        while True:  # by key ranges: no cursor is kept open, memory stays flat on both engines
            page = list((rows if last is None else rows.filter(pk__gt=last))[:ROWS_AT_A_TIME])
            for row in page:
                line = json.dumps([_plain(value) for value in row], ensure_ascii=False).encode() + b"\n"
                out.write(line)
                digest.update(line)
            count += len(page)
            if len(page) < ROWS_AT_A_TIME:
                break
            last = page[-1][position]
    return {"rows": count, "sha256": digest.hexdigest()}


def _plain(value: object) -> object:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value


def _write_files(archive: zipfile.ZipFile, folder: Path) -> dict[str, dict[str, str | int]]:
    kept: dict[str, dict[str, str | int]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()) if folder.is_dir() else []:
        name = path.relative_to(folder).as_posix()
        if path.name.startswith(ARRIVING):
            continue
        try:
            source = path.open("rb")
        except FileNotFoundError:  # given up since the folder was listed, by an act of the running desk
            continue
        with source, archive.open(FILES + name, "w", force_zip64=True) as out:
            digest, size = hashlib.sha256(), 0
            while piece := source.read(PIECE):
                out.write(piece)
                digest.update(piece)
                size += len(piece)
        kept[name] = {"size": size, "sha256": digest.hexdigest()}
    return kept
