"""A term's loan log as a school would have written it: who borrowed which volume when, and when it came back."""

import csv
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from shuxiang.demo.books import Volume

HEADER = ("时间", "单位", "姓名", "借书号", "动作", "条码号", "书名", "还书期限")
FAVOURITE = {"I": 6, "Q": 5, "P": 4, "J": 5, "K": 3, "N": 3, "G": 2}  # what pupils like to take home


@dataclass(frozen=True)
class Reader:
    """Who borrows: card, name, unit as the log writes it, and the days of a loan."""

    card: str
    name: str
    unit: str
    days: int = 14


@dataclass(frozen=True)
class Event:
    at: datetime
    reader: Reader
    action: str
    volume: Volume

    def row(self) -> tuple[str, ...]:
        reader = self.reader
        return (
            f"{self.at:%Y-%m-%d %H:%M:%S}",
            reader.unit,
            reader.name,
            reader.card,
            self.action,
            self.volume.barcode,
            self.volume.title,
            str(reader.days),
        )


@dataclass
class LoanLog:
    """Draws loans such that no volume is out twice at once; a volume is free again when it came back."""

    rng: random.Random
    volumes: list[Volume]
    events: list[Event] = field(default_factory=list)
    _busy: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=dict)
    _used: set[datetime] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._weights = [FAVOURITE.get(v.main, 1) for v in self.volumes]
        self._shuffled = self.rng.choices(self.volumes, self._weights, k=4 * len(self.volumes))
        self._next = 0

    def visit(
        self, reader: Reader, days: list[date], loans: int, slot: tuple[time, time], keep_last: bool
    ) -> None:
        """Give a reader `loans` loans spread over the visiting days; each visit brings back the last volume.

        `keep_last`: the last loan is not brought back (still out when the log ends).
        """
        chosen = sorted(
            self.rng.choices(days, k=loans) if loans > len(days) else self.rng.sample(days, loans)
        )
        moments = sorted(self._moment(day, slot) for day in chosen)
        for number, moment in enumerate(moments):
            is_last = number == len(moments) - 1
            back = None if is_last and keep_last else self._back(moment, moments[number + 1 :], days, slot)
            volume = self._free(moment, back)
            self.events.append(Event(moment, reader, "借书", volume))
            if back is not None:
                self.events.append(Event(back, reader, "还书", volume))

    def _moment(self, day: date, slot: tuple[time, time]) -> datetime:
        """A moment nobody else has, on an even second: the odd one before it is for bringing back."""
        start, end = (datetime.combine(day, t) for t in slot)
        while True:
            moment = start + timedelta(
                seconds=2 * self.rng.randrange(int((end - start).total_seconds()) // 2)
            )
            if moment not in self._used:
                self._used.add(moment)
                return moment

    def _back(
        self, moment: datetime, later: list[datetime], days: list[date], slot: tuple[time, time]
    ) -> datetime:
        """Brought back a second before the next loan, else on one of the next two visiting days."""
        if later:
            return later[0] - timedelta(seconds=1)
        following = [day for day in days if day > moment.date()][:2] or [moment.date() + timedelta(days=7)]
        return self._moment(self.rng.choice(following), slot)

    def _free(self, moment: datetime, back: datetime | None) -> Volume:
        """A volume that is in from then until it comes back."""
        until = back or datetime(9999, 1, 1)  # noqa: DTZ001  a log's wall clock
        while True:
            volume = self._shuffled[self._next % len(self._shuffled)]
            self._next += 1
            busy = self._busy.setdefault(volume.barcode, [])
            if volume.from_on < moment.date() and all(until < start or end < moment for start, end in busy):
                busy.append((moment, until))
                return volume

    def write(self, path: Path) -> int:
        """The log as a CSV file, newest first as such logs are; returns how many events."""
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            rows = sorted(self.events, key=lambda event: event.at, reverse=True)
            writer.writerows(event.row() for event in rows)
        return len(rows)


def shares(total: int, parts: int, rng: random.Random) -> list[int]:
    """Split a number unevenly into positive parts, as reading habits are uneven."""
    weights = [rng.uniform(0.4, 1.6) for _ in range(parts)]
    exact = [total * weight / sum(weights) for weight in weights]
    result = [max(1, int(value)) for value in exact]
    while sum(result) != total:
        step = 1 if sum(result) < total else -1
        index = rng.randrange(parts)
        if result[index] + step >= 1:
            result[index] += step
    return result


def school_days(first: date, last: date, closed: Iterable[tuple[date, date]]) -> Iterator[date]:
    day, ranges = first, list(closed)
    while day <= last:
        if day.isoweekday() <= 5 and not any(start <= day <= end for start, end in ranges):
            yield day
        day += timedelta(days=1)
