"""The facts of a turn from the database, and the plan that follows from them: read only, made anew for every page."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from shuxiang.common.decisions import Decision
from shuxiang.common.schoolyear import parse_class_label
from shuxiang.enrolment import rules
from shuxiang.enrolment.models import Entrant, YearOpening
from shuxiang.enrolment.rules import ClassChoice, ClassNow, Newcomer, Plan, PupilNow
from shuxiang.libraries import selectors as ground
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.libraries.rules import classes as class_rules
from shuxiang.libraries.rules.terms import year_of
from shuxiang.libraries.services.classes import preview_school_year
from shuxiang.patrons import dues
from shuxiang.patrons.models import Card, ClassMembership, Patron

REMEMBERED = timedelta(days=400)  # how long ago somebody may have left whom a new row may mean
_AT_ONCE = 500


class Turn:
    """Everything about the turn to one school year in one library, each thing asked once."""

    def __init__(self, library: Library, school_year: str) -> None:
        self.library, self.school_year = library, school_year
        self.year = year_of(school_year)
        self.first_day = ground.calendar_of(library).school_year(self.year).starts_on
        self.last_day = self.first_day - timedelta(days=1)
        self.primary_years = ground.primary_years(library)

    @cached_property
    def moved(self) -> dict[int, tuple[SchoolClass, str, str]]:
        """Classes of the year before by key, with their labels before and after ('' for those that graduate)."""
        rows = preview_school_year(self.library, self.school_year)
        return {row.school_class.pk: (row.school_class, row.before, row.after) for row in rows}

    @cached_property
    def coming(self) -> dict[int, str]:
        """Classes that begin with the year (opened ahead) by key, with their labels."""
        found = {}
        for each in ground.classes_of(self.library):
            facts = ground.class_facts(each)
            begins = class_rules.grade_in(facts, self.year) is not None and each.pk not in self.moved
            if begins and each.graduated_on is None:
                found[each.pk] = class_rules.label_in(facts, self.year, self.primary_years)
        return found

    @cached_property
    def pupils(self) -> dict[int, list[PupilNow]]:
        """Who is in each class now and is here, by number and name."""
        rows = ClassMembership.objects.filter(
            school_class__library=self.library, to_on=None, patron__left_on=None, patron__deleted_at=None
        ).order_by("number", "patron__name_pinyin", "patron_id")
        found: dict[int, list[PupilNow]] = defaultdict(list)
        for key, patron, name, number in rows.values_list(
            "school_class_id", "patron_id", "patron__name", "number"
        ):
            found[key].append(PupilNow(patron, name, number))
        return found

    @cached_property
    def classes(self) -> list[ClassNow]:
        old = [
            ClassNow(key, before, after, tuple(self.pupils.get(key, ())))
            for key, (_class, before, after) in self.moved.items()
        ]
        new = [
            ClassNow(key, "", label, tuple(self.pupils.get(key, ()))) for key, label in self.coming.items()
        ]
        return old + new

    @cached_property
    def _targets(self) -> dict[tuple[object, ...], str]:
        """Labels of the new year, however they are spelled, with the class that bears each."""
        bearing = {key: after for key, (_class, _before, after) in self.moved.items() if after} | self.coming
        return {ground.spelled(label, self.primary_years): f"class:{key}" for key, label in bearing.items()}

    def target(self, label: str, renamed: Mapping[int, str], grade: int | None = None) -> str:
        """The class that has a label in the new year, one to be opened, or '' for what is no class."""
        spelled = ground.spelled(label, self.primary_years)
        for key, new in renamed.items():
            if ground.spelled(new, self.primary_years) == spelled:
                return f"class:{key}"
        if spelled in self._targets:
            return self._targets[spelled]
        parsed = parse_class_label(label, self.primary_years)
        if parsed is None:
            return ""
        placed = class_rules.place(parsed, self._stages, self.year, grade)
        return "" if isinstance(placed, Decision) else f"new:{label.strip()}"

    @cached_property
    def _stages(self) -> list[class_rules.StageFacts]:
        stages = self.library.stages.order_by("first_grade")
        return [ground.stage_facts(stage) for stage in stages]

    def pattern(self, label: str) -> str:
        """A label as a class keeps it: with the grade taken out, so that it goes up by itself. '' for what is none."""
        parsed = parse_class_label(label, self.primary_years)
        return parsed.pattern if parsed is not None else ""


@dataclass(frozen=True)
class Worked:
    """A plan with the words it is shown with."""

    turn: Turn
    plan: Plan
    names: Mapping[int, str]
    owed: Mapping[int, list[dues.Due]]  # of those who leave
    digest: str  # of what was shown: carried out only when it is still the same
    rows: Mapping[int, Entrant]  # of the list, by their keys


def work_out(opening: YearOpening) -> Worked:
    """The plan of an opening as things stand."""
    turn = Turn(opening.library, opening.school_year)
    choices = {
        int(key): ClassChoice(said.get("do", rules.UP), said.get("label", ""), int(said.get("into", 0)))
        for key, said in opening.choices.get("classes", {}).items()
    }
    renamed = {key: said.label for key, said in choices.items() if said.do == rules.RENAME}
    pupils = {int(key): wish for key, wish in opening.choices.get("pupils", {}).items()}
    listed = list(opening.entrants.order_by("pk"))
    rows, gone, names = newcomers(turn, listed, renamed)
    plan = rules.compose(turn.classes, choices, pupils, rows, gone=gone)
    names |= {pupil.key: pupil.name for each in turn.classes for pupil in each.pupils}
    owed = dues.owed(turn.library, set(plan.leavers))
    return Worked(turn, plan, names, owed, _digest(plan), {row.pk: row for row in listed})


def newcomers(
    turn: Turn, entrants: Sequence[Entrant], renamed: Mapping[int, str]
) -> tuple[list[Newcomer], set[int], dict[int, str]]:
    """The rows of the list with whom they may mean; readers outside the classes among these; and their names."""
    alike, holders = _alike(turn, {row.name for row in entrants}), _holders(turn, entrants)
    in_class = {pupil.key for each in turn.classes for pupil in each.pupils}
    rows = []
    for entrant in entrants:
        holder = holders.get(entrant.card)
        rows.append(
            Newcomer(
                row=entrant.pk,
                name=entrant.name,
                target=turn.target(entrant.label, renamed, entrant.grade) if entrant.label else "",
                card=entrant.card,
                number=entrant.number,
                answer=entrant.answer,
                holder=holder[0] if holder else None,
                holder_is_same=holder is not None and holder[1] == entrant.name and holder[2],
                alike=tuple(key for key, _name in alike.get(entrant.name, ())),
                problem=entrant.problem,
            )
        )
    known = {key: name for found in alike.values() for key, name in found}
    known |= {holder[0]: holder[1] for holder in holders.values()}
    return rows, known.keys() - in_class, known


def _alike(turn: Turn, names: Collection[str]) -> dict[str, list[tuple[int, str]]]:
    """Pupils of these very names who are here, or left not long ago."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for some in _pieces(sorted(names)):
        rows = Patron.objects.filter(
            library=turn.library, name__in=some, deleted_at=None, category__kind="pupil"
        )
        for pk, name, left_on in rows.order_by("pk").values_list("pk", "name", "left_on"):
            if left_on is None or left_on >= turn.first_day - REMEMBERED:
                found[name].append((pk, name))
    return found


