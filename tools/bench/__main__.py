"""python -m tools.bench [PART…]     measure; without names every part. Prints, and writes build/bench.json.

Parts: school, 10k, 100k, city, marc, stock (a stocktake of 20,000 volumes), year (a school year for 1,500 pupils); pg-10k,
pg-100k, pg-city are the same on PostgreSQL. Each is a process of its own.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools.bench import homes, postgres
from tools.bench.lines import Line, keep, load

PARTS = ("school", "10k", "100k", "city", "marc", "stock", "year", "pg-10k", "pg-100k")
TARGET = homes.ROOT / "build" / "bench.json"


def main(words: list[str]) -> int:
    """Measure the parts one after another; a part that fails is told, and the others go on."""
    began, failed = time.perf_counter(), []
    lines = [load()]
    for part in words or PARTS:
        with tempfile.TemporaryDirectory(prefix="bench-", dir=_beside_the_kept()) as folder:
            print(f"== {part}", flush=True)
            try:
                lines += _measured(part, Path(folder))
            except subprocess.CalledProcessError as problem:
                failed.append(part)
                print(f"{part} failed: {problem}", file=sys.stderr)
    lines.append(load())
    keep(lines, TARGET)
    print(f"{time.perf_counter() - began:.0f} s; written to {TARGET}")
    return 1 if failed else 0


def _beside_the_kept() -> Path:
    """Copies stay on one disk."""
    homes.KEPT.mkdir(parents=True, exist_ok=True)
    return homes.KEPT


def _measured(part: str, folder: Path) -> list[Line]:
    """Raises CalledProcessError. The settings are the shipped ones, whatever the environment says."""
    plain = {
        n: v
        for n, v in os.environ.items()
        if not n.startswith("SHUXIANG_") and n not in {"DATABASE_URL", "PORT"}
    }
    size = part.removeprefix("pg-")
    if size != part:
        with postgres.durable() as url:
            environment = {"SHUXIANG_HOME": str(folder / size), "DATABASE_URL": url}
            homes.simulate(size, environment)
            return _run(part, size, folder, plain | environment)
    home = homes.copy_of(size, folder) if size in homes.SIZES else folder / "home"
    return _run(part, size, folder, plain | {"SHUXIANG_HOME": str(home)})


def _run(part: str, size: str, folder: Path, environment: dict[str, str]) -> list[Line]:
    """A process for the part, which prints its lines; gives them with the part before their names."""
    result = folder / "lines.json"
    settings = {"SHUXIANG_SQLITE_SYNCHRONOUS": "FULL", "DJANGO_SETTINGS_MODULE": "shuxiang.config.settings"}
    command = [sys.executable, "-m", "tools.bench.part", size, str(folder), str(result)]
    subprocess.run(command, env=environment | settings, check=True)
    found = [Line(**line) for line in json.loads(result.read_text(encoding="utf-8"))]
    return [Line(f"{part}.{line.name}", line.value, line.unit, line.floor, line.ratio) for line in found]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
