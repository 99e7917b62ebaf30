"""python -m tools.bench [FILE]      measure everything, print it, write it as JSON (build/bench.json unless named)."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import django

from tools.bench.lines import Line, keep, load, plain, show

TARGET = Path(__file__).parents[2] / "build" / "bench.json"


def main(words: list[str]) -> int:
    """Measure in a data folder that is thrown away, on SQLite with full durability."""
    began = time.perf_counter()
    target = Path(words[0]) if words else TARGET
    lines = []
    with tempfile.TemporaryDirectory(prefix="shuxiang-bench-") as folder:
        for name in [n for n in os.environ if n.startswith("SHUXIANG_") or n in {"DATABASE_URL", "PORT"}]:
            del os.environ[name]  # the settings are the shipped ones
        os.environ["SHUXIANG_HOME"] = str(Path(folder) / "home")
        os.environ["SHUXIANG_SQLITE_SYNCHRONOUS"] = "FULL"
        os.environ["DJANGO_SETTINGS_MODULE"] = "shuxiang.config.settings"
        django.setup()
        for line in _measured(Path(folder)):
            show(line)
            lines.append(line)
    keep(lines, target)
    print(f"{time.perf_counter() - began:.0f} s; written to {target}")
    return 0


def _measured(folder: Path) -> Iterator[Line]:
    # the settings come first
    from django.db import connection  # noqa: PLC0415

    from shuxiang.cli.server import prepare_database  # noqa: PLC0415
    from shuxiang.common import clock  # noqa: PLC0415
    from tools.bench import finding, ground, importing, lending, serving  # noqa: PLC0415

    yield load()
    began = time.perf_counter()
    prepare_database()
    made = ground.lay(clock.now())
    yield plain("ground.made", time.perf_counter() - began, "s")
    yield from finding.find(made.library)
    yield from importing.read_records()
    yield from importing.loans(made, folder)
    yield from lending.lend(made, folder)
    yield from importing.books(made, folder)
    yield from lending.settle()
    connection.close()
    yield from serving.serve(ground.CODE, made.sign_in_code)
    yield load()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
