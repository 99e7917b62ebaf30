"""Propose volumes for a list: the rules go over the whole stock, a chunk of titles a transaction."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max, Min, OuterRef, Q

from shuxiang.audit import jobs, operations
from shuxiang.circulation.models import Loan
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.common.ids import uuid7
from shuxiang.holdings.models import AccessionBatch, Holding, Item, ItemAccount
from shuxiang.holdings.rules import ON_BOOKS
from shuxiang.libraries.models import Library
from shuxiang.weeding.models import Condition, Keep, WeedingLine, WeedingList
from shuxiang.weeding.refusals import refuse
from shuxiang.weeding.rules import Criteria, VolumeFacts, Why, proposed, years_before

State = WeedingList.State
OPEN = (State.PROPOSING, State.DRAFT, State.APPROVED, State.STRIKING, State.UNDOING)
PROPOSE = "weeding.propose"
CHUNK = 400  # titles
MOST = 20_000  # volumes on one list: more nobody can look at and sign
# Lent volumes are with readers, missing ones are a stocktake's business, those under review have a list of their own.
_PROPOSED = ON_BOOKS - {ItemAccount.LOAN, ItemAccount.MISSING, ItemAccount.REVIEW}


def new_list(
    library: Library, *, reason: str, by: Actor, at: datetime, list_id: UUID | None = None
) -> WeedingList:
    """An empty draft under the next number of the library; the caller holds the transaction."""
    last = WeedingList.objects.filter(library=library).order_by("-number").values_list("number", flat=True)
    return WeedingList.objects.create(
        pk=list_id or uuid7(),
        library=library,
        number=(last.first() or 0) + 1,
        reason=reason,
        state=State.DRAFT,
        created_by=by.name[:80],
        created_at=at,
    )


@transaction.atomic
def propose_later(
    library: Library, criteria: Sequence[Criteria], *, by: Actor, at: datetime, list_id: UUID | None = None
) -> WeedingList:
    """Have the server propose what any of the rules means; the same id gives the same list.

    Refuses no rule, and a rule that asks nothing: it would propose everything.
    """
    if list_id and (known := WeedingList.objects.filter(pk=list_id, library=library).first()):
        return known
    if not criteria:
        raise refuse("no_rule")
    if empty := next((one for one in criteria if one.is_empty), None):
        raise refuse("rule_asks_nothing", rule=empty.name)
    reasons = {one.reason for one in criteria}
    reason = reasons.pop() if len(reasons) == 1 else "outdated"
    made = new_list(library, reason=reason, by=by, at=at, list_id=list_id)
    made.state = State.PROPOSING
    made.criteria = [one.to_json() for one in criteria]
    made.notes = _notes(library, criteria, local_date(at))
    job = jobs.queue(PROPOSE, by=by, library_code=library.code, params={"list": str(made.pk)})
    made.job_id = job.pk
    made.save()
    return made


def _notes(library: Library, criteria: Iterable[Criteria], today: date) -> list[Why]:
    """What makes a proposal less sure than it looks: loans are known from a later day on than is asked about."""
    years = [one.never_lent_years for one in criteria if one.never_lent_years is not None]
    if not years:
        return []
    first = Loan.objects.filter(library=library).aggregate(first=Min("out_on"))["first"]
    if first is None:
        return [("no_loans_known", {})]
    if first > years_before(today, max(years)):
        return [("loans_known_since", {"on": first.isoformat()})]
    return []


def propose(
    weeding_list: WeedingList, *, at: datetime, progress: Callable[[int, int], None] | None = None
) -> int:
    """Go over the stock with the rules of a list; begun again after a stop, it goes on. Gives the volumes proposed."""
    criteria = [Criteria.from_json(one) for one in weeding_list.criteria]
    holdings = Holding.objects.filter(library=weeding_list.library_id, on_books__gt=0)
    last = holdings.order_by("-pk").values_list("pk", flat=True).first() or 0
    while weeding_list.state == State.PROPOSING:
        with transaction.atomic():
            keys = list(
                holdings.filter(pk__gt=weeding_list.next_holding)
                .exclude(review=Holding.Review.HELD)
                .order_by("pk")
                .values_list("pk", flat=True)[:CHUNK]
            )
            room = MOST - weeding_list.lines.count()
            lines = _lines(weeding_list, keys, criteria, local_date(at))
            WeedingLine.objects.bulk_create(lines[:room])
            if len(lines) > room:
                weeding_list.notes = [*weeding_list.notes, ["too_many", {"most": MOST}]]
            is_over = not keys or len(lines) > room
            weeding_list.next_holding = keys[-1] if keys else last
            weeding_list.state = State.DRAFT if is_over else State.PROPOSING
            weeding_list.save(update_fields=["next_holding", "state", "notes"])
        if progress is not None:
            progress(weeding_list.next_holding, last)
    return weeding_list.lines.count()


def _lines(
    weeding_list: WeedingList, holding_ids: Sequence[int], criteria: Sequence[Criteria], today: date
) -> list[WeedingLine]:
    found = []
    for item_id, facts in volume_facts(weeding_list.library_id, holding_ids, today).items():
        why = next((why for one in criteria if (why := proposed(facts, one, today))), None)
        if why:
            found.append(WeedingLine(weeding_list=weeding_list, item_id=item_id, why=why))
    return found


def volume_facts(library_id: int, holding_ids: Sequence[int], today: date) -> dict[int, VolumeFacts]:
    """What the rules look at, for every volume of these titles that may be proposed today: five questions in all."""
    rows = list(
        Item.objects.filter(holding__in=holding_ids, account__in=ON_BOOKS)
        .annotate(
            is_kept=Exists(
                Keep.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=today), item=OuterRef("pk"))
            ),
            is_listed=Exists(
                WeedingLine.objects.filter(
                    item=OuterRef("pk"), state=WeedingLine.State.IN, weeding_list__state__in=OPEN
                )
            ),
        )
        .select_related("holding__record", "property_line__batch")
        .order_by("holding_id", "volume_mark", "copy_number", "pk")
    )
    keys = [item.pk for item in rows]
    loans = Loan.objects.filter(item__in=keys).exclude(outcome=Loan.Outcome.CANCELLED)
    lent = dict(loans.order_by().values_list("item").annotate(last=Max("out_on")))
    noted = dict(Condition.objects.filter(item__in=keys).values_list("item", "kind"))
    copies: dict[tuple[int, str], list[int]] = defaultdict(list)
    for item in rows:
        copies[item.holding_id, item.volume_mark].append(item.pk)
    found = {}
    for item in rows:
        if item.account not in _PROPOSED or item.is_kept or item.is_listed:
            continue
        same = copies[item.holding_id, item.volume_mark]
        record = item.holding.record
        found[item.pk] = VolumeFacts(
            clc=item.holding.clc or record.clc,
            location_id=item.home_id,
            entered_on=_entered_on(item),
            last_lent_on=lent.get(item.pk),
            pub_year=record.pub_year,
            copy=same.index(item.pk) + 1,
            copies=len(same),
            condition=noted.get(item.pk, ""),
        )
    return found


def _entered_on(item: Item) -> date | None:
    """The day it came, None for opening stock and what is no property."""
    line = getattr(item, "property_line", None)
    if line is None or line.batch.source == AccessionBatch.Source.OPENING:
        return None
    day: date | None = line.posted_on
    return day


def finish_proposing(weeding_list: WeedingList, *, by: Actor, at: datetime) -> None:
    """Leave the trace of the proposal among the acts."""
    with transaction.atomic():
        begun = operations.begin("weeding.propose", by=by, at=at, library_code=weeding_list.library.code)
        detail = {"volumes": weeding_list.lines.count(), "number": weeding_list.number}
        operations.finish(begun.operation, subject=f"weeding.list:{weeding_list.pk}", detail=detail)
