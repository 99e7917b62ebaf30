"""Loans in: events in the order of time, historic movements, snapshots of what was true then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.utils import timezone

from shuxiang.audit.models import Operation
from shuxiang.circulation.imports.events import IN, LOST, OUT, RENEW, Event, Unreadable, events_of
from shuxiang.circulation.imports.memory import Memory, OpenLoan, Title
from shuxiang.circulation.imports.writer import LoanWriter
from shuxiang.circulation.models import Loan
from shuxiang.holdings.services.move import AccountChanged
from shuxiang.imports.shapes import (
    CHANGED,
    MADE,
    REFUSED,
    SKIPPED,
    Context,
    Note,
    Overtaken,
    Progress,
    RowPlan,
    SourceRow,
)
from shuxiang.patrons.models import Card


@dataclass(slots=True)
class Step:
    """One thing to write: a loan that begins, ends or is renewed."""

    action: str
    loan: OpenLoan
    at: datetime
    event: Event


@dataclass(slots=True)
class LoanPlan:
    steps: list[Step] = field(default_factory=list)


class _Refused(Exception):
    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.note = Note(code, params)


class LoanSession:
    """See imports.shapes.Session. Planning plays the log through in memory; carrying out writes the same steps."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.library = context.library
        self.zone = ZoneInfo(timezone.get_default_timezone_name())
        self.memory = Memory(context.library)
        self.writer = LoanWriter(context, self.zone)
        self._totals = {"loans": 0, "open": 0, "without_volume": 0}
        self._acts: dict[str, Callable[[Event, Title, LoanPlan, list[Note]], bool]] = {
            OUT: self._out,
            IN: self._in,
            LOST: self._in,
            RENEW: self._renew,
        }

    def order(self, rows: Iterable[SourceRow]) -> Iterable[SourceRow]:
        """By time; events of one second stay as the log has them, which is backwards where the newest come first."""
        timed = [(self._time(row), row) for row in rows]
        known = [at for at, _row in timed if at is not None]
        falling = sum(one > other for one, other in pairwise(known))
        rising = sum(one < other for one, other in pairwise(known))
        if falling > rising:
            timed.reverse()
        last = datetime.max.replace(tzinfo=self.zone, year=9000)
        timed.sort(key=lambda pair: pair[0] or last)
        return [row for _at, row in timed]

    def _time(self, row: SourceRow) -> datetime | None:
        if row.skip or row.problem:
            return None
        try:
            return events_of(row, self.zone)[0].at
        except Unreadable:
            return None

    # planning

    def plan(self, rows: Sequence[SourceRow]) -> list[RowPlan]:
        read: list[list[Event] | Note] = []
        for row in rows:
            try:
                read.append(events_of(row, self.zone))
            except Unreadable as problem:
                read.append(problem.note)
        self.memory.learn(event for events in read if isinstance(events, list) for event in events)
        return [self._plan(row, events) for row, events in zip(rows, read, strict=True)]

    def _plan(self, row: SourceRow, events: list[Event] | Note) -> RowPlan:
        label = row.get("title").strip() or row.get("isbn").strip() or row.get("barcode").strip()
        if isinstance(events, Note):
            return RowPlan.of(row, REFUSED, label, events)
        plan, notes = LoanPlan(), list[Note]()
        try:
            news = [self._play(event, plan, notes) for event in events]
        except _Refused as refusal:
            self._take_back(plan)
            return RowPlan.of(row, REFUSED, label, refusal.note, *notes)
        if not any(news):
            return RowPlan.of(row, SKIPPED, label, Note("event_known"))
        made = any(step.action == OUT for step in plan.steps)
        return RowPlan.of(row, MADE if made or len(events) == 1 else CHANGED, label, *notes, payload=plan)

    def _play(self, event: Event, plan: LoanPlan, notes: list[Note]) -> bool:
        """Play one event; False when it was known. Raises _Refused."""
        if event.at > self.context.at:
            raise _Refused("in_future", at=_shown(event.at, self.zone))
        card = self._card(event)
        title = self._title(event)
        reader = card.patron_id if card else 0
        key = (event.action, title.record.pk, reader, event.at)
        if key in self.memory.known:
            return False
        done = self._acts[event.action](event, title, plan, notes)
        self.memory.known.add(key)
        return done

    def _card(self, event: Event) -> Card | None:
        card = self.memory.cards.get(event.card) if event.card else None
        if card is None:
            if event.card:
                raise _Refused("card_unknown", card=event.card)
            return None
        if event.name and event.name != card.patron.name:
            raise _Refused("card_name_differs", card=event.card, name=event.name)
        return card

    def _title(self, event: Event) -> Title:
        found = self.memory.title_of(event)
        if isinstance(found, Title):
            return found
        wanted = event.title or event.isbn or event.barcode
        if found:
            raise _Refused("title_ambiguous", title=wanted, count=len(found))
        if self.memory.is_other_item(event):
            raise _Refused("volume_not_lendable", barcode=event.barcode)
        raise _Refused("title_unknown", title=wanted)

    def _out(self, event: Event, title: Title, plan: LoanPlan, notes: list[Note]) -> bool:
        card = self.memory.cards[event.card]
        if card is None:
            raise _Refused("card_unknown", card=event.card)
        copy = self.memory.copy_of(event)
        if copy is None:
            copy = title.free_copy(event.at)
        elif not copy.is_in or (copy.free_from and copy.free_from > event.at):
            raise _Refused("volume_is_out", barcode=event.barcode, at=_shown(event.at, self.zone))
        if any(one.patron.pk == card.patron_id for one in title.open):
            notes.append(Note("lent_again", {"title": title.record.title}))
        if copy is None:
            notes.append(Note("beyond_copies", {"title": title.record.title, "copies": len(title.copies)}))
        loan = OpenLoan(title.record, card.patron, event.at, copy, event)
        if copy is not None:
            copy.is_in, copy.loan = False, loan
        title.open.append(loan)
        self._totals["loans"] += 1
        plan.steps.append(Step(OUT, loan, event.at, event))
        return True

    def _in(self, event: Event, title: Title, plan: LoanPlan, notes: list[Note]) -> bool:
        loan = self._open_loan(event, title)
        copy = loan.copy
        if copy is not None:
            copy.is_in, copy.loan, copy.free_from = event.action == IN, None, event.at
        title.open.remove(loan)
        plan.steps.append(Step(event.action, loan, event.at, event))
        return True

    def _renew(self, event: Event, title: Title, plan: LoanPlan, notes: list[Note]) -> bool:
        plan.steps.append(Step(RENEW, self._open_loan(event, title), event.at, event))
        return True

    def _open_loan(self, event: Event, title: Title) -> OpenLoan:
        """The loan a return, loss or renewal is about: the oldest of that reader, or of that volume."""
        card = self.memory.cards.get(event.card)
        copy = self.memory.copy_of(event)
        candidates = [loan for loan in title.open if loan.out_at <= event.at]
        if card is not None:
            candidates = [loan for loan in candidates if loan.patron.pk == card.patron_id]
        if copy is not None:
            candidates = [loan for loan in candidates if loan.copy is copy]
        if not candidates:
            raise _Refused("no_open_loan", title=title.record.title, at=_shown(event.at, self.zone))
        return min(candidates, key=lambda loan: loan.out_at)

    def _take_back(self, plan: LoanPlan) -> None:
        """A row whose second event is refused leaves nothing of its first."""
        for step in reversed(plan.steps):
            if step.action == OUT:
                title = self.memory.titles[step.loan.record.pk]
                if step.loan in title.open:
                    title.open.remove(step.loan)
                if step.loan.copy is not None:
                    step.loan.copy.is_in, step.loan.copy.loan = True, None
                self.memory.known.discard((OUT, step.loan.record.pk, step.loan.patron.pk, step.at))
                self._totals["loans"] -= 1

    # carrying out

    def carry_out(self, plans: Sequence[RowPlan], operation: Operation) -> None:
        steps = [step for plan in plans if isinstance(plan.payload, LoanPlan) for step in plan.payload.steps]
        self.writer.learn(step.loan.patron.pk for step in steps if step.action == OUT)
        try:
            for plan in plans:
                if isinstance(plan.payload, LoanPlan):
                    for step in plan.payload.steps:
                        self.writer.write(step.action, step.loan, step.event, operation)
            self.writer.flush(operation)
            for plan in plans:
                if isinstance(plan.payload, LoanPlan):
                    plan.effects = self.writer.effects(
                        plan.payload.steps[-1].loan, plan.payload.steps[-1].action
                    )
        except AccountChanged as race:
            raise Overtaken(str(race)) from race

    def finish(self, progress: Progress) -> None:
        del progress  # loans need no last step

    def totals(self) -> dict[str, int]:
        if self.context.run_id is None:
            open_now = [
                loan for title in self.memory.titles.values() for loan in title.open if loan.row is None
            ]
            return {
                **self._totals,
                "open": len(open_now),
                "without_volume": sum(1 for loan in open_now if loan.copy is None),
            }
        loans = Loan.objects.filter(library=self.library, run_id=self.context.run_id)
        open_loans = loans.filter(in_at=None)
        return {
            "loans": loans.count(),
            "open": open_loans.count(),
            "without_volume": open_loans.filter(item=None).count(),
        }


def _shown(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def day_of(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
