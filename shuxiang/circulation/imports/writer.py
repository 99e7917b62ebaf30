"""Writes the steps of a loan log: movements at their historic instants, loans with what was true then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from shuxiang.audit import bulk
from shuxiang.audit.models import Operation
from shuxiang.circulation import selectors
from shuxiang.circulation.imports.events import LOST, OUT, RENEW, Event, due_on
from shuxiang.circulation.imports.memory import OpenLoan
from shuxiang.circulation.models import Loan, Renewal
from shuxiang.circulation.services import snapshot
from shuxiang.common.schoolyear import parse_class_label
from shuxiang.holdings.models import Item, ItemAccount, PropertyLine
from shuxiang.holdings.services.move import Step, move_in_order
from shuxiang.imports.shapes import Context
from shuxiang.libraries import selectors as ground
from shuxiang.libraries.models import SchoolClass
from shuxiang.patrons.models import ClassMembership, Patron

_CHUNK = 400
CHANGED_COLUMNS = (
    "due_on", "renewals", "in_at", "in_on", "in_movement", "in_operation", "outcome", "modified_at",
)  # fmt: skip


class LoanWriter:
    """A chunk is written together at its end: movements in their order, then loans, new ones and those that ended."""

    def __init__(self, context: Context, zone: ZoneInfo) -> None:
        self.context = context
        self.library = context.library
        self.zone = zone
        self.calendar = ground.calendar_of(context.library)
        self.primary_years = ground.primary_years(context.library)
        self._steps: list[Step] = []
        self._moved: list[tuple[Loan, str]] = []  # whose out_movement or in_movement each step becomes
        self._new: list[Loan] = []
        self._changed: dict[int, Loan] = {}
        self._renewals: list[Renewal] = []
        self._classes: dict[tuple[str, int], SchoolClass | None] = {}
        self._due: dict[tuple[int, date], date] = {}
        self._days: dict[int, int] = {}
        self._members: dict[int, list[ClassMembership]] = {}

    def learn(self, patrons: Iterable[int]) -> None:
        """Read in which classes these readers were, for the chunk that is written next."""
        self._members.clear()
        keys = sorted(set(patrons))
        for start in range(0, len(keys), _CHUNK):
            some = ClassMembership.objects.filter(patron__in=keys[start : start + _CHUNK])
            for member in some.select_related("school_class__stage").order_by("-from_on", "-pk"):
                self._members.setdefault(member.patron_id, []).append(member)

    def write(self, action: str, loan: OpenLoan, event: Event, operation: Operation) -> None:
        if action == OUT:
            self._begin(loan, event, operation)
        elif action == RENEW:
            self._renew(loan, event, operation)
        else:
            self._end(loan, event.at, action, operation)

    def flush(self, operation: Operation) -> None:
        """Write the chunk. Raises AccountChanged when a volume had moved meanwhile."""
        movements = move_in_order(self._steps, operation=operation)
        for (row, column), movement in zip(self._moved, movements, strict=True):
            setattr(row, column, movement)
        bulk.update(
            Loan, CHANGED_COLUMNS, list(self._changed.values())
        )  # before the new: a volume has one open loan
        Loan.objects.bulk_create(self._new)
        Renewal.objects.bulk_create(self._renewals)
        self._steps, self._moved, self._new, self._changed, self._renewals = [], [], [], {}, []

    def _move(self, row: Loan, column: str, step: Step) -> None:
        self._steps.append(step)
        self._moved.append((row, column))

    def _change(self, row: Loan) -> None:
        row.modified_at = self.context.at
        if row.pk is not None:
            self._changed[row.pk] = row

    def effects(self, loan: OpenLoan, action: str) -> dict[str, object]:
        """What undo needs: the loan, and whether the row began, ended or renewed it."""
        return {"loan": loan.row.pk if loan.row else None, "action": action}

    def _on(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _begin(self, loan: OpenLoan, event: Event, operation: Operation) -> None:
        on = self._on(loan.out_at)
        item = loan.copy.item if loan.copy else None
        loan.row = Loan(
            library=self.library,
            record=loan.record,
            item=item,
            patron=loan.patron,
            kind=snapshot.default_kind(loan.patron),
            out_at=loan.out_at,
            out_on=on,
            due_on=due_on(on, event.due) or self._policy_due(loan.patron, on),
            out_operation=operation,
            run_id=self.context.run_id,
            modified_at=self.context.at,
            **self._reader(loan.patron, event.unit, on),
            **_item(item, loan),
        )
        self._new.append(loan.row)
        if item is not None:
            self._move(loan.row, "out_movement", Step(item, ItemAccount.LOAN, "check_out", loan.out_at, on))

    def _end(self, loan: OpenLoan, at: datetime, action: str, operation: Operation) -> None:
        row, on = loan.row, self._on(at)
        if row is None:
            raise ValueError("a loan ends before it began")
        row.in_at, row.in_on, row.in_operation = at, on, operation
        row.outcome = Loan.Outcome.LOST if action == LOST else Loan.Outcome.RETURNED
        self._change(row)
        if loan.copy is not None:
            target, cause = (
                (ItemAccount.MISSING, "lost") if action == LOST else (ItemAccount.SHELF, "check_in")
            )
            self._move(row, "in_movement", Step(loan.copy.item, target, cause, at, on))

    def _renew(self, loan: OpenLoan, event: Event, operation: Operation) -> None:
        row, on = loan.row, self._on(event.at)
        if row is None:
            raise ValueError("a loan is renewed before it began")
        before = row.due_on
        row.due_on = max(before, due_on(on, event.due) or self._policy_due(loan.patron, on))
        row.renewals += 1
        self._renewals.append(
            Renewal(loan=row, at=event.at, due_before=before, due_after=row.due_on, operation=operation)
        )
        self._change(row)

    def _policy_due(self, patron: Patron, on: date) -> date:
        key = (patron.category_id, on)
        if key not in self._due:
            if patron.category_id not in self._days:
                policy = selectors.policy_for(self.library, patron.category_id, None)
                self._days[patron.category_id] = policy.loan_days
            self._due[key] = selectors.due_for(self.library, on, self._days[patron.category_id]).due_on
        return self._due[key]

    def _reader(self, patron: Patron, unit: str, on: date) -> snapshot.ReaderSnapshot:
        """The class that the log names wins over the cohort (decision 0006)."""
        parsed = parse_class_label(unit, self.primary_years) if unit else None
        if parsed is None:
            member = next(filter(partial(_is_of, on), self._members.get(patron.pk, ())), None)
            return snapshot.reader_as_of(self.library, patron, on, member, self.calendar)
        year = self.calendar.school_year_on(on)
        if (unit, year) not in self._classes:
            self._classes[unit, year] = ground.find_class(self.library, unit, f"{year}-{year + 1}")
        found = self._classes[unit, year]
        grade = parsed.grade
        if grade is None and found is not None:
            grade = ground.grade_of(found, on, self.calendar)
        return snapshot.ReaderSnapshot(
            patron_kind=patron.category.kind,
            school_class_id=found.pk if found else None,
            class_label=unit[:30],
            grade=grade,
        )


def _is_of(on: date, member: ClassMembership) -> bool:
    return member.from_on <= on and (member.to_on is None or member.to_on >= on)


def _item(item: Item | None, loan: OpenLoan) -> snapshot.ItemSnapshot:
    record = loan.record
    if item is None:
        return snapshot.item_snapshot(None, record)
    line: PropertyLine | None = getattr(item, "property_line", None)
    place = item.current or item.home
    return snapshot.ItemSnapshot(
        clc=item.holding.clc or record.clc,
        clc_main=(line.clc_main if line else "") or record.clc_main,
        location_name=place.name,
        price_fen=line.list_price_fen if line else record.price_fen,
    )
