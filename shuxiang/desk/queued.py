"""What a device sends that was alone: JSON as offline.js writes it, checked, and made into acts of the past."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from shuxiang.circulation.clocks import DeviceTime, instant_of
from shuxiang.circulation.services import PastAct
from shuxiang.common.codes import split_scans

MOST_ACTS = 100
LONGEST_CODE = 200
LATEST = 4_102_444_800_000  # milliseconds: the year 2100, beyond which no clock is meant
MOST_BEHIND = LATEST


class NotUnderstood(Exception):
    """What was sent is not what the page writes."""


@dataclass(frozen=True)
class Queued:
    """One entry of a device's queue, or the mark that the next reader came."""

    operation: UUID
    code: str
    is_next: bool
    is_dropped: bool
    time: DeviceTime


def read(text: str, device_now: str) -> list[Queued]:
    """The entries in their order. Raises NotUnderstood."""
    try:
        found = json.loads(text)
        now = _instant(int(device_now))
        if not isinstance(found, list) or len(found) > MOST_ACTS:
            raise NotUnderstood("acts")
        return [_entry(one, now) for one in found]
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError, RecursionError) as problem:
        raise NotUnderstood(type(problem).__name__) from problem


def _entry(one: dict[str, object], now: datetime) -> Queued:
    behind = int(str(one.get("behind") or 0))
    if abs(behind) > MOST_BEHIND:
        raise NotUnderstood("behind")
    code = str(one.get("code") or "")
    if "\x00" in code or len(code) > LONGEST_CODE:
        raise NotUnderstood("code")
    time = DeviceTime(_instant(int(str(one["at"]))), timedelta(milliseconds=behind), now)
    return Queued(
        UUID(str(one["operation"])), code, one.get("kind") == "next", bool(one.get("dropped")), time
    )


def _instant(milliseconds: int) -> datetime:
    if not 0 <= milliseconds <= LATEST:
        raise NotUnderstood("time")
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def acts_of(entry: Queued, now: datetime) -> list[PastAct]:
    """The acts of one line of input, which may hold several codes, with operation ids as the desk would have given them."""
    at, doubt = instant_of(entry.time, now)
    return [
        PastAct(
            uuid5(entry.operation, str(place)) if place else entry.operation,
            at,
            code,
            doubt=doubt,
            is_dropped=entry.is_dropped,
        )
        for place, code in enumerate(split_scans(entry.code))
    ]
