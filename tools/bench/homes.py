"""Simulated libraries of four sizes: made once, kept in build/bench, copied for every run."""

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "build" / "bench"
CODE = "city"


@dataclass(frozen=True)
class Size:
    """Titles, volumes, readers, loans."""

    titles: int
    items: int
    patrons: int
    loans: int


SIZES = {
    "10k": Size(6_000, 10_000, 800, 20_000),
    "stock": Size(15_000, 20_000, 400, 4_000),
    "100k": Size(100_000, 200_000, 10_000, 250_000),
    "city": Size(750_000, 1_500_000, 80_000, 2_000_000),
}


def copy_of(name: str, folder: Path) -> Path:
    """A copy of the library of that size, made first if there is none of this schema."""
    kept = KEPT / f"{name}-{_schema()}"
    if not (kept / "done").exists():
        shutil.rmtree(kept, ignore_errors=True)
        for older in KEPT.glob(f"{name}-*"):
            shutil.rmtree(older)
        simulate(name, {"SHUXIANG_HOME": str(kept)})
        (kept / "done").touch()
    return Path(shutil.copytree(kept, folder / name))


def simulate(name: str, environment: dict[str, str]) -> None:
    """Raises CalledProcessError."""
    size = SIZES[name]
    words = [
        f"--titles={size.titles}", f"--items={size.items}", f"--patrons={size.patrons}", f"--loans={size.loans}",
        f"--library={CODE}", "--seed=1",
    ]  # fmt: skip
    command = [sys.executable, "-m", "shuxiang", "simulate", *words]
    subprocess.run(command, env={**os.environ, **environment}, check=True, stdout=sys.stderr)


def _schema() -> str:
    """Changes whenever a migration or the simulation does."""
    files = [*ROOT.glob("shuxiang/*/migrations/*.py"), *ROOT.glob("shuxiang/simulation/*.py")]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
