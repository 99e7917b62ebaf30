"""Loans of the last school years, day by day: what comes back first, then what goes out, as a desk sees it."""

import json
import random
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, pairwise
from math import log
from typing import Any

from shuxiang.audit import operations
from shuxiang.audit.models import Operation
from shuxiang.circulation.jobs import WINDOW
from shuxiang.circulation.models import Loan, Renewal
from shuxiang.circulation.rules import due_date
from shuxiang.holdings.models import Movement
from shuxiang.libraries.selectors import calendar_of, open_days
from shuxiang.simulation.ground import Ground
from shuxiang.simulation.plan import Impossible, Size, instant, iso, stored
from shuxiang.simulation.readers import NOBODY, Readers
from shuxiang.simulation.records import hex_id
from shuxiang.simulation.stock import Stock
from shuxiang.simulation.tables import Table

AT_ONCE = 20_000  # rows written together
MINUTES = range(0, 9 * 60 - 30)  # after 8:30 in the morning
BACK_UNTIL = 150  # minutes of the day in which things come back; then lending begins
DAYS_OUT, LATE, LATE_DAYS = 8.0, 0.012, (25, 150)
STEP = 999_983  # a prime: it leads through all items, far from one to the next
TRIES = 400
DAYS = {"pupil": 14, "teacher": 30, "citizen": 30}
LOAN = (
    "id", "uuid", "library_id", "record_id", "item_id", "patron_id", "out_at", "out_on", "due_on", "in_at", "in_on",
    "outcome", "renewals", "out_movement_id", "in_movement_id", "patron_kind", "school_class_id", "class_label", "grade",
    "clc", "clc_main", "location_name", "price_fen", "out_operation_id", "in_operation_id", "modified_at",
)  # fmt: skip
MOVEMENT = ("id", "library_id", "item_id", "source", "target", "cause", "at", "on", "operation_id")
OPERATION = (
    "id", "action", "library_code", "actor", "door", "at", "subject", "request_digest", "result", "detail",
)  # fmt: skip
OUT, BACK = ("shelf", "loan", "check_out"), ("loan", "shelf", "check_in")
RENEWAL = ("loan_id", "at", "due_before", "due_after", "operation_id")