def _holders(turn: Turn, entrants: Iterable[Entrant]) -> dict[str, tuple[int, str, bool]]:
    """Who has, or had, the card numbers of the list; and whether the card is open."""
    found = {}
    for some in _pieces(sorted({row.card for row in entrants if row.card})):
        cards = Card.objects.filter(library=turn.library, number__in=some)
        for number, patron, name, to_at in cards.values_list("number", "patron_id", "patron__name", "to_at"):
            found[number] = (patron, name, to_at is None)
    return found


def _pieces(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


def _digest(plan: Plan) -> str:
    """What tells two plans apart, short enough for a form."""
    told = [
        sorted(plan.renamed.items()), plan.opened, plan.returning, plan.moves, sorted(plan.leavers.items()),
        [(row.row, row.name, row.card, row.target) for row in plan.newcomers], sorted(plan.closed.items()),
        len(plan.questions), [(one.code, one.row) for one in plan.problems],
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]


def next_school_year(library: Library, today: date) -> str:
    """The school year that a school opens now: from May on the coming one, before that the running one."""
    year = ground.calendar_of(library).school_year_on(today)
    begins = ground.calendar_of(library).school_year(year + 1).starts_on
    return f"{year + 1}-{year + 2}" if begins - today < timedelta(days=123) else f"{year}-{year + 1}"
