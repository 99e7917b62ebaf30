"""The turn of a school year worked out: facts and choices in, what happens to every class and every pupil out.

Nobody is recognised by name alone: a name that somebody bears already is a question, never an answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

UNDO_DAYS = 30
STAY, LEAVE, UP, RENAME, MERGE = "stay", "leave", "up", "rename", "merge"
NEW, TWICE = "new", "twice"


@dataclass(frozen=True, slots=True)
class PupilNow:
    """A reader in a class before the turn."""

    key: int
    name: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class ClassNow:
    """A class before the turn, and its label after it ('' where this was its last year)."""

    key: int
    before: str
    after: str
    pupils: tuple[PupilNow, ...] = ()

    @property
    def graduates(self) -> bool:
        return not self.after


@dataclass(frozen=True, slots=True)
class ClassChoice:
    """What is to become of a class: up (it moves up), rename (with `label`), merge (into the class `into`)."""

    do: str = UP
    label: str = ""
    into: int = 0


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A row of the list of new pupils. `holder` has its card number, `alike` bear its name."""

    row: int
    name: str
    target: str
    card: str = ""
    number: int | None = None
    answer: str = ""
    holder: int | None = None  # the reader of this card number, open or closed
    holder_is_same: bool = False  # of the same name, with the card still open
    alike: tuple[int, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What cannot be done as it is wanted; `row` of the list, or 0."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    row: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """A row of the list that may be somebody who is here already: only a person can tell."""

    row: int
    name: str
    alike: tuple[int, ...]
    is_twice: bool = (
        False  # the same name stands further up, in the same class, with nothing to tell them apart
    )


@dataclass(slots=True)
class Line:
    """One class in numbers: `before` − graduated − left − out + back + into + new = `after`."""

    target: str
    label_before: str
    label_after: str
    before: int = 0
    graduated: int = 0
    left: int = 0
    out: int = 0
    into: int = 0
    back: int = 0
    new: int = 0

    @property
    def after(self) -> int:
        return self.before - self.graduated - self.left - self.out + self.into + self.back + self.new


@dataclass(slots=True)
class Plan:
    """All that happens, in the order in which it is carried out. Targets are "class:KEY" or "new:LABEL"."""

    renamed: dict[int, str] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)
    returning: list[tuple[int, str, int]] = field(default_factory=list)  # patron, target, row
    moves: list[tuple[int, str, int | None]] = field(default_factory=list)  # patron, target, number in class
    leavers: dict[int, str] = field(default_factory=dict)  # patron → graduates, leaves
    newcomers: list[Newcomer] = field(default_factory=list)
    closed: dict[int, str] = field(default_factory=dict)  # class → graduates, merge
    questions: list[Question] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unchanged: int = 0  # rows of the list that are here already, in that class
    lines: list[Line] = field(default_factory=list)

    @property
    def stands(self) -> bool:
        """Whether it may be carried out: every question is answered, and nothing is impossible. Bad rows are left out."""
        return not self.questions and not any(problem.row == 0 for problem in self.problems)


def key_of(target: str) -> int | None:
    """The class of a target that is there already."""
    kind, _colon, rest = target.partition(":")
    return int(rest) if kind == "class" and rest.isdigit() else None


def compose(
    classes: Sequence[ClassNow],
    choices: Mapping[int, ClassChoice],
    pupils: Mapping[int, str],
    newcomers: Iterable[Newcomer],
    *,
    gone: Iterable[int] = (),
) -> Plan:
    """Work a turn out. `pupils` says what becomes of single ones (leave, stay, class:KEY, new:LABEL); `gone` are readers
    who left before and whom a row of the list may mean."""
    plan = Plan()
    chosen = {one.key: choices.get(one.key, ClassChoice()) for one in classes}
    _judge_classes(plan, classes, chosen)
    persons = _take_newcomers(
        plan, list(newcomers), {p.key for one in classes for p in one.pupils}, set(gone)
    )
    where = {pupil.key: f"class:{one.key}" for one in classes for pupil in one.pupils}
    for one in classes:
        for pupil in one.pupils:
            _settle(plan, one, pupil, persons.get(pupil.key, (pupils.get(pupil.key, STAY), None)), chosen)
    _close(plan, classes, chosen)
    _count(plan, classes, chosen, where)
    return plan


def _judge_classes(plan: Plan, classes: Sequence[ClassNow], chosen: Mapping[int, ClassChoice]) -> None:
    staying = {one.key for one in classes if not one.graduates and chosen[one.key].do != MERGE}
    labels = Counter(one.after for one in classes if one.key in staying and chosen[one.key].do == UP)
    for one in classes:
        choice = chosen[one.key]
        if choice.do == MERGE and not one.graduates and choice.into not in staying:
            plan.problems.append(Problem("merge_into_none", {"label": one.before}))
        if choice.do == RENAME and not one.graduates:
            if not choice.label or labels[choice.label]:
                plan.problems.append(Problem("label_taken", {"label": choice.label, "of": one.before}))
            labels[choice.label] += 1
            plan.renamed[one.key] = choice.label


def _take_newcomers(
    plan: Plan, rows: list[Newcomer], present: set[int], gone: set[int]
) -> dict[int, tuple[str, int | None]]:
    """Sort the rows of the list; gives present readers whom they mean, with where these go."""
    persons: dict[int, tuple[str, int | None]] = {}
    cards: set[str] = set()
    seen: Counter[tuple[str, str, str, int | None]] = Counter()
    for row in rows:
        code = row.problem or _bad_card(row, cards) or ("" if row.target else "class_unclear")
        if code:
            plan.problems.append(Problem(code, {"name": row.name, "card": row.card}, row.row))
            continue
        cards.add(row.card)
        alike = tuple(key for key in row.alike if key in present or key in gone)
        same = (row.name, row.target, "" if row.card else "-", row.number)
        is_twice = not row.card and seen[same] > 0
        seen[same] += 1
        meant = row.holder if row.holder_is_same else int(row.answer) if row.answer.isdigit() else None
        if meant is not None and (meant in persons or meant not in present | gone):
            plan.problems.append(Problem("person_twice", {"name": row.name}, row.row))
        elif meant is not None and meant in present:
            persons[meant] = (row.target, row.number)
        elif meant is not None:
            persons[meant] = (row.target, row.number)
            plan.returning.append((meant, row.target, row.row))
        elif row.answer == TWICE and is_twice:
            plan.unchanged += 1
        elif row.answer != NEW and (alike or is_twice):
            plan.questions.append(Question(row.row, row.name, alike, is_twice))
        else:
            plan.newcomers.append(row)
    return persons


def _bad_card(row: Newcomer, cards: set[str]) -> str:
    if not row.card:
        return ""
    if row.card in cards:
        return "card_twice"
    return "card_taken" if row.holder is not None and not row.holder_is_same else ""


def _settle(
    plan: Plan,
    one: ClassNow,
    pupil: PupilNow,
    wanted: tuple[str, int | None],
    chosen: Mapping[int, ClassChoice],
) -> None:
    """What becomes of one pupil; `wanted` is where to, and the number there."""
    choice = chosen[one.key]
    wish, number = wanted
    if wish == LEAVE:
        plan.leavers[pupil.key] = "leaves"
    elif wish.startswith(("class:", "new:")):
        key = key_of(wish)
        # where a class is merged, whoever is sent there goes along with it
        if key is not None and key in chosen and chosen[key].do == MERGE:
            wish = f"class:{chosen[key].into}"
        if wish == f"class:{one.key}" and not one.graduates:
            plan.unchanged += 1
        else:
            plan.moves.append((pupil.key, wish, number))
    elif one.graduates:
        plan.leavers[pupil.key] = "graduates"
    elif choice.do == MERGE:
        plan.moves.append((pupil.key, f"class:{choice.into}", number))


def _close(plan: Plan, classes: Sequence[ClassNow], chosen: Mapping[int, ClassChoice]) -> None:
    for one in classes:
        if one.graduates or chosen[one.key].do == MERGE:
            plan.closed[one.key] = "graduates" if one.graduates else MERGE
    shut = set(plan.closed)
    targets = [target for _patron, target, _number in plan.moves]
    targets += [row.target for row in plan.newcomers] + [target for _p, target, _r in plan.returning]
    for target in dict.fromkeys(targets):
        if target.startswith("new:") and target not in plan.opened:
            plan.opened.append(target)
        if key_of(target) in shut:
            label = next(one.before for one in classes if one.key == key_of(target))
            plan.problems.append(Problem("into_closed", {"label": label}))


def _count(
    plan: Plan, classes: Sequence[ClassNow], chosen: Mapping[int, ClassChoice], where: Mapping[int, str]
) -> None:
    lines: dict[str, Line] = {}
    for one in classes:
        after = "" if one.key in plan.closed else plan.renamed.get(one.key, one.after)
        lines[f"class:{one.key}"] = Line(f"class:{one.key}", one.before, after, len(one.pupils))
    for target in plan.opened:
        lines[target] = Line(target, "", target.removeprefix("new:"))

    def line(target: str) -> Line:
        return lines.setdefault(target, Line(target, "", ""))

    for patron, why in plan.leavers.items():
        at = line(where[patron])
        at.graduated += why == "graduates"
        at.left += why != "graduates"
    for patron, target, _number in plan.moves:
        line(where[patron]).out += 1
        line(target).into += 1
    for _patron, target, _row in plan.returning:
        line(target).back += 1
    for row in plan.newcomers:
        line(row.target).new += 1
    plan.lines = list(lines.values())


def numbered(prefix: str, wanted: int, taken: Iterable[str]) -> list[str]:
    """So many card numbers that nobody ever had: the prefix and four digits, counted on; five where four are used up."""
    used = set(taken)
    found: list[str] = []
    number = 0
    while len(found) < wanted:
        number += 1
        card = f"{prefix}{number:04d}"
        if card not in used:
            found.append(card)
    return found


def may_take_back(done_at: datetime | None, at: datetime) -> bool:
    """An opening can be taken back for thirty days."""
    return done_at is not None and at - done_at <= timedelta(days=UNDO_DAYS)
