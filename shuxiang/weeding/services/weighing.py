"""What a person does with a list before it is approved: keep, leave out, take in, add what was pulled from the shelf."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Reason
from shuxiang.holdings.choosing import items_by_code
from shuxiang.holdings.models import Item
from shuxiang.holdings.services.withdrawing import unfit
from shuxiang.libraries.models import Library
from shuxiang.weeding.models import Condition, Keep, WeedingLine, WeedingList, WeedingRule
from shuxiang.weeding.refusals import refuse
from shuxiang.weeding.rules import Criteria
from shuxiang.weeding.services.proposing import OPEN, new_list

State, Line = WeedingList.State, WeedingLine.State


def _draft(weeding_list: WeedingList) -> WeedingList:
    """The list read afresh. Refuses one that is no draft: what was approved is not changed any more."""
    found = WeedingList.objects.select_related("library").get(pk=weeding_list.pk)
    if found.state != State.DRAFT:
        raise refuse("list_not_draft", number=found.number)
    return found


@transaction.atomic
def save_rule(
    rule: WeedingRule | None, criteria: Criteria, *, library: Library, by: Actor, at: datetime
) -> WeedingRule:
    """Make a rule, or change one. Refuses a blank or taken name, and a rule that asks nothing."""
    if not criteria.name:
        raise refuse("rule_without_name")
    if criteria.is_empty:
        raise refuse("rule_asks_nothing", rule=criteria.name)
    same = WeedingRule.objects.filter(library=library, name=criteria.name)
    if (same.exclude(pk=rule.pk) if rule else same).exists():
        raise refuse("rule_name_taken", rule=criteria.name)
    begun = operations.begin("weeding.save_rule", by=by, at=at, library_code=library.code)
    row = rule or WeedingRule(library=library)
    for name in Criteria.__slots__:
        setattr(row, name, getattr(criteria, name))
    row.save()
    operations.finish(begun.operation, subject=f"weeding.rule:{row.pk}", detail=criteria.to_json())
    return row


@transaction.atomic
def common_rules(library: Library, *, by: Actor, at: datetime) -> int:
    """Give a library that has no rule the three that most schools use; gives how many were made."""
    if WeedingRule.objects.filter(library=library).exists():
        return 0
    shipped = (
        Criteria(gettext("Old and never lent"), never_lent_years=5, age_years=10),
        Criteria(gettext("Too many copies"), copies_over=5),
        Criteria(gettext("Worn out"), only_worn=True, reason="worn"),
    )
    for one in shipped:
        save_rule(None, one, library=library, by=by, at=at)
    return len(shipped)


@transaction.atomic
def remove_rule(rule: WeedingRule, *, by: Actor, at: datetime) -> None:
    """Forget a rule; lists proposed by it keep what it said."""
    begun = operations.begin("weeding.remove_rule", by=by, at=at, library_code=rule.library.code)
    operations.finish(begun.operation, subject=f"weeding.rule:{rule.pk}", detail={"name": rule.name})
    rule.delete()


@transaction.atomic
def keep(
    weeding_list: WeedingList,
    line_ids: Iterable[int],
    *,
    reason: str,
    until_on: date | None,
    by: Actor,
    at: datetime,
) -> int:
    """Keep volumes, with the reason: not proposed again until the day is over (never, without one). Gives how many.

    Refuses no reason, and a day that is over.
    """
    found = _draft(weeding_list)
    if not reason.strip():
        raise refuse("keep_needs_reason")
    if until_on is not None and until_on < local_date(at):
        raise refuse("keep_until_past", on=until_on)
    begun = operations.begin("weeding.keep", by=by, at=at, library_code=found.library.code)
    lines = WeedingLine.objects.filter(weeding_list=found, pk__in=list(line_ids)).exclude(state=Line.KEPT)
    items = list(lines.values_list("item_id", flat=True))
    Keep.objects.filter(item__in=items).delete()
    Keep.objects.bulk_create(
        Keep(
            library_id=found.library_id,
            item_id=item,
            until_on=until_on,
            reason=reason.strip()[:100],
            kept_by=by.name[:80],
            kept_at=at,
        )
        for item in items
    )
    lines.update(state=Line.KEPT)
    operations.finish(begun.operation, subject=f"weeding.list:{found.pk}", detail={"items": items})
    return len(items)


@transaction.atomic
def leave_out(weeding_list: WeedingList, line_ids: Iterable[int], *, by: Actor, at: datetime) -> int:
    """Take volumes off this list only; they may be proposed again. Gives how many."""
    return _mark(weeding_list, line_ids, Line.OUT, "weeding.leave_out", by, at)


@transaction.atomic
def take_in(weeding_list: WeedingList, line_ids: Iterable[int], *, by: Actor, at: datetime) -> int:
    """Put volumes that were kept or left out on the list again; they are not kept any more. Gives how many."""
    lines = WeedingLine.objects.filter(weeding_list=weeding_list, pk__in=list(line_ids))
    Keep.objects.filter(item__in=list(lines.filter(state=Line.KEPT).values_list("item", flat=True))).delete()
    return _mark(weeding_list, line_ids, Line.IN, "weeding.take_in", by, at)


def _mark(  # noqa: PLR0917  an act and who did it
    weeding_list: WeedingList, line_ids: Iterable[int], state: str, action: str, by: Actor, at: datetime
) -> int:
    found = _draft(weeding_list)
    begun = operations.begin(action, by=by, at=at, library_code=found.library.code)
    lines = WeedingLine.objects.filter(weeding_list=found, pk__in=list(line_ids)).exclude(state=state)
    items = list(lines.values_list("item_id", flat=True))
    lines.update(state=state)
    operations.finish(begun.operation, subject=f"weeding.list:{found.pk}", detail={"items": items})
    return len(items)


@transaction.atomic
def release_keeps(keep_ids: Iterable[int], *, library: Library, by: Actor, at: datetime) -> int:
    """Volumes are kept no longer: the next proposal may name them. Gives how many."""
    begun = operations.begin("weeding.release_keeps", by=by, at=at, library_code=library.code)
    kept = Keep.objects.filter(library=library, pk__in=list(keep_ids))
    items = list(kept.values_list("item_id", flat=True))
    kept.delete()
    operations.finish(begun.operation, subject="weeding.keep", detail={"items": items})
    return len(items)


@dataclass(frozen=True, slots=True)
class Added:
    """What came of a scanned pile: added, already on the list, no volume of the library, and those that cannot leave."""

    added: int
    already: int
    unknown: tuple[str, ...]
    refused: tuple[Reason, ...]


@transaction.atomic
def add_scanned(
    weeding_list: WeedingList, codes: Sequence[str], *, why: str, by: Actor, at: datetime
) -> Added:
    """Put volumes pulled from the shelf on the list; `why` is of Condition.Kind. A kept one is taken in again."""
    found = _draft(weeding_list)
    begun = operations.begin("weeding.add", by=by, at=at, library_code=found.library.code)
    known = items_by_code(found.library, codes)
    there = dict(
        WeedingLine.objects.filter(weeding_list=found, item__in=known.values()).values_list(
            "item_id", "state"
        )
    )
    items = Item.objects.filter(pk__in=known.values()).select_related("property_line", "holding__record")
    refused, fit = [], []
    for item in items.order_by("pk"):
        if reason := unfit(item, local_date(at)):
            refused.append(reason)
        elif there.get(item.pk) != Line.IN:
            fit.append(item)
    keys = [item.pk for item in fit]
    Keep.objects.filter(item__in=keys).delete()
    WeedingLine.objects.filter(weeding_list=found, item__in=keys).delete()
    WeedingLine.objects.bulk_create(
        WeedingLine(weeding_list=found, item=item, why=[("pulled", {"condition": why})]) for item in fit
    )
    operations.finish(begun.operation, subject=f"weeding.list:{found.pk}", detail={"items": keys})
    unknown = tuple(code for code in dict.fromkeys(codes) if code not in known)
    return Added(len(fit), len(set(known.values())) - len(fit) - len(refused), unknown, tuple(refused))


@transaction.atomic
def begin_list(library: Library, *, reason: str, by: Actor, at: datetime) -> WeedingList:
    """An empty list to scan volumes on."""
    begun = operations.begin("weeding.begin_list", by=by, at=at, library_code=library.code)
    made = new_list(library, reason=reason, by=by, at=at)
    operations.finish(begun.operation, subject=f"weeding.list:{made.pk}")
    return made


@transaction.atomic
def discard(weeding_list: WeedingList, *, by: Actor, at: datetime) -> None:
    """Throw a draft away; what was decided to be kept stays kept. Refuses a list that was approved."""
    found = _draft(weeding_list)
    begun = operations.begin("weeding.discard", by=by, at=at, library_code=found.library.code)
    operations.finish(begun.operation, subject=f"weeding.list:{found.pk}", detail={"number": found.number})
    found.delete()


@transaction.atomic
def note_condition(
    codes: Sequence[str], *, kind: str, library: Library, by: Actor, at: datetime
) -> tuple[int, tuple[str, ...]]:
    """Note the condition of scanned volumes, '' for in order again; gives how many, and the codes of no volume."""
    begun = operations.begin("weeding.note_condition", by=by, at=at, library_code=library.code)
    known = items_by_code(library, codes)
    keys = sorted(set(known.values()))
    Condition.objects.filter(item__in=keys).delete()
    if kind:
        Condition.objects.bulk_create(
            Condition(
                library=library,
                item_id=key,
                kind=Condition.Kind(kind),
                noted_on=local_date(at),
                noted_by=by.name[:80],
            )
            for key in keys
        )
    operations.finish(begun.operation, subject="weeding.condition", detail={"items": keys, "kind": kind})
    return len(keys), tuple(code for code in dict.fromkeys(codes) if code not in known)


def is_on_open_list(item_id: int) -> bool:
    """Whether a volume is on a list that is not finished."""
    lines = WeedingLine.objects.filter(item=item_id, state=Line.IN, weeding_list__state__in=OPEN)
    return lines.exists()
