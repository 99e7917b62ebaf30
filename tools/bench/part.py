"""python -m tools.bench.part PART FOLDER RESULT     one part, in a data folder that is thrown away."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import django

from tools.bench.lines import Line, keep, plain, show

MARC_OF_SCHOOL = 2_000


def measured(part: str, folder: Path) -> Iterator[Line]:
    """The lines of a part."""
    # the settings come first
    from shuxiang.cli.server import prepare_database  # noqa: PLC0415
    from tools.bench import homes, marcimport, opening, sizes, stocktaking  # noqa: PLC0415

    prepare_database()
    if part == "stock":
        yield from stocktaking.count(homes.CODE)
    elif part == "year":
        yield from opening.turn()
    elif part in homes.SIZES:
        yield from sizes.measure(folder, with_pages=part == "10k")
    elif part == "marc":
        yield from marcimport.marc(folder, marcimport.RECORDS)
    elif part == "school":
        yield from _school(folder)
    else:
        sys.exit(f"there is no part {part}")


def _school(folder: Path) -> Iterator[Line]:
    """16,000 volumes of real titles, through the services, beside floors of their own."""
    from django.db import connection  # noqa: PLC0415

    from tools.bench import classdesk, finding, ground, importing, lending, serving  # noqa: PLC0415

    began = time.perf_counter()
    made = ground.lay()
    yield plain("ground.made", time.perf_counter() - began, "s")
    yield from finding.find(made.library)
    yield from importing.read_records()
    yield from importing.loans(made, folder)
    yield from lending.lend(made.library, made.patrons, made.last(lending.ROUNDS * lending.LOANS), folder)
    volumes = made.last(lending.ROUNDS * lending.LOANS + 2 * classdesk.SIZE)
    yield from classdesk.serve(made.library, volumes[: 2 * classdesk.SIZE])
    yield from importing.books(made, folder)
    yield from lending.settle()
    connection.close()
    yield from serving.serve()


if __name__ == "__main__":
    django.setup()
    lines = []
    for line in measured(sys.argv[1], Path(sys.argv[2])):
        show(line)
        lines.append(line)
    keep(lines, Path(sys.argv[3]))
