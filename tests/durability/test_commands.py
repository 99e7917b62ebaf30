"""backup, check and restore as they are typed: a sentence and an exit status, whatever happens."""

from pathlib import Path

import pytest

from shuxiang.cli import dispatch
from shuxiang.files.models import StoredFile
from tests.durability import filled

pytestmark = pytest.mark.engine_free


def typed(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit status, output, errors."""
    status = dispatch.run(["--lang", "en", *words])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_what_backup_writes_restore_brings_back(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "b.zip")
    status, out, err = typed(capsys, "backup", file)
    assert (status, err) == (0, "")
    assert file in out
    StoredFile.objects.update(name="x")
    status, out, err = typed(capsys, "restore", file)
    assert (status, err) == (0, "")
    assert f"{len(filled.attachments())} files" in out
    assert StoredFile.objects.filter(name="照片.jpg").count() == 1
    assert not StoredFile.objects.filter(name="x").exists()
    assert filled.attachments() != {}


@pytest.mark.parametrize("command", ["check", "restore"])
def test_a_damaged_file_is_refused_with_one_sentence(
    command: str, home: Path, backup: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.zip"
    bad.write_bytes(backup.read_bytes()[:-500])
    before = filled.fingerprints()
    status, out, err = typed(capsys, command, str(bad))
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert "damaged" in err
    assert filled.fingerprints() == before


def test_check_restores_elsewhere_and_touches_nothing(
    home: Path, backup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = filled.fingerprints()
    status, out, err = typed(capsys, "check", str(backup))
    assert (status, err) == (0, "")
    assert "restored and reconciled" in out
    assert filled.fingerprints() == before


def test_a_backup_to_where_nothing_can_be_written_is_not_done(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    status, out, err = typed(capsys, "backup", str(tmp_path / "file" / "b.zip"))
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert "no folder" in err
