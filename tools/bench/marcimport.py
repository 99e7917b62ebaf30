"""A MARC file of a hundred thousand records brought in by the command line: quick, and flat in memory."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pymarc import MARCReader

from shuxiang.cli.commands.setup import found
from shuxiang.common import clock
from shuxiang.marc import Profile
from tools.bench.lines import Line, Spent, plain, rates, timed
from tools.bench.marcfile import write_marc_file
from tools.bench.servers import resident, tree

RECORDS = 100_000
PROFILE: Profile = "cnmarc"
EVERY = 0.25  # seconds between two looks at the memory


@dataclass
class Curve:
    """MiB that a process tree has in memory, looked at again and again."""

    seen: list[float] = field(default_factory=list)

    def watch(self, process: "subprocess.Popen[bytes]") -> None:
        while process.poll() is None:
            self.seen.append(sum(map(resident, tree(process.pid))))
            time.sleep(EVERY)

    def parts(self, count: int) -> list[float]:
        """The highest of each of so many equal parts of the time."""
        size = -(-len(self.seen) // count)
        return [max(self.seen[start : start + size]) for start in range(0, len(self.seen), size)]


def marc(folder: Path, records: int) -> Iterator[Line]:
    """The floor is pymarc's bare read of the same file in the same run; Django is set up on an empty folder."""
    found("marc", "编目测速", "primary", clock.now())
    path = folder / "records.mrc"
    volumes = write_marc_file(path, records, profile=PROFILE)
    floor = timed(lambda: _read(path, records))
    curve = Curve()
    began = time.perf_counter()
    command = [sys.executable, "-m", "shuxiang", "import", "books", str(path), "--library", "marc"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    watching = threading.Thread(target=curve.watch, args=(process,))
    watching.start()
    said = process.communicate()[0].decode()
    watching.join()
    spent = time.perf_counter() - began
    if process.returncode or f"{volumes:,}" not in said.replace(str(volumes), f"{volumes:,}"):
        raise RuntimeError(f"the import did not bring {volumes} volumes: {said[-500:]}")
    yield rates("import.marc", "records/s", records, [Spent(spent, 0)], [floor])
    for number, highest in enumerate(curve.parts(4), start=1):
        yield plain(f"import.marc.memory.{number}of4", highest, "MiB")


def _read(path: Path, records: int) -> None:
    with path.open("rb") as file:
        if sum(record is not None for record in MARCReader(file, force_utf8=True)) != records:
            raise RuntimeError("pymarc did not read every record")
