"""What is printed and kept: a name, a value, its unit, the floor of the same run and the ratio of the two."""

import json
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Line:
    """One figure. `ratio` is value / floor, the median over the rounds where there were several."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None


@dataclass(frozen=True)
class Spent:
    """Seconds on the clock, and of this process's computing."""

    wall: float
    cpu: float


def timed(work: Callable[[], object]) -> Spent:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - wall, time.process_time() - cpu)


def paired(name: str, unit: str, values: Sequence[float], floors: Sequence[float]) -> Line:
    """Rounds that were measured in turn: medians, and the median of the ratios round by round."""
    ratios = [value / floor for value, floor in zip(values, floors, strict=True)]
    return _line(name, statistics.median(values), unit, statistics.median(floors), statistics.median(ratios))


def rates(name: str, unit: str, count: int, ours: Sequence[Spent], floor: Sequence[Spent]) -> Line:
    """`count` things a round, as things a second."""
    return paired(name, unit, [count / spent.wall for spent in ours], [count / spent.wall for spent in floor])


def cpu_ms(name: str, unit: str, count: int, ours: Sequence[Spent], floor: Sequence[Spent]) -> Line:
    """`count` things a round, as milliseconds of computing each."""
    each = 1000 / count
    return paired(name, unit, [spent.cpu * each for spent in ours], [spent.cpu * each for spent in floor])


def percentiles(name: str, ours: Sequence[float], floor: Sequence[float]) -> list[Line]:
    """p50 and p95 of many single answers, given in seconds, shown in milliseconds."""
    return [
        _line(f"{name}.p{p}", at(ours, p) * 1000, "ms", at(floor, p) * 1000, at(ours, p) / at(floor, p))
        for p in (50, 95)
    ]


def at(seconds: Sequence[float], percent: int) -> float:
    return sorted(seconds)[min(len(seconds) - 1, len(seconds) * percent // 100)]


def plain(name: str, value: float, unit: str) -> Line:
    """A figure that has no floor."""
    return _line(name, value, unit, None, None)


def load() -> Line:
    """How many processes waited for how many cores; much above 1 and only the ratios tell something."""
    running, cores = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0, os.cpu_count() or 1
    return _line("machine.load", running, "processes", float(cores), running / cores)


def _line(name: str, value: float, unit: str, floor: float | None, ratio: float | None) -> Line:
    return Line(name, round(value, 3), unit, _rounded(floor), _rounded(ratio))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def show(line: Line) -> None:
    floor = "" if line.floor is None else f"floor {line.floor:>12,.2f}"
    ratio = "" if line.ratio is None else f"ratio {line.ratio:>9,.3f}"
    print(f"{line.name:<28}{line.value:>12,.2f} {line.unit:<12}{floor:<20}{ratio}".rstrip(), flush=True)


def keep(lines: Sequence[Line], path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    text = json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
