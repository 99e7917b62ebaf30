"""An opening while it is a draft: begun, filled with a list and with choices, thrown away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.schoolyear import BadPeriod
from shuxiang.enrolment import rules
from shuxiang.enrolment.models import Entrant, YearOpening
from shuxiang.enrolment.planning import Turn, work_out
from shuxiang.enrolment.refusals import refuse
from shuxiang.imports.messages import sentence
from shuxiang.imports.shapes import Note, SourceRow
from shuxiang.imports.tables import PATRON_FIELDS, Sheet, TableError, guess_mapping, open_table
from shuxiang.libraries import selectors as ground
from shuxiang.libraries.models import Library
from shuxiang.libraries.rules.terms import year_of
from shuxiang.patrons.imports.rows import facts_of_row

State = YearOpening.State
MOST_ROWS = 5_000
_SAID = {"card_missing": ""}  # a new pupil without a number gets the next free one


@transaction.atomic
def begin_opening(
    *, library: Library, school_year: str, by: Actor, at: datetime, operation_id: UUID | None = None
) -> YearOpening:
    """A draft for a school year; nothing happens yet. Raises Refused for no school year, and while another is at work."""
    try:
        year_of(school_year)
    except BadPeriod:
        raise refuse("year_bad", text=school_year) from None
    begun = operations.begin(
        "enrolment.begin_opening", by=by, at=at, library_code=library.code, operation_id=operation_id,
        request={"library": library.code, "year": school_year},
    )  # fmt: skip
    if begun.repeated:
        return YearOpening.objects.get(pk=begun.operation.result["opening"])
    open_one = (
        YearOpening.objects.filter(library=library).exclude(state__in=[State.DONE, State.UNDONE]).first()
    )
    if open_one is not None:
        raise refuse("opening_at_work", year=open_one.school_year)
    if YearOpening.objects.filter(library=library, school_year=school_year, state=State.DONE).exists():
        raise refuse("opened_already", year=school_year)
    opening = YearOpening.objects.create(
        library=library, school_year=school_year, created_at=at, created_by=by.name[:80]
    )
    operations.finish(
        begun.operation, subject=f"enrolment.opening:{opening.pk}", result={"opening": opening.pk}
    )
    return opening


def _draft(opening: YearOpening) -> YearOpening:
    """The row, held, if it is still a draft. Raises Refused."""
    now = YearOpening.objects.select_for_update().select_related("library").get(pk=opening.pk)
    if now.state != State.DRAFT:
        raise refuse("no_draft")
    return now


def bring_list(opening: YearOpening, content: bytes, *, name: str, by: Actor, at: datetime) -> int:
    """Take the new pupils from a table, in the place of those brought before; gives how many rows. Raises Refused."""
    try:
        with open_table(content, name=name) as table:
            rows = list(_rows(table.filled_sheets))
    except TableError as problem:
        raise refuse("list_unreadable", problem=sentence(Note(problem.code, problem.params))) from problem
    if not any(row.get("name").strip() for row in rows):
        raise refuse("list_empty")
    if len(rows) > MOST_ROWS:
        raise refuse("list_long", most=MOST_ROWS)
    with transaction.atomic():
        now = _draft(opening)
        years = ground.primary_years(now.library)
        made = [_entrant(now, number, row, years) for number, row in enumerate(rows, 1)]
        now.entrants.all().delete()
        Entrant.objects.bulk_create(made)
        now.file_name = name[:120]
        now.save(update_fields=["file_name"])
        _note("enrolment.bring_list", now, by, at, {"rows": len(made)})
    return len(made)


def _rows(sheets: Sequence[Sheet]) -> Iterator[SourceRow]:
    for sheet in sheets:
        mapping = guess_mapping(sheet.header, sheet.sample(), PATRON_FIELDS)
        for row in sheet.rows:
            yield SourceRow(number=row.number, sheet=sheet.name, values=mapping.values(row))


def _entrant(opening: YearOpening, number: int, row: SourceRow, years: int) -> Entrant:
    facts = facts_of_row(row, years)
    problem = _SAID.get(facts.problem, facts.problem)
    if not problem and not facts.name:
        problem = "name_missing"
    return Entrant(
        opening=opening, row=row.number or number, name=facts.name[:60], card=facts.card[:40] if not problem else "",
        label=facts.label[:40], grade=facts.grade, number=facts.number, problem=problem[:30],
    )  # fmt: skip


@transaction.atomic
def drop_list(opening: YearOpening, *, by: Actor, at: datetime) -> None:
    """Without new pupils. Raises Refused."""
    now = _draft(opening)
    now.entrants.all().delete()
    now.file_name = ""
    now.save(update_fields=["file_name"])
    _note("enrolment.drop_list", now, by, at, {})


@transaction.atomic
def choose_class(
    opening: YearOpening, key: int, *, do: str, by: Actor, at: datetime, label: str = "", into: int = 0
) -> None:
    """What becomes of one class: it moves up, is called otherwise, or goes into another. Raises Refused."""
    now = _draft(opening)
    turn = Turn(now.library, now.school_year)
    if key not in turn.moved or do not in (rules.UP, rules.RENAME, rules.MERGE):
        raise refuse("class_unknown")
    said: dict[str, object] = {"do": do}
    if do == rules.RENAME:
        if not turn.pattern(label):
            raise refuse("class_label_unclear", label=label)
        said["label"] = label.strip()[:30]
    if do == rules.MERGE:
        if into == key or into not in turn.moved or not turn.moved[into][2]:
            raise refuse("merge_into_none", label=turn.moved[key][1])
        said["into"] = into
    classes = now.choices.setdefault("classes", {})
    classes.pop(str(key), None)
    if do != rules.UP:
        classes[str(key)] = said
    _save_choices(now, "enrolment.choose_class", by, at, {"class": key, "do": do})


@transaction.atomic
def choose_pupils(
    opening: YearOpening, key: int, wishes: Mapping[int, str], *, new_label: str = "", by: Actor, at: datetime
) -> None:
    """What becomes of single pupils of a class: stay, leave, class:KEY, or new (into a class called `new_label`).

    Pupils who are not named stay with their class. Raises Refused.
    """
    now = _draft(opening)
    turn = Turn(now.library, now.school_year)
    if key not in turn.moved:
        raise refuse("class_unknown")
    targets = {f"class:{pk}" for pk, (_c, _b, after) in turn.moved.items() if after}
    targets |= {f"class:{pk}" for pk in turn.coming}
    said = now.choices.setdefault("pupils", {})
    for pupil in turn.pupils.get(key, ()):
        wish = wishes.get(pupil.key, rules.STAY)
        if wish == "new":
            wish = turn.target(new_label, {})
            if not wish:
                raise refuse("class_label_unclear", label=new_label)
        elif wish.startswith("new:") and turn.target(wish.removeprefix("new:"), {}) == wish:
            pass  # chosen before, into a class that is yet to be opened
        elif wish not in targets | {rules.STAY, rules.LEAVE}:
            raise refuse("class_unknown")
        said.pop(str(pupil.key), None)
        if wish not in (rules.STAY, f"class:{key}") or (wish != rules.STAY and not turn.moved[key][2]):
            said[str(pupil.key)] = wish
    _save_choices(now, "enrolment.choose_pupils", by, at, {"class": key})


@transaction.atomic
def answer(opening: YearOpening, answers: Mapping[int, str], *, by: Actor, at: datetime) -> int:
    """Say of rows of the list whether they are new (new), the row above again (twice), or a reader who is here (the key).

    Only readers of that very name are taken. Gives how many were answered. Raises Refused.
    """
    now = _draft(opening)
    allowed = {question.row: question for question in work_out(now).plan.questions}
    count = 0
    for row, said in answers.items():
        question = allowed.get(row)
        if question is None:
            continue
        fits = said == rules.NEW or (said == rules.TWICE and question.is_twice)
        if fits or (said.isdigit() and int(said) in question.alike):
            count += Entrant.objects.filter(opening=now, pk=row).update(answer=said)
    _note("enrolment.answer", now, by, at, {"rows": count})
    return count


def answer_rest(opening: YearOpening, *, by: Actor, at: datetime) -> int:
    """All rows that are still asked about are new pupils. Raises Refused."""
    asked = work_out(opening).plan.questions
    return answer(opening, {question.row: rules.NEW for question in asked}, by=by, at=at)


@transaction.atomic
def discard(opening: YearOpening, *, by: Actor, at: datetime) -> None:
    """Throw a draft away, with the list. Raises Refused."""
    now = _draft(opening)
    _note("enrolment.discard", now, by, at, {"year": now.school_year})
    now.delete()


def _save_choices(
    opening: YearOpening, action: str, by: Actor, at: datetime, detail: dict[str, object]
) -> None:
    opening.save(update_fields=["choices"])
    _note(action, opening, by, at, detail)


def _note(action: str, opening: YearOpening, by: Actor, at: datetime, detail: dict[str, object]) -> None:
    begun = operations.begin(action, by=by, at=at, library_code=opening.library.code)
    operations.finish(begun.operation, subject=f"enrolment.opening:{opening.pk}", detail=detail)
