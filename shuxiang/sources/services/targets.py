"""The list of targets: who is asked, how, in which order. Removal can be taken back; every change is in the audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from shuxiang import marc
from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.sources import rules
from shuxiang.sources.models import Target
from shuxiang.sources.rules import MAX_SECONDS, MIN_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetValues:
    """A target as somebody enters it. `profile` is cnmarc, marc21 or '' (read from each record)."""

    name: str
    address: str
    version: str = "1.1"
    record_schema: str = "marcxml"
    profile: str = ""
    isbn_index: str = "bath.isbn"
    title_index: str = "dc.title"
    timeout_seconds: int = 8
    allows_private: bool = False
    is_used: bool = True


def problems(values: TargetValues) -> list[Reason]:
    """Everything that is wrong with the values; codes of messages."""
    codes: Iterable[str] = (
        *([] if values.name.strip() else ["name_missing"]),
        *rules.problems_of_address(values.address.strip()),
        *([] if values.version in Target.Version.values else ["version_unknown"]),
        *([] if rules.is_schema(values.record_schema.strip()) else ["schema_unreadable"]),
        *([] if values.profile in ("", *marc.PROFILES) else ["profile_unknown"]),
        *(
            []
            if all(not name or rules.is_index(name) for name in (values.isbn_index, values.title_index))
            else ["index_unreadable"]
        ),
        *([] if values.isbn_index or values.title_index else ["index_missing"]),
        *([] if MIN_SECONDS <= values.timeout_seconds <= MAX_SECONDS else ["timeout_out_of_range"]),
    )
    return [Reason(code, Weight.REFUSE) for code in dict.fromkeys(codes)]


def save_target(
    values: TargetValues, *, target: Target | None = None, is_owner: bool, by: Actor, at: datetime
) -> Target:
    """Enter a target, or change one. Only the owner lets one be in the own network (`is_owner`).

    Raises Refused with everything that is wrong.
    """
    found = problems(values)
    let = target is not None and target.allows_private and target.address == values.address.strip()
    if values.allows_private and not (is_owner or let):
        found.append(Reason("private_needs_owner", Weight.REFUSE))
    if (twin := _twin(values, target)) is not None:
        found.append(Reason("address_there", Weight.REFUSE, {"name": twin.name}))
    if found:
        raise Refused(Decision(tuple(found)))
    with transaction.atomic():
        begun = operations.begin("sources.save_target", by=by, at=at)
        before = _values(target) if target else None
        row = target or Target(place=_next_place())
        for name, value in asdict(values).items():
            setattr(row, name, value.strip() if isinstance(value, str) else value)
        row.name, row.modified_at, row.removed_at = row.name[:60], at, None
        row.save()
        operations.finish(
            begun.operation,
            subject=f"sources.target:{row.pk}",
            detail={"before": before, "after": _values(row)},
        )
    return row


def _twin(values: TargetValues, target: Target | None) -> Target | None:
    """Another target of the list that would be asked the same."""
    same = Target.objects.filter(address=values.address.strip(), record_schema=values.record_schema.strip())
    others = same.exclude(pk=target.pk) if target else same
    return others.filter(removed_at=None).first()


def _next_place() -> int:
    return (Target.objects.aggregate(last=Max("place"))["last"] or 0) + 1


def _values(target: Target) -> dict[str, object]:
    return {name: getattr(target, name) for name in TargetValues.__dataclass_fields__}


def switch_target(target: Target, *, is_used: bool, by: Actor, at: datetime) -> None:
    """Ask it from now on, or not."""
    _change(target, "sources.switch_target", {"is_used": is_used}, by, at)


def remove_target(target: Target, *, by: Actor, at: datetime) -> None:
    """Take it out of the list; `restore_target` takes that back."""
    _change(target, "sources.remove_target", {"removed_at": at}, by, at)


def restore_target(target: Target, *, by: Actor, at: datetime) -> None:
    """Take the removal back; it stands where it stood."""
    _change(target, "sources.restore_target", {"removed_at": None}, by, at)


@transaction.atomic
def _change(target: Target, action: str, changes: dict[str, object], by: Actor, at: datetime) -> None:
    begun = operations.begin(action, by=by, at=at)
    Target.objects.filter(pk=target.pk).update(**changes, modified_at=at)
    target.refresh_from_db()
    said = {name: str(value) for name, value in changes.items()}
    operations.finish(begun.operation, subject=f"sources.target:{target.pk}", detail=said)


@transaction.atomic
def move_target(target: Target, *, earlier: bool, by: Actor, at: datetime) -> None:
    """Change places with its neighbour; at the end of the list nothing happens."""
    row = list(Target.objects.filter(removed_at=None))
    here = next((place for place, one in enumerate(row) if one.pk == target.pk), None)
    there = None if here is None else here + (-1 if earlier else 1)
    if here is None or there is None or not 0 <= there < len(row):
        return
    row[here], row[there] = row[there], row[here]
    begun = operations.begin("sources.move_target", by=by, at=at)
    for place, one in enumerate(row, start=1):
        Target.objects.filter(pk=one.pk).update(place=place)
    operations.finish(begun.operation, subject=f"sources.target:{target.pk}")
