"""Backup and restore on both engines: everything comes back, or nothing is touched."""

import hashlib
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import override_settings

from shuxiang.audit import reconcile
from shuxiang.catalogue.index import is_current
from shuxiang.catalogue.models import BibliographicRecord, SearchRow
from shuxiang.circulation.tests.desk import add_book
from shuxiang.common import clock
from shuxiang.holdings.models import Item
from shuxiang.libraries.models import Library
from shuxiang.safekeeping import restoring
from shuxiang.safekeeping.dump import kept_models, write_backup
from shuxiang.safekeeping.messages import speak
from shuxiang.safekeeping.proof import BadBackup, read_manifest
from tests.durability import filled


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder for the files; the tables are those of the engine under test."""
    home = tmp_path / "here"
    home.mkdir()
    with override_settings(HOME=home, MEDIA_ROOT=home / "files"):
        yield home


def no_difference() -> None:
    assert [reconcile.describe(one) for one in reconcile.run().differences] == []


@pytest.mark.django_db
def test_every_row_and_every_file_comes_back(folder: Path, tmp_path: Path) -> None:
    desk = filled.fill()
    before, files = filled.fingerprints(), filled.attachments()
    manifest = write_backup(tmp_path / "b.zip", folder / "files", apps)
    add_book(desk.library, "备份以后买的书", copies=2)
    for file in (folder / "files").rglob("*"):
        if file.is_file():
            file.unlink()
    assert filled.fingerprints() != before

    restoring.restore(tmp_path / "b.zip")

    assert filled.fingerprints() == before
    assert filled.attachments() == files
    assert manifest.rows == sum(m._base_manager.count() for m in kept_models(apps))
    no_difference()


@pytest.mark.django_db
def test_a_backup_made_on_sqlite_is_restored_on_this_engine(backup: Path, template: Path) -> None:
    desk = filled.fill()
    add_book(desk.library, "另一座图书馆", copies=1)
    restoring.restore(backup)
    here = filled.fingerprints()
    with filled.data_folder(template / "home"):
        assert here == filled.fingerprints()
    no_difference()


@pytest.mark.django_db
def test_the_next_row_after_a_restore_gets_a_free_number(backup: Path) -> None:
    restoring.restore(backup)
    library = Library.objects.get(code="c")
    items = add_book(library, "恢复以后买的书", copies=2)
    assert {item.account for item in items} == {"shelf"}
    no_difference()


@pytest.mark.django_db
def test_the_search_index_is_written_anew(backup: Path) -> None:
    restoring.restore(backup)
    assert SearchRow.objects.count() == BibliographicRecord.objects.filter(deleted_at=None).count() > 0
    assert is_current()


@pytest.mark.django_db
def test_nobody_stays_signed_in_over_a_restore(backup: Path) -> None:
    Session.objects.create(session_key="k", session_data="", expire_date=clock.now())
    restoring.restore(backup)
    assert Session.objects.count() == 0


def rewritten(source: Path, target: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """A copy of a backup whose entries were changed by hand; the manifest is as `change` leaves it."""
    with zipfile.ZipFile(source) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target


def in_manifest(change: Callable[[dict[str, object]], None]) -> Callable[[dict[str, bytes]], None]:
    def act(entries: dict[str, bytes]) -> None:
        manifest = json.loads(entries["manifest.json"])
        change(manifest)
        entries["manifest.json"] = json.dumps(manifest).encode()

    return act


ITEMS = "tables/holdings.item.jsonl"
TAMPERED: dict[str, Callable[[dict[str, bytes]], object]] = {
    "a table is missing": lambda e: e.pop(ITEMS),
    "a row is missing": lambda e: e.update({ITEMS: e[ITEMS].rpartition(b"[")[0]}),
    "a row was changed": lambda e: e.update({ITEMS: e[ITEMS].replace(b'"shelf"', b'"repair"')}),
    "the last line is cut": lambda e: e.update({ITEMS: e[ITEMS][:-3]}),
    "a table nobody asked for": lambda e: e.update({"tables/auth.user.jsonl": b"[]\n"}),
    "a path upwards": lambda e: e.update({"files/../../evil.sh": b"rm"}),
    "an absolute path": lambda e: e.update({"/etc/cron.d/evil": b"rm"}),
    "a path of Windows": lambda e: e.update({"files/..\\evil.bat": b"rm"}),
    "a drive of Windows": lambda e: e.update({"files/C:evil.bat": b"rm"}),
    "a bomb": lambda e: e.update({"files/bomb": bytes(40_000_000)}),
    "a kept file was changed": lambda e: e.update(
        {name: b"x" * len(content) for name, content in e.items() if name.startswith("files/")}
    ),
    "no manifest": lambda e: e.pop("manifest.json"),
    "a manifest that is no JSON": lambda e: e.update({"manifest.json": b"{"}),
    "a manifest that is a list": lambda e: e.update({"manifest.json": b"[]"}),
    "a manifest with a table outside": in_manifest(
        lambda m: m.update(tables={"../x": {"rows": 0, "sha256": ""}})
    ),
    "a manifest without digests": in_manifest(lambda m: m.update(tables={"holdings.item": {"rows": 1}})),
    "a manifest with strange migrations": in_manifest(lambda m: m.update(migrations=["holdings"])),
    "a manifest of strange format": in_manifest(lambda m: m.update(format="one")),
}


@pytest.mark.engine_free
@pytest.mark.parametrize("what", TAMPERED)
def test_a_backup_changed_by_hand_is_refused_with_a_sentence(what: str, backup: Path, tmp_path: Path) -> None:
    bad = rewritten(backup, tmp_path / "bad.zip", TAMPERED[what])
    with pytest.raises(BadBackup) as refused:
        read_manifest(bad)
    assert refused.value.code == "backup_damaged"
    assert "%(" not in speak(refused.value.code, refused.value.params)


@pytest.mark.engine_free
def test_every_truncated_or_flipped_file_is_refused(backup: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    bad = tmp_path / "bad.zip"
    for length in (0, 1, 100, len(whole) // 2, len(whole) - 1):
        bad.write_bytes(whole[:length])
        with pytest.raises(BadBackup):
            read_manifest(bad)
    with zipfile.ZipFile(backup) as archive:
        headers = [info.header_offset for info in archive.infolist() if info.file_size]
    inside = [start + 30 + sum(struct.unpack("<HH", whole[start + 26 : start + 30])) for start in headers]
    for place in inside:  # the first byte of the compressed content of every entry
        bad.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with pytest.raises(BadBackup):
            read_manifest(bad)


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "backup_missing"), (b"a picture", "backup_damaged"), ("folder", "backup_unreadable")],
)
def test_what_is_no_backup_at_all_is_called_so(
    content: bytes | str | None, code: str, tmp_path: Path
) -> None:
    path = tmp_path / "b.zip"
    if content == "folder":
        path.mkdir()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    with pytest.raises(BadBackup) as refused:
        read_manifest(path)
    assert refused.value.code == code


@pytest.mark.engine_free
def test_a_backup_of_a_newer_version_is_refused(backup: Path, tmp_path: Path) -> None:
    newer = rewritten(
        backup, tmp_path / "n.zip", in_manifest(lambda m: m.update(format=99, version="9.0", more=1))
    )
    with pytest.raises(BadBackup) as refused:
        read_manifest(newer)
    assert (refused.value.code, refused.value.params) == ("backup_newer", {"version": "9.0"})


@pytest.mark.django_db
def test_a_backup_that_does_not_reconcile_is_refused_and_nothing_is_touched(
    folder: Path, tmp_path: Path
) -> None:
    filled.fill()
    assert Item.objects.filter(account="loan").update(account="shelf")
    write_backup(tmp_path / "bad.zip", folder / "files", apps)
    before = filled.fingerprints()
    with pytest.raises(BadBackup) as refused:
        restoring.restore(tmp_path / "bad.zip")
    assert refused.value.code == "backup_does_not_reconcile"
    assert filled.fingerprints() == before


@pytest.mark.django_db
def test_a_row_that_does_not_fit_is_refused_and_nothing_is_touched(
    backup: Path, folder: Path, tmp_path: Path
) -> None:
    """Two items with one uuid: the digest is right, the constraint is not."""
    filled.fill()
    before, files = filled.fingerprints(), filled.attachments()

    def double(entries: dict[str, bytes]) -> None:
        lines = entries[ITEMS].splitlines(keepends=True)
        place = json.loads(lines[0]).index("id")
        row = json.loads(lines[-1])
        row[place] += 1000
        entries[ITEMS] += json.dumps(row).encode() + b"\n"
        manifest = json.loads(entries["manifest.json"])
        table = manifest["tables"]["holdings.item"]
        table["rows"] += 1
        table["sha256"] = hashlib.sha256(entries[ITEMS]).hexdigest()
        entries["manifest.json"] = json.dumps(manifest).encode()

    with pytest.raises(BadBackup) as refused:
        restoring.restore(rewritten(backup, tmp_path / "bad.zip", double))
    assert refused.value.code in {"backup_row", "backup_does_not_reconcile"}
    assert filled.fingerprints() == before
    assert filled.attachments() == files


@pytest.mark.django_db
def test_a_disk_that_fills_up_leaves_no_file_with_the_name_of_a_backup(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.fill()
    target = tmp_path / "b.zip"

    def full(*_args: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(OSError, match="No space"):
        write_backup(target, folder / "files", apps)
    assert [p for p in tmp_path.iterdir() if p.is_file()] == []
