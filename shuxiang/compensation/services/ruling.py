"""A library's rule table: one of those that come along taken over, and changed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.compensation import selectors, shipped
from shuxiang.compensation.models import CompensationPolicy, CompensationRule
from shuxiang.compensation.refusals import refuse
from shuxiang.compensation.rules import Rule
from shuxiang.libraries.models import Library

MOST_RULES = 40
MOST_FACTOR = 2000  # per cent: twenty times the price
MOST_FEN = 10_000_000


@dataclass(frozen=True, slots=True)
class PolicyValues:
    """What holds for all cases; sums in fen."""

    unknown_price_fen: int | None = None
    refund_days: int = 30
    replacement_fee_fen: int = 0


def take_over(
    *, library: Library, code: str, at: datetime, by: Actor, operation_id: UUID | None = None
) -> selectors.Terms:
    """The library's table becomes the shipped set of that code. Refuses a code there is not."""
    found = shipped.set_called(code)
    if found is None:
        raise refuse("no_such_set")
    now = selectors.terms_of(library)
    values = PolicyValues(now.unknown_price_fen, now.refund_days, found.replacement_fee_fen)
    return _write(library, found.rules, values, code, at=at, by=by, operation_id=operation_id)


def save_rules(
    *, library: Library, rules: Sequence[Rule], at: datetime, by: Actor, operation_id: UUID | None = None
) -> selectors.Terms:
    """The table as somebody changed it. Refuses a table without rows or with too many, and sums that cannot be meant."""
    if not 0 < len(rules) <= MOST_RULES:
        raise refuse("bad_table", most=MOST_RULES)
    for place, rule in enumerate(rules, 1):
        _refuse_wrong(place, rule)
    now = selectors.terms_of(library)
    values = PolicyValues(now.unknown_price_fen, now.refund_days, now.replacement_fee_fen)
    return _write(library, rules, values, "", at=at, by=by, operation_id=operation_id)


def save_policy(
    *, library: Library, values: PolicyValues, at: datetime, by: Actor, operation_id: UUID | None = None
) -> selectors.Terms:
    """What holds for all cases. Refuses sums and days that cannot be meant."""
    sums = (values.unknown_price_fen or 0, values.replacement_fee_fen)
    if not all(0 <= fen <= MOST_FEN for fen in sums) or not 0 <= values.refund_days <= 3660:
        raise refuse("bad_policy")
    now = selectors.terms_of(library)
    return _write(library, now.rules, values, now.set_code, at=at, by=by, operation_id=operation_id)


def _refuse_wrong(place: int, rule: Rule) -> None:
    sums = (rule.fee_fen, rule.min_fen or 0, rule.max_fen or 0)
    limits = rule.min_fen is not None and rule.max_fen is not None and rule.max_fen < rule.min_fen
    copies = rule.copies_from is not None and rule.copies_to is not None and rule.copies_to < rule.copies_from
    counts = (rule.copies_from or 0, rule.copies_to or 0, rule.year_to or 0)
    too_much = not 0 <= rule.factor <= MOST_FACTOR or not all(0 <= fen <= MOST_FEN for fen in sums)
    if limits or copies or too_much or not all(0 <= count < 10_000 for count in counts):
        raise refuse("bad_rule", place=place)


@transaction.atomic
def _write(
    library: Library,
    rules: Sequence[Rule],
    values: PolicyValues,
    code: str,
    *,
    at: datetime,
    by: Actor,
    operation_id: UUID | None,
) -> selectors.Terms:
    rows = [asdict(rule) for rule in rules]
    begun = operations.begin(
        "compensation.rules",
        by=by,
        at=at,
        library_code=library.code,
        operation_id=operation_id,
        request={"set": code, "rules": rows, "policy": asdict(values)},
    )
    if not begun.repeated:
        CompensationPolicy.objects.update_or_create(
            library=library, defaults={**asdict(values), "set_code": code, "modified_at": at}
        )
        CompensationRule.objects.filter(library=library).delete()
        CompensationRule.objects.bulk_create(
            CompensationRule(library=library, position=place, **row) for place, row in enumerate(rows, 1)
        )
        operations.finish(begun.operation, subject=f"compensation.rules:{library.code}", result={"set": code})
    return selectors.terms_of(library)
