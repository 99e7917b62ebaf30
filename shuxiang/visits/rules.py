"""Counting visits, reading a gate counter's file, planning lessons, scoring classes. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

MOST_AT_ONCE = 2000  # people in one entry
LONGEST_PAUSE = 240  # minutes
MOST_POINTS = Decimal(1000)


def is_same_visit(last: datetime | None, at: datetime, pause_minutes: int) -> bool:
    """Whether a card shown at an instant is still the visit of the last time, which may also lie after it (a replay)."""
    return last is not None and abs(at - last) < timedelta(minutes=pause_minutes)


# the file of a gate counter


@dataclass(frozen=True)
class GateRow:
    """People who came in within an hour of a day."""

    on: date
    hour: int
    count: int


@dataclass(frozen=True)
class GateProblem:
    """A line that cannot be taken: its number in the file, why (a code), and what it says."""

    line: int
    code: str
    text: str


@dataclass(frozen=True)
class GateReading:
    """What a file says: hours with their counts, lines left out with a reason, and how many lines there were."""

    rows: tuple[GateRow, ...]
    problems: tuple[GateProblem, ...]
    lines: int
    empty: int  # lines that count nobody

    @property
    def count(self) -> int:
        return sum(row.count for row in self.rows)


_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_CLOCK = re.compile(r"(\d{1,2})[:：时](\d{2})?(?:[:：]\d{2})?")


def read_gate(lines: Iterable[Sequence[str]], today: date) -> GateReading:
    """Lines of day, time and count, in one to three columns: `2026-10-12 11:35` alone counts one; `2026-10-12, 11, 24`
    counts 24 for the hour. Heads above the first day are passed over; a third column is who came
    in, what follows is left alone."""
    sums: dict[tuple[date, int], int] = {}
    problems: list[GateProblem] = []
    number = empty = 0
    begun = False
    for number, cells in enumerate(lines, 1):
        text = " ".join(cell.strip() for cell in cells if cell.strip())
        if not text:
            empty += 1
            continue
        found = _gate_line(text)
        if isinstance(found, str):
            if begun or found != "gate_no_day":
                problems.append(GateProblem(number, found, text[:60]))
            else:
                empty += 1
            continue
        begun = True
        on, hour, count = found
        if on > today:
            problems.append(GateProblem(number, "gate_to_come", text[:60]))
        elif count:
            sums[on, hour] = sums.get((on, hour), 0) + count
        else:
            empty += 1
    rows = tuple(GateRow(on, hour, count) for (on, hour), count in sorted(sums.items()))
    return GateReading(rows, tuple(problems), number, empty)


def _gate_line(text: str) -> tuple[date, int, int] | str:
    day = _DAY.search(text)
    try:
        on = date(*(int(part) for part in day.groups())) if day else None
    except ValueError:
        on = None
    if day is None or on is None:
        return "gate_no_day"
    hour, rest = _gate_hour(text[day.end() :].strip(" T,;\t"))
    if hour is None or hour > 23:
        return "gate_no_time"
    numbers = re.findall(r"-?\d+(?:\.\d+)?", rest)
    if numbers and (not numbers[0].isdigit() or int(numbers[0]) > MOST_AT_ONCE):
        return "gate_bad_count"
    return on, hour, int(numbers[0]) if numbers else 1


def _gate_hour(rest: str) -> tuple[int | None, str]:
    """The hour at the beginning of what follows the day (11:35, 11:00-12:00, 11), and the rest after it."""
    clock = _CLOCK.match(rest)
    if clock:
        after = rest[clock.end() :]
        return int(clock.group(1)), re.sub(r"^\s*[-–~至]\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?", "", after)
    bare = re.match(r"(\d{1,2})(?=\D|$)", rest)
    return (int(bare.group(1)), rest[bare.end() :]) if bare else (None, rest)


# lessons


@dataclass(frozen=True)
class PlannedLesson:
    """A lesson that the rotation table has for a day."""

    slot_id: int
    class_id: int
    room_id: int
    on: date
    starts: time
    ends: time


def on_time(planned: int, held: int) -> Decimal | None:
    """Lessons held of those planned, in per cent; None when none was planned."""
    return Decimal(held) * 100 / planned if planned else None


# scores


@dataclass(frozen=True)
class Measure:
    """How a criterion turns a figure into points: base + value × per_unit, never below 0 and never above `most`."""

    base: Decimal
    per_unit: Decimal
    most: Decimal | None

    def points(self, value: Decimal | None) -> Decimal:
        """Points for a value, two decimals, half up; what has no value gives the base where less is better, else nothing."""
        if value is None:
            return _cut(self.base if self.per_unit < 0 else Decimal(0), self.most)
        return _cut(self.base + value * self.per_unit, self.most)


def _cut(points: Decimal, most: Decimal | None) -> Decimal:
    kept = max(Decimal(0), points if most is None else min(points, most))
    return kept.quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Placed:
    """A class with its sum and its place; classes with equal sums share a place."""

    class_id: int
    total: Decimal
    place: int


def rank(totals: Mapping[int, Decimal]) -> list[Placed]:
    """Classes by their sum, the highest first: 1, 2, 2, 4."""
    ordered = sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))
    placed: list[Placed] = []
    for number, (class_id, total) in enumerate(ordered, 1):
        place = placed[-1].place if placed and placed[-1].total == total else number
        placed.append(Placed(class_id, total, place))
    return placed


def read_points(text: str, *, is_optional: bool = False) -> Decimal | None:
    """Points as typed: 2, -1.5, +3; two decimals at most, between -1000 and 1000. Raises ValueError."""
    plain = text.strip().replace("，", "").replace("−", "-").replace("＋", "+").replace("－", "-")
    if not plain and is_optional:
        return None
    try:
        points = Decimal(plain)
    except InvalidOperation as fault:
        raise ValueError(text) from fault
    exponent = points.as_tuple().exponent
    if not points.is_finite() or abs(points) > MOST_POINTS or (isinstance(exponent, int) and exponent < -2):
        raise ValueError(text)
    return points
