"""Proving a backup before anything is touched: every row, every file, every name in it, by the manifest."""

import hashlib
import json
import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Any

from shuxiang.safekeeping.dump import FILES, FORMAT, PIECE, Manifest

LARGEST_RATIO = (
    500  # a zip entry that grows more than this is a bomb; rows that are nearly all alike reach 110
)
SMALL = 20_000_000  # bytes; below this an entry may be as regular as it likes
LONGEST_LINE = 64_000_000  # bytes of one row
LARGEST_MANIFEST = 16_000_000  # bytes
MANIFEST = "manifest.json"
# what zipfile, zlib and json raise on damaged bytes; RuntimeError: an encrypted entry, an unknown compression
_NOT_A_BACKUP = (
    zipfile.BadZipFile,
    zlib.error,
    LookupError,
    TypeError,
    ValueError,
    EOFError,
    OSError,
    RuntimeError,
)
_LABEL = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")


class BadBackup(Exception):
    """The file cannot be restored; `code` and `params` say why, messages.py in words."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def read_manifest(path: Path) -> Manifest:
    """Prove the whole file: every table's rows and digest, every kept file's size, digest and name. Raises BadBackup."""
    try:
        with zipfile.ZipFile(path) as archive:
            _prove_names(archive)
            manifest = _manifest(archive)
            _prove_entries(archive, manifest)
            for label, table in manifest.tables.items():
                _prove_table(archive, label, table)
            for name, facts in manifest.files.items():
                _prove_file(archive, name, facts)
    except FileNotFoundError:
        raise BadBackup("backup_missing", path=str(path)) from None
    except (IsADirectoryError, PermissionError) as problem:
        raise BadBackup("backup_unreadable", path=str(path), problem=problem.strerror) from None
    except _NOT_A_BACKUP as problem:
        raise _damaged(path.name, "unreadable") from problem
    return manifest


def _damaged(place: str, problem: str) -> BadBackup:
    return BadBackup("backup_damaged", path=place, problem=problem)


def _prove_names(archive: zipfile.ZipFile) -> None:
    """No entry twice, none that would grow without bound, none that leads out of the data folder."""
    seen: set[str] = set()
    for entry in archive.infolist():
        name = entry.filename
        if name in seen:
            raise _damaged(name, "twice")
        seen.add(name)
        if entry.file_size > max(SMALL, LARGEST_RATIO * entry.compress_size):
            raise _damaged(name, "bomb")
        if (
            name.startswith("/")
            or "\\" in name
            or ":" in name
            or {"..", "."} & set(PurePosixPath(name).parts)
        ):
            raise _damaged(name, "leads_out")


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    """The manifest, with the shape that the rest of the program relies on."""
    if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise _damaged(MANIFEST, "bomb")
    raw = json.loads(archive.read(MANIFEST))
    if isinstance(raw, dict) and isinstance(raw.get("format"), int) and raw["format"] > FORMAT:
        raise BadBackup("backup_newer", version=str(raw.get("version", "?")))
    found = Manifest(**raw)
    is_well_formed = (
        isinstance(found.format, int)
        and isinstance(found.version, str)
        and isinstance(found.made_at, str)
        and _are_migrations(found.migrations)
        and _are_facts(found.tables, "rows")
        and _are_facts(found.files, "size")
        and all(_LABEL.fullmatch(label) for label in found.tables)
    )
    if not is_well_formed:
        raise _damaged(MANIFEST, "unreadable")
    return found


def _are_migrations(found: Any) -> bool:
    return isinstance(found, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(word, str) for word in pair)
        for pair in found
    )


def _are_facts(found: Any, count: str) -> bool:
    return isinstance(found, dict) and all(
        isinstance(facts, dict) and isinstance(facts.get(count), int) and isinstance(facts.get("sha256"), str)
        for facts in found.values()
    )


def _prove_entries(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """The archive holds what the manifest names, and nothing besides."""
    expected = {MANIFEST}
    expected |= {f"tables/{label}.jsonl" for label in manifest.tables}
    expected |= {FILES + name for name in manifest.files}
    if different := expected ^ set(archive.namelist()):
        raise _damaged(min(different), "differs")


def _prove_table(archive: zipfile.ZipFile, label: str, table: dict[str, str | int]) -> None:
    digest, lines = hashlib.sha256(), -1  # the first line names the columns
    with archive.open(f"tables/{label}.jsonl") as source:
        while line := source.readline(LONGEST_LINE):
            if not line.endswith(b"\n"):
                raise _damaged(label, "unreadable")
            digest.update(line)
            lines += 1
    if digest.hexdigest() != table["sha256"] or lines != table["rows"]:
        raise _damaged(label, "differs")


def _prove_file(archive: zipfile.ZipFile, name: str, facts: dict[str, str | int]) -> None:
    digest, size = hashlib.sha256(), 0
    with archive.open(FILES + name) as source:
        while piece := source.read(PIECE):
            digest.update(piece)
            size += len(piece)
    if digest.hexdigest() != facts["sha256"] or size != facts["size"]:
        raise _damaged(FILES + name, "differs")
