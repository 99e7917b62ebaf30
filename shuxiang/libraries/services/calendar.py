"""Terms, opening hours, holidays and make-up days."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision, Reason, Weight
from shuxiang.libraries import selectors
from shuxiang.libraries.models import CalendarDay, Library, OpeningHours, Room, Term
from shuxiang.libraries.rules.terms import TermFacts, given_way, index_of, judge_term


@transaction.atomic
def set_term(
    *,
    library: Library,
    code: str,
    starts_on: date,
    ends_on: date,
    teaching_from: date,
    teaching_to: date,
    by: Actor,
    at: datetime,
    recall_on: date | None = None,
    confirmed: Collection[str] = frozenset(),
) -> Term:
    """Set or change a term. A gap or overlap with a neighbour that the school has set is refused unless `confirmed` holds
    its code (term_gap, term_overlap): then the neighbour's border moves. Raises Refused, BadPeriod for a bad code."""
    index_of(code)
    facts = TermFacts(code, code[5:], starts_on, ends_on, teaching_from, teaching_to, recall_on)
    calendar = selectors.calendar_of(library)
    decision = judge_term(calendar, facts)
    if recall_on is not None and not starts_on <= recall_on <= ends_on:
        decision = Decision.of(
            [*decision.reasons, Reason("recall_outside", Weight.REFUSE, {"recall": recall_on})]
        )
    decision.enforce(confirmed)
    for neighbour in (calendar.before(facts), calendar.after(facts)):
        if not neighbour.is_default:
            _keep(library, given_way(neighbour, facts))
    term = _keep(library, facts)
    begun = operations.begin("libraries.set_term", by=by, at=at, library_code=library.code)
    detail = {"code": code, "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    operations.finish(begun.operation, subject=f"libraries.term:{term.pk}", detail=detail)
    return term


def _keep(library: Library, facts: TermFacts) -> Term:
    term, _ = Term.objects.update_or_create(
        library=library,
        code=facts.code,
        defaults={
            "season": facts.season,
            "starts_on": facts.starts_on,
            "ends_on": facts.ends_on,
            "teaching_from": facts.teaching_from,
            "teaching_to": facts.teaching_to,
            "recall_on": facts.recall_on,
        },
    )
    return term


@transaction.atomic
def set_special_days(
    *,
    library: Library,
    from_on: date,
    to_on: date,
    name: str,
    by: Actor,
    at: datetime,
    is_open: bool = False,
) -> CalendarDay:
    """A holiday (closed), or with `is_open` a make-up working day. The same name and first day again changes it."""
    if to_on < from_on:
        Decision((Reason("days_order", Weight.REFUSE, {"from": from_on, "to": to_on}),)).enforce()
    row, _ = CalendarDay.objects.update_or_create(
        library=library, from_on=from_on, name=name.strip(), defaults={"to_on": to_on, "is_open": is_open}
    )
    begun = operations.begin("libraries.set_special_days", by=by, at=at, library_code=library.code)
    detail = {"from_on": from_on.isoformat(), "to_on": to_on.isoformat(), "is_open": is_open}
    operations.finish(begun.operation, subject=f"libraries.calendar_day:{row.pk}", detail=detail)
    return row


@transaction.atomic
def remove_special_days(*, row: CalendarDay, by: Actor, at: datetime) -> None:
    """Take a holiday or make-up day out of the calendar; the trail keeps what it was."""
    begun = operations.begin("libraries.remove_special_days", by=by, at=at, library_code=row.library.code)
    detail = {"from_on": row.from_on.isoformat(), "to_on": row.to_on.isoformat(), "name": row.name}
    operations.finish(begun.operation, subject=f"libraries.calendar_day:{row.pk}", detail=detail)
    row.delete()


@transaction.atomic
def set_hours(
    *, room: Room, hours: Sequence[tuple[int, time, time]], valid_from: date, by: Actor, at: datetime
) -> list[OpeningHours]:
    """The weekly hours of a room from a day on: (weekday from 1, opens, closes). Earlier hours end the day before, so that
    figures of past terms keep theirs; hours that would only begin later are replaced. Raises Refused."""
    Decision.of([
        Reason("hours_bad", Weight.REFUSE, {"weekday": weekday, "opens": opens, "closes": closes})
        for weekday, opens, closes in hours
        if not 1 <= weekday <= 7 or closes <= opens
    ]).enforce()  # fmt: skip
    OpeningHours.objects.filter(room=room, valid_from__gte=valid_from).delete()
    OpeningHours.objects.filter(room=room, valid_to=None).update(valid_to=valid_from - timedelta(days=1))
    rows = OpeningHours.objects.bulk_create([
        OpeningHours(room=room, weekday=weekday, opens=opens, closes=closes, valid_from=valid_from)
        for weekday, opens, closes in hours
    ])  # fmt: skip
    begun = operations.begin("libraries.set_hours", by=by, at=at, library_code=room.library.code)
    detail = {"valid_from": valid_from.isoformat(), "rows": len(rows)}
    operations.finish(begun.operation, subject=f"libraries.room:{room.pk}", detail=detail)
    return rows
