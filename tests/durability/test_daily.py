"""The daily backup, its second disk, its drill, what is kept, and the light that tells of it."""

import errno
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from shuxiang.audit import jobs
from shuxiang.audit.models import Job, Operation
from shuxiang.circulation.tests.desk import open_desk
from shuxiang.common import clock
from shuxiang.common.actors import Actor
from shuxiang.safekeeping import dump, restoring, services
from shuxiang.safekeeping.light import Light, light
from shuxiang.safekeeping.models import Backup
from shuxiang.safekeeping.proof import read_manifest
from shuxiang.safekeeping.services import make_backup, prune, queue_daily
from shuxiang.safekeeping.sole import LOCK

pytestmark = pytest.mark.django_db
BY = Actor("tests", "system")
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path) -> Iterator[Path]:
    """A data folder, and a second disk beside it."""
    folder, second = tmp_path / "home", tmp_path / "usb"
    folder.mkdir()
    second.mkdir()
    with override_settings(HOME=folder, MEDIA_ROOT=folder / "files", BACKUP_SECOND=str(second)):
        yield folder


@pytest.fixture
def drilled(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Drills that only say which backup they were given."""
    seen: list[Path] = []

    def note(path: Path, _is_over: object) -> str:
        seen.append(path)
        return ""

    monkeypatch.setattr(restoring, "try_restore", note)
    return seen


def run_daily() -> Job:
    job = queue_daily(clock.now())
    assert job is not None
    return jobs.run(job)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_daily_backup_lies_on_both_disks_and_was_read_back(home: Path, drilled: list[Path]) -> None:
    job = run_daily()
    backup = Backup.objects.get()
    assert (job.state, backup.problem, backup.drill_problem) == ("done", "", "")
    assert drilled == [Path(backup.path)]
    assert read_manifest(Path(backup.path)) == read_manifest(Path(backup.second_path))
    assert files(home / "backups") == files(home.parent / "usb") == [Path(backup.path).name]
    shown = light(clock.now())
    assert shown.is_green
    assert Operation.objects.filter(action="safekeeping.backup").count() == 1
    assert queue_daily(clock.now()) is None  # not twice a day


def test_the_drill_restores_the_backup_for_real(home: Path) -> None:
    open_desk()
    job = run_daily()
    assert (job.state, job.message) == ("done", job.message)
    assert Backup.objects.get().drilled_at is not None
    assert not list(home.glob(f"{restoring.SCRATCH}*"))


@pytest.mark.usefixtures("drilled")
@pytest.mark.parametrize("what", ["missing", "full"])
def test_a_second_disk_that_fails_is_told_and_the_copy_here_is_kept(
    what: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = home.parent / "usb"
    if what == "missing":
        second.rmdir()
    else:

        def full(_source: Path, target: Path) -> None:
            target.write_bytes(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(shutil, "copyfile", full)
    job = run_daily()
    backup = Backup.objects.get()
    assert job.state == "failed"
    assert str(second) in job.message
    assert (backup.second_path, backup.problem != "") == ("", True)
    assert read_manifest(Path(backup.path)).rows == backup.rows
    shown = light(clock.now())
    assert (shown.is_green, len(shown.sentences)) == (False, 1)
    assert not second.is_dir() or files(second) == []
    assert queue_daily(clock.now()) is None  # not at once again
    assert queue_daily(clock.now() + timedelta(hours=2)) is not None


@pytest.mark.usefixtures("drilled")
@pytest.mark.parametrize("problem", [OSError(errno.ENOSPC, "full"), RuntimeError("lost"), MemoryError()])
def test_a_dump_that_fails_fails_the_job(
    problem: Exception, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise problem

    monkeypatch.setattr(dump, "_write_table", fail)
    job = run_daily()
    assert job.state == "failed"
    assert not light(clock.now()).is_green
    assert files(home / "backups") == []
    assert files(home.parent / "usb") == []


def test_a_drill_that_fails_fails_the_job_and_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(restoring, "try_restore", lambda _path, _is_over: "does not fit")
    job = run_daily()
    assert job.state == "failed"
    assert "does not fit" in job.message
    shown = light(clock.now())
    assert not shown.is_green
    assert "does not fit" in shown.sentences[0]


def test_a_server_that_stops_after_the_backup_makes_up_for_the_drill_at_the_next_start(
    home: Path, drilled: list[Path]
) -> None:
    job = queue_daily(clock.now())
    assert job is not None
    assert jobs.run(job, lambda: True).state == "queued"
    assert (drilled, light(clock.now()).is_green) == ([], True)
    assert jobs.run(job).state == "done"
    backup = Backup.objects.get()  # not made a second time
    assert drilled == [Path(backup.path)]
    assert files(home / "backups") == [Path(backup.path).name]


def test_a_drill_that_is_cut_off_is_no_failure(home: Path) -> None:
    open_desk()
    job = queue_daily(clock.now())
    assert job is not None
    asked = iter([False])
    assert jobs.run(job, lambda: next(asked, True)).state == "queued"  # told to stop while it restores
    backup = Backup.objects.get()
    assert (backup.drilled_at, backup.drill_problem) == (None, "")
    assert light(clock.now()).is_green
    assert not list(home.glob(f"{restoring.SCRATCH}*"))


@pytest.mark.parametrize("code", [-signal.SIGTERM, -signal.SIGINT, 130, 0xC000013A])
def test_a_drill_whose_process_is_told_to_stop_was_interrupted(code: int) -> None:
    with pytest.raises(restoring.Interrupted):
        restoring._ended(code, restoring.never)


def test_a_drill_whose_process_is_killed_is_told_in_a_sentence() -> None:
    sentence = restoring._ended(-9, restoring.never)
    assert "-9" in sentence and len(sentence) > 15


def test_what_a_cut_off_drill_left_is_removed_and_one_at_work_is_not(home: Path) -> None:
    for name in ("drill-left", "drill-at-work", "drill-just-begun"):
        (home / name).mkdir()
    (home / "drill-left" / LOCK).touch()
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(home / "drill-at-work")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None and holder.stdout.readline()
        restoring.sweep(home)
        assert sorted(path.name for path in home.glob("drill-*")) == ["drill-at-work", "drill-just-begun"]
        holder.communicate(b"done")


_HOLD = """
import sys
from pathlib import Path
from shuxiang.safekeeping.sole import sole_use
with sole_use(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def made(days_ago: float, **columns: object) -> Backup:
    return Backup.objects.create(
        made_at=NOW - timedelta(days=days_ago), path=f"/usb/{days_ago}.zip", second_path="/b", **columns
    )


LIGHTS: dict[str, tuple[list[tuple[float, dict[str, object]]], bool, int]] = {
    "never": ([], False, 1),
    "yesterday": ([(1, {})], True, 1),
    "before the weekend": ([(2.9, {})], True, 1),
    "too long ago": ([(3.1, {})], False, 1),
    "failed since": ([(0.1, {"problem": "full"}), (1, {})], False, 1),
    "failed since, and too long ago": ([(0.1, {"problem": "full"}), (4, {})], False, 2),
    "only failed": ([(0.1, {"problem": "full"})], False, 1),
    "failed, then good": ([(1, {"problem": "full"}), (0.1, {})], True, 1),
    "drill passed": ([(1, {"drilled_at": NOW})], True, 1),
    "drill failed": ([(1, {"drilled_at": NOW, "drill_problem": "x"})], False, 1),
    "drill failed, then passed": (
        [(2, {"drilled_at": NOW - timedelta(days=1), "drill_problem": "x"}), (1, {"drilled_at": NOW})],
        True,
        1,
    ),
}


@pytest.mark.parametrize("case", LIGHTS)
def test_the_light_is_green_only_when_all_is_well(case: str) -> None:
    rows, is_green, sentences = LIGHTS[case]
    for days_ago, columns in rows:
        made(days_ago, **columns)
    shown: Light = light(NOW)
    assert (shown.is_green, len(shown.sentences)) == (is_green, sentences)
    assert all(sentence and "%(" not in sentence for sentence in shown.sentences)


def test_the_light_is_red_when_the_file_is_gone(home: Path) -> None:
    backup = make_backup(home / "backups" / "shuxiang-20261120-100000.zip", by=BY)
    assert light(clock.now()).is_green
    Path(backup.path).unlink()
    shown = light(clock.now())
    assert not shown.is_green
    assert backup.path in shown.sentences[0]


def test_a_backup_onto_a_stick_does_not_stand_in_for_the_daily_one(tmp_path: Path) -> None:
    assert make_backup(tmp_path / "stick.zip", by=BY).problem == ""
    assert queue_daily(clock.now()) is not None


def test_the_last_of_fourteen_days_and_the_first_of_twelve_months_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    first = datetime(2025, 1, 1, 8, 0, tzinfo=UTC)
    days = [first + timedelta(days=n) for n in range(500)]
    for day in days:
        for hour in ("080000", "120000"):
            (folder / f"shuxiang-{day:%Y%m%d}-{hour}.zip").touch()
    (folder / "before-upgrade-20250101-080000.zip").touch()
    (folder / "holiday.jpg").touch()
    removed = prune(folder)
    left = files(folder)
    assert left[:2] == ["before-upgrade-20250101-080000.zip", "holiday.jpg"]
    last_days = {f"shuxiang-{day:%Y%m%d}-120000.zip" for day in days[-14:]}
    months = sorted({f"{day:%Y%m}" for day in days})[-12:]
    assert set(left[2:]) == last_days | {f"shuxiang-{month}01-080000.zip" for month in months}
    assert len(removed) + len(left) == 1002
    assert prune(folder) == []
    assert services.KEPT_DAYS == 14