Rows = list[tuple[Any, ...]]
Classes = dict[int, tuple[int | None, str, int | None]]
Said = dict[str, object]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A loan that was drawn: days are numbers of lending days; `back` None is still out."""

    reader: int
    item: int
    minute: int
    back: int | None
    back_minute: int


class Draw:
    """Who borrows what and until when: no item is out twice at once, no reader has more than the limit."""

    def __init__(self, size: Size, readers: Readers, stock: Stock, days: list[date]) -> None:
        self.random = random.Random(f"{size.seed}:loans").random  # noqa: S311  the same seed, the same library
        self.readers, self.stock, self.days = readers, stock, days
        self.counts = _spread(size.loans, len(days), self.random)
        never = len(days) + 1
        self.free_on = [0 if lent else never for lent in stock.is_lent_out()]
        self.limits, self.held = readers.limits(), [0] * len(readers.categories)
        self.returning: dict[int, list[int]] = {}
        self.borrowing: list[int] = []
        self.there = 0

    def each_day(self) -> Iterator[list[Drawn]]:
        """For each lending day its loans in order of time. Raises Impossible."""
        year, rng = 0, self.random
        for today, (day, count) in enumerate(zip(self.days, self.counts, strict=True)):
            if (begun := school_year(day)) != year:
                year, self.borrowing = begun, self.readers.borrowing(begun)
            self.there = max(last for delivery, _first, last in self.stock.received() if delivery.on < day)
            for reader in self.returning.pop(today, ()):
                self.held[reader] -= 1
            minutes = sorted(BACK_UNTIL + int((len(MINUTES) - BACK_UNTIL) * rng()) for _loan in range(count))
            yield [self._loan(today, minute) for minute in minutes]

    def _loan(self, today: int, minute: int) -> Drawn:
        reader, item, back = self._reader(), self._item(today), self._back(today)
        self.held[reader] += 1
        self.free_on[item] = len(self.days) if back is None else back
        if back is not None:
            self.returning.setdefault(back, []).append(reader)
        return Drawn(reader, item, minute, back, int(BACK_UNTIL * self.random()))

    def _reader(self) -> int:
        for _try in range(TRIES):
            reader = self.borrowing[int(self.random() * len(self.borrowing))] if self.borrowing else 0
            if self.held[reader] < self.limits[reader]:
                return reader
        raise Impossible("too_many_loans")

    def _item(self, today: int) -> int:
        """Some are in demand, and they stand all over the house."""
        for _try in range(TRIES):
            share = self.random()
            item = int(self.there * share * share) * STEP % self.there
            if self.free_on[item] <= today:
                return item
        raise Impossible("too_many_loans")

    def _back(self, today: int) -> int | None:
        """The lending day on which it comes back; None: it has not yet."""
        share = self.random()
        if share < LATE:
            out = LATE_DAYS[0] + int((LATE_DAYS[1] - LATE_DAYS[0]) * share / LATE)
        else:
            out = 1 + int(min(-DAYS_OUT * log(1 - self.random()), 27))
        back = bisect_left(self.days, self.days[today] + timedelta(days=out))
        return back if back < len(self.days) else None


class Lending:
    """Writes the loans that are drawn; afterwards the stock knows what is out and how often each title was lent."""

    def __init__(self, ground: Ground, size: Size, readers: Readers, stock: Stock) -> None:
        self.ground, self.readers, self.stock = ground, readers, stock
        self._calendar, self._open_days = calendar_of(ground.library), open_days(ground.library)
        self.days = ground.timeline.lending_days(self._calendar)
        self._counted_from = ground.timeline.today - WINDOW
        self.draw = Draw(size, readers, stock, self.days)
        self._due: dict[tuple[date, int], date] = {}
        self._movement, self._operation, self.written = stock.items, 0, 0
        self._places = {letter: place.name for letter, place in ground.shelves.items()}
        self.loans, self.movements, self.operations, self.renewals = Rows(), Rows(), Rows(), Rows()
        self._tables = (
            (Table(Loan, *LOAN), self.loans),
            (Table(Movement, *MOVEMENT), self.movements),
            (Table(Operation, *OPERATION), self.operations),
            (Table(Renewal, *RENEWAL), self.renewals),
        )

    def write(self) -> Iterator[int]:
        """Write all loans, a piece at a time; gives how many there are so far. Raises Impossible."""
        year, classes = 0, {}
        for day, drawn in zip(self.days, self.draw.each_day(), strict=True):
            if year != (year := school_year(day)):
                classes = self.readers.classes(year)
            self._write_day(day, drawn, classes)
            if len(self.loans) >= AT_ONCE:
                yield self._flush()
        yield self._flush()

    def _flush(self) -> int:
        for table, rows in self._tables:
            table.write(rows)
            rows.clear()
        return self.written

    def _write_day(self, day: date, drawn: list[Drawn], classes: Classes) -> None:
        """Acts of the running school year have an operation each; what is older was taken over, a day an operation."""
        is_running = school_year(day) == self.ground.timeline.year
        shared = None if is_running or not drawn else self._taken_over(day)
        for one in drawn:
            self.written += 1
            self._loan(one, day, classes, shared)

    def _taken_over(self, day: date) -> str:
        code = self.ground.library.code
        begun = operations.begin("simulation.loans", by=self.ground.by, at=instant(day), library_code=code)
        operations.finish(begun.operation, subject=f"libraries.library:{self.ground.library.pk}")
        return begun.operation.pk.hex

    def _loan(self, one: Drawn, day: date, classes: Classes, shared: str | None) -> None:
        loan, library, item, stock = self.written, self.ground.library.pk, one.item + 1, self.stock
        at = instant(day, time(0, 30)) + timedelta(minutes=one.minute)
        out_at, kind = stored(at), self.readers.categories[one.reader]
        due_on, renewals = self._due_on(day, kind), 0
        out_operation = shared or self._act("check_out", out_at, loan, one)
        out_movement = self._move(item, OUT, out_at, day, out_operation)
        in_at = in_on = in_movement = in_operation = None
        if one.back is None:
            stock.account[one.item], stock.moved[one.item] = "loan", out_at
        else:
            in_on = self.days[one.back]
            in_at = stored(instant(in_on, time(0, 30)) + timedelta(minutes=one.back_minute))
            if in_on > due_on and loan % 2:
                due_on, renewals = self._renewed(loan, due_on, kind, shared, one), 1
            in_operation = shared or self._act("check_in", in_at, loan, one)
            in_movement = self._move(item, BACK, in_at, in_on, in_operation)
            stock.moved[one.item] = in_at
        title = stock.title_of[one.item]
        stock.lent[title] += day > self._counted_from
        facts, cohort = stock.facts[title], self.readers.cohorts[one.reader]
        self.loans.append((
            loan, hex_id(at, 5, loan), library, title + 1, item, one.reader + 1, out_at, iso(day), iso(due_on), in_at,
            in_on and iso(in_on),
            "" if in_at is None else "returned", renewals, out_movement, in_movement, kind,
            *(classes[cohort.school_class.pk] if cohort else NOBODY),
            facts.clc, facts.clc[:1], self._places[facts.clc[:1]], facts.price_fen, out_operation, in_operation,
            in_at or out_at,
        ))  # fmt: skip

    def _move(self, item: int, way: tuple[str, str, str], at: str, on: date, operation: str) -> int:
        """Keys follow the order of an item's own movements; those of two items may stand in any order."""
        self._movement += 1
        row = (self._movement, self.ground.library.pk, item, *way, at, iso(on), operation)
        self.movements.append(row)
        return self._movement

    def _due_on(self, day: date, kind: str) -> date:
        days = DAYS[kind]
        if (day, days) not in self._due:
            recall_on = self._calendar.term_on(day).recall_on
            self._due[day, days] = due_date(day, days, recall_on, self._open_days.next_open).due_on
        return self._due[day, days]

    def _renewed(self, loan: int, due_on: date, kind: str, shared: str | None, one: Drawn) -> date:
        """Renewed on the last lending day before it was due."""
        day = self.days[bisect_left(self.days, due_on) - 1]
        at, after = stored(instant(day)), self._due_on(day, kind)
        self.renewals.append((loan, at, iso(due_on), iso(after), shared or self._act("renew", at, loan, one)))
        return after

    def _act(self, name: str, at: str, loan: int, one: Drawn) -> str:
        """The operation of one act at the desk."""
        self._operation += 1
        key = hex_id(datetime.fromisoformat(at).replace(tzinfo=UTC), 6, self._operation)
        by, item, patron = self.ground.by, one.item + 1, one.reader + 1
        request, result, detail = _said(name, item, patron, loan)
        action = f"circulation.{name}"
        subject = f"circulation.loan:{loan}" if name == "renew" else f"holdings.item:{item}"
        self.operations.append((
            key, action, self.ground.library.code, by.name, by.door, at, subject, operations.digest_of(action, request),
            json.dumps(result), json.dumps(detail),
        ))  # fmt: skip
        return key


def _said(name: str, item: int, patron: int, loan: int) -> tuple[Said, Said, Said]:
    """What an act was asked, what it answered, what else it noted."""
    if name == "check_out":
        asked = {"patron": patron, "item": item, "kind": "personal"}
        return asked, {"loan": loan}, {"patron": patron, "confirmed": [], "in_slot": True}
    if name == "renew":
        return {"loan": loan}, {"loan": loan}, {}
    return {"item": item}, {"loan": loan, "item": item, "late": 0}, {"notes": []}


def school_year(day: date) -> int:
    return day.year if day.month >= 9 else day.year - 1


def _spread(total: int, days: int, rng: Callable[[], float]) -> list[int]:
    """So many loans a day, some days more than others, none lost."""
    reached = list(accumulate(0.6 + 0.8 * rng() for _day in range(days)))
    cuts = [round(total * part / reached[-1]) for part in reached]
    return [last - first for first, last in pairwise([0, *cuts])]
