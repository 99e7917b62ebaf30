"""Readers in: cards as text, units as classes or categories, enrolment counted at the end. Namesakes are never merged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from shuxiang.audit.models import Operation
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Refused
from shuxiang.common.schoolyear import BadPeriod, parse_period, school_year_of
from shuxiang.imports.models import RunRow
from shuxiang.imports.shapes import (
    CHANGED,
    MADE,
    REFUSED,
    SKIPPED,
    CannotBegin,
    Context,
    Note,
    Overtaken,
    Progress,
    RowPlan,
    SourceRow,
)
from shuxiang.libraries import selectors as ground
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.libraries.services import find_or_open
from shuxiang.patrons import services
from shuxiang.patrons.imports.counting import classes_touched, count_after
from shuxiang.patrons.imports.rows import BLOCKED, LEFT, LOST, ReaderFacts, facts_of_row
from shuxiang.patrons.models import Card, ClassMembership, Patron, PatronCategory

DefaultLimit = Callable[[Library, PatronCategory], int | None]
_default_limits: list[DefaultLimit] = []
_CHUNK = 400


def register_default_limit(limit: DefaultLimit) -> None:
    """Circulation, above, tells what a category may borrow: only a differing quota is kept on the reader."""
    _default_limits[:] = [limit]


@dataclass(slots=True)
class PatronPlan:
    """A reader to make (`patron` None) or to change."""

    facts: ReaderFacts
    patron: Patron | None = None
    loan_limit: int | None = None
    changes: set[str] = field(default_factory=set)


class PatronSession:
    """See imports.shapes.Session."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.library = context.library
        today = local_date(context.at, timezone.get_default_timezone_name())
        self.school_year, self.starts_on = _year(context.option("school_year"), today)
        self.categories = (
            services.default_categories(self.library) if context.run_id else _categories(self.library)
        )
        self.primary_years = ground.primary_years(self.library)
        self._seen: dict[str, ReaderFacts] = {}
        self._cards: dict[str, Card] = {}
        self._classes: dict[tuple[str, str], SchoolClass | None] = {}
        self._opened: list[int] = []
        self._counts: Counter[str] = Counter()
        self._memberships: dict[int, ClassMembership] = {}

    def order(self, rows: Iterable[SourceRow]) -> Iterable[SourceRow]:
        return rows

    # planning

    def plan(self, rows: Sequence[SourceRow]) -> list[RowPlan]:
        read = [facts_of_row(row, self.primary_years) for row in rows]
        self._learn({facts.card for facts in read if facts.card})
        return [self._plan(row, facts) for row, facts in zip(rows, read, strict=True)]

    def _learn(self, numbers: set[str]) -> None:
        wanted = sorted(numbers)
        for start in range(0, len(wanted), _CHUNK):
            cards = Card.objects.filter(library=self.library, number__in=wanted[start : start + _CHUNK])
            for card in cards.exclude(ended=Card.Ended.UNDONE).select_related("patron__category"):
                self._cards[card.number] = card
        patrons = [card.patron_id for card in self._cards.values()]
        for start in range(0, len(patrons), _CHUNK):
            open_ones = ClassMembership.objects.filter(patron__in=patrons[start : start + _CHUNK], to_on=None)
            self._memberships.update({row.patron_id: row for row in open_ones})

    def _plan(self, row: SourceRow, facts: ReaderFacts) -> RowPlan:
        notes = self._notes(row, facts)
        if facts.problem:
            return RowPlan.of(row, REFUSED, facts.name, Note(facts.problem), *notes)
        before = self._seen.get(facts.card)
        if before is not None:
            return self._again(row, facts, before, notes)
        card = self._cards.get(facts.card)
        problem = self._foreign_card(facts, card) or self._class_problem(facts)
        if problem:
            return RowPlan.of(row, REFUSED, facts.name, problem, *notes)
        self._seen[facts.card] = facts
        plan = PatronPlan(facts, card.patron if card else None, self._limit(facts))
        if card is not None:
            plan.changes = self._changes(plan, card)
            if not plan.changes:
                return RowPlan.of(row, SKIPPED, facts.name, Note("reader_unchanged"), *notes)
            notes.append(Note("reader_changed", {"what": ", ".join(sorted(plan.changes))}))
        self._counts["patrons"] += card is None
        return RowPlan.of(row, CHANGED if card else MADE, facts.name, *notes, payload=plan)

    def _notes(self, row: SourceRow, facts: ReaderFacts) -> list[Note]:
        notes = []
        if "card" in row.numeric and facts.card:
            notes.append(Note("card_was_number", {"card": facts.card}))
        if facts.kind == "pupil" and not facts.label:
            notes.append(Note("class_unclear", {"unit": facts.unit}) if facts.unit else Note("class_none"))
        return notes

    def _foreign_card(self, facts: ReaderFacts, card: Card | None) -> Note | None:
        """A card is never given to somebody else: another name on it is another person until somebody says otherwise."""
        if card is None or card.patron.name == facts.name:
            return None
        return Note("card_of_another", {"card": facts.card, "name": card.patron.name})

    def _again(self, row: SourceRow, facts: ReaderFacts, before: ReaderFacts, notes: list[Note]) -> RowPlan:
        if before == facts:
            return RowPlan.of(row, SKIPPED, facts.name, Note("row_repeated", {"card": facts.card}), *notes)
        code = "card_twice" if before.name != facts.name else "reader_twice"
        return RowPlan.of(
            row, REFUSED, facts.name, Note(code, {"card": facts.card, "name": before.name}), *notes
        )

    def _class_problem(self, facts: ReaderFacts) -> Note | None:
        """Whether the class can be found or opened: a label that does not tell its grade needs the grade once."""
        try:
            school_year, _starts_on = self._year_of(facts)
        except CannotBegin as problem:
            return problem.note
        if not facts.label or (facts.label, school_year) in self._classes:
            return None
        found = ground.find_class(self.library, facts.label, school_year)
        if found is None:
            try:
                with transaction.atomic():
                    find_or_open(
                        library=self.library,
                        label=facts.label,
                        school_year=school_year,
                        by=self.context.by,
                        at=self.context.at,
                        grade=facts.grade,
                    )
                    transaction.set_rollback(True)
            except Refused:
                return Note("class_impossible", {"label": facts.label, "year": school_year})
        self._classes[facts.label, school_year] = found
        return None

    def _year_of(self, facts: ReaderFacts) -> tuple[str, date]:
        """The school year in which the row's class has its label: its own column, else that of the whole list."""
        if facts.school_year:
            return _year(facts.school_year, self.starts_on)
        return self.school_year, self.starts_on

    def _limit(self, facts: ReaderFacts) -> int | None:
        category = self.categories.get(facts.kind)
        if facts.quota is None or category is None:
            return None
        default = _default_limits[0](self.library, category) if _default_limits and category.pk else None
        return None if facts.quota == default else facts.quota

    def _changes(self, plan: PatronPlan, card: Card) -> set[str]:
        """What the row says otherwise than the library has it; what somebody did at the desk is not undone by a list."""
        facts, patron = plan.facts, card.patron
        changes = set()
        if patron.category.code != facts.kind and facts.kind in self.categories:
            changes.add("category")
        if facts.quota is not None and patron.loan_limit != plan.loan_limit:
            changes.add("quota")
        member = self._memberships.get(patron.pk)
        wanted = self._classes.get((facts.label, self._year_of(facts)[0]))
        if facts.label and (wanted is None or member is None or member.school_class_id != wanted.pk):
            changes.add("class")
        if facts.status == LOST and card.to_at is None:
            changes.add("card")
        if facts.status == BLOCKED and not patron.blocks.filter(lifted_at=None).exists():
            changes.add("block")
        if facts.status == LEFT and patron.left_on is None:
            changes.add("left")
        return changes

    # carrying out

    def carry_out(self, plans: Sequence[RowPlan], operation: Operation) -> None:
        del operation
        books = [(plan, plan.payload) for plan in plans if isinstance(plan.payload, PatronPlan)]
        try:
            self._make([(plan, book) for plan, book in books if book.patron is None])
            for plan, book in books:
                if book.patron is not None:
                    plan.effects = self._change(book, book.patron)
        except Refused as refusal:
            raise Overtaken(str(refusal)) from refusal

    def _class(self, facts: ReaderFacts) -> SchoolClass | None:
        if not facts.label:
            return None
        school_year, _starts_on = self._year_of(facts)
        found = self._classes.get((facts.label, school_year))
        if found is None:
            is_there = ground.find_class(self.library, facts.label, school_year) is not None
            found = self._classes[facts.label, school_year] = find_or_open(
                library=self.library,
                label=facts.label,
                school_year=school_year,
                by=self.context.by,
                at=self.context.at,
                grade=facts.grade,
            )
            if not is_there:
                self._opened.append(found.pk)
        return found

    def _opened_now(self) -> dict[str, object]:
        opened, self._opened = self._opened, []
        return {"opened": opened} if opened else {}

    def _make(self, books: Sequence[tuple[RowPlan, PatronPlan]]) -> None:
        numbers = [book.facts.card for _plan, book in books]
        for start in range(0, len(numbers), _CHUNK):
            # a card whose making was undone never was: its number is free for whoever the corrected list gives it to
            some = numbers[start : start + _CHUNK]
            Card.objects.filter(library=self.library, number__in=some, ended=Card.Ended.UNDONE).delete()
        opened, wanted = [], []
        for _plan, book in books:
            wanted.append(self._new(book))
            opened.append(self._opened_now())
        keys = services.add_patrons(wanted, library=self.library, by=self.context.by, at=self.context.at)
        for (plan, book), key, one, fresh in zip(books, keys, wanted, opened, strict=True):
            plan.effects = {
                "made": key,
                "class": one.school_class.pk if one.school_class else None,
                "on": one.on.isoformat(),
                **fresh,
            }
            if book.facts.status in (BLOCKED, LOST, LEFT):
                plan.effects |= self._status(Patron.objects.get(pk=key), book.facts)

    def _new(self, plan: PatronPlan) -> services.NewPatron:
        facts = plan.facts
        return services.NewPatron(
            name=facts.name,
            category=self.categories[facts.kind],
            card_number=facts.card,
            on=self._year_of(facts)[1],
            school_class=self._class(facts),
            class_number=facts.number,
            loan_limit=plan.loan_limit,
            card_from=self._card_from(facts),
        )

    def _card_from(self, facts: ReaderFacts) -> datetime | None:
        """A list of a school year that has begun names cards which readers had from its first day on."""
        if not (self.context.option("school_year") or facts.school_year):
            return None
        first = datetime.combine(self._year_of(facts)[1], time(), timezone.get_default_timezone())
        return first if first < self.context.at else None

    def _status(self, patron: Patron, facts: ReaderFacts) -> dict[str, object]:
        by, at = self.context.by, self.context.at
        if facts.status == BLOCKED:
            return {"block": services.block(patron=patron, reason=facts.status_text, by=by, at=at).pk}
        card = patron.cards.filter(number=facts.card, to_at=None).first()
        if facts.status == LOST and card is not None:
            services.report_card_lost(card=card, by=by, at=at)
            return {"lost": card.pk}
        if facts.status == LEFT:
            today = local_date(self.context.at, timezone.get_default_timezone_name())
            services.leave(patron=patron, on=max(patron.joined_on, today), by=by, at=at)
            return {"left": True}
        return {}

    def _change(self, plan: PatronPlan, patron: Patron) -> dict[str, object]:
        by, at = self.context.by, self.context.at
        facts = plan.facts
        before: dict[str, object] = {}
        effects: dict[str, object] = {"patron": patron.pk, "before": before}
        if "category" in plan.changes:
            before["category"] = patron.category_id
            services.change_patron(patron=patron, category=self.categories[facts.kind], by=by, at=at)
        if "quota" in plan.changes:
            before["loan_limit"] = patron.loan_limit
            services.change_patron(patron=patron, loan_limit=plan.loan_limit, by=by, at=at)
        if "class" in plan.changes:
            effects |= self._move(patron, facts)
        if plan.changes & {"card", "block", "left"}:
            effects |= self._status(patron, facts)
        return effects

    def _move(self, patron: Patron, facts: ReaderFacts) -> dict[str, object]:
        """Into the class of the list from the school year's first day, or from today when the move before was later.

        A second move of one day takes effect the day after: every day belongs to one class.
        """
        now = patron.memberships.filter(to_on=None).first()
        today = local_date(self.context.at, timezone.get_default_timezone_name())
        starts_on = self._year_of(facts)[1]
        on = starts_on if now is None or now.from_on < starts_on else today
        target = self._class(facts)
        if now is not None and now.from_on >= on:
            on = now.from_on + timedelta(days=1)
        member = services.move_class(
            patron=patron,
            school_class=target,
            on=on,
            number=facts.number,
            by=self.context.by,
            at=self.context.at,
        )
        return {
            "class": target.pk if target else None,
            "on": starts_on.isoformat(),
            "membership": member.pk if member else None,
            "membership_before": now.pk if now else None,
        } | self._opened_now()

    def finish(self, progress: Progress) -> None:
        """The last step: pupils a class and teachers, as of the school year's first day."""
        if self.context.run_id is not None:
            count_after(self.context, self.starts_on)
            progress(1, 1)

    def totals(self) -> dict[str, int]:
        if self.context.run_id is None:
            return {"patrons": self._counts["patrons"]}
        made = RunRow.objects.filter(run=self.context.run_id, effects__has_key="made").count()
        return {"patrons": made, "classes": len(classes_touched(self.context.run_id))}


def _year(text: str, today: date) -> tuple[str, date]:
    """The school year of the list and its first day. Raises CannotBegin."""
    code = text or school_year_of(today)
    try:
        period = parse_period(code)
    except BadPeriod as problem:
        raise CannotBegin("school_year_bad", text=code) from problem
    if len(period.code) != 9:  # a term, a month or a calendar year
        raise CannotBegin("school_year_bad", text=code)
    return period.code, period.starts_on


def _categories(library: Library) -> dict[str, PatronCategory]:
    """For a dry run, which makes nothing: those there are."""
    return {category.code: category for category in PatronCategory.objects.filter(library=library)}
