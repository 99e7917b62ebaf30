"""A rotation table written as a grid in a spreadsheet: times down, weekdays across, classes in the cells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

_DAYS = {
    sign: number
    for number, signs in enumerate(("一", "二", "三", "四", "五", "六", "日天"), 1)
    for sign in signs
}
_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"(\d{1,2})[:：](\d{2})(?::\d{2})?\s*[-–—~～至到]+\s*(\d{1,2})[:：](\d{2})(?::\d{2})?")
_WEEK = re.compile(r"^(?:(A|a|单周?|單週?)|(B|b|双周?|雙週?))\s*[:：]?\s*(?=\S)")
_PARTS = re.compile(r"[、,，;；/\n]+")
CLOSED = frozenset(("闭馆", "閉館", "整理", "closed", "系统维护", "系統維護"))
MOST_CELLS = 500


@dataclass(frozen=True)
class GridCell:
    """One class, grade or closure as it was written, with where it stands; rows and columns from 1."""

    row: int
    column: int
    weekday: int
    starts: time
    ends: time
    week: str
    who: str  # empty when closed
    is_closed: bool


@dataclass(frozen=True)
class Problem:
    """A cell that cannot be read: where, a code, and what was written."""

    row: int
    column: int
    code: str
    text: str


def weekday_of(text: str) -> int | None:
    """周一, 星期一, 礼拜一, Monday and Mon are 1; None for anything else."""
    plain = text.strip().lower()
    found = re.fullmatch(r"(?:星期|周|週|礼拜|禮拜)?([一二三四五六日天])", plain)
    if found:
        return _DAYS[found.group(1)]
    return next((n for n, name in enumerate(_ENGLISH, 1) if plain.startswith(name)), None)


def times_of(text: str) -> tuple[time, time] | None:
    """11:30-12:30, also with a word before it (午间 11:30—12:30); None where there is no such time."""
    found = _TIME.search(text)
    if found is None:
        return None
    hour, minute, to_hour, to_minute = (int(part) for part in found.groups())
    if hour > 23 or to_hour > 23 or minute > 59 or to_minute > 59:
        return None
    starts, ends = time(hour, minute), time(to_hour, to_minute)
    return (starts, ends) if starts < ends else None


def read_grid(rows: Sequence[Sequence[str]]) -> tuple[list[GridCell], list[Problem]]:
    """The cells below the row of weekdays, and what could not be read. Without such a row there is one problem: no_days."""
    head = next(
        (n for n, row in enumerate(rows) if sum(weekday_of(cell) is not None for cell in row) >= 2), None
    )
    if head is None:
        return [], [Problem(1, 1, "grid_no_days", "")]
    days = {column: day for column, cell in enumerate(rows[head]) if (day := weekday_of(cell)) is not None}
    cells: list[GridCell] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows[head + 1 :], head + 2):
        filled = {column: row[column].strip() for column in days if column < len(row) and row[column].strip()}
        if not filled:
            continue
        when = next((found for cell in row[: min(days)] if (found := times_of(cell))), None)
        if when is None:
            said = next((cell for cell in row[: min(days)] if cell.strip()), "")
            problems.append(Problem(number, 1, "grid_no_time", said.strip()[:40]))
            continue
        for column, text in filled.items():
            cells += _read_cell(text, (number, column + 1), days[column], when)
    if len(cells) > MOST_CELLS:
        return [], [Problem(1, 1, "grid_too_large", str(len(cells)))]
    return cells, problems


def _read_cell(text: str, where: tuple[int, int], weekday: int, when: tuple[time, time]) -> list[GridCell]:
    made = []
    for part in _PARTS.split(text):
        plain, week = part.strip(), "every"
        found = _WEEK.match(plain)
        if found:
            week, plain = ("A" if found.group(1) else "B"), plain[found.end() :].strip()
        if plain:
            closed = plain.lower() in CLOSED
            made.append(GridCell(*where, weekday, *when, week, "" if closed else plain, closed))
    return made
