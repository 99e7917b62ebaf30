"""When an act of a device without a network happened, by the server's clock. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SKEW = timedelta(
    minutes=2
)  # a clock that moved by more between two meetings with the server was set by somebody
AHEAD = timedelta(minutes=1)  # so far ahead is rounding; it is taken as now
LONGEST = timedelta(days=14)  # nobody lends without a server for longer


@dataclass(frozen=True)
class DeviceTime:
    """The device's clock at the act, how far it was behind the server when they last met, and what it shows now."""

    act: datetime
    behind: timedelta
    now: datetime


def instant_of(device: DeviceTime, now: datetime) -> tuple[datetime, str]:
    """When it happened, and why that is doubtful: "clock_was_set", "clock_ahead", "clock_long_ago" or ""."""
    at = device.act + device.behind
    if abs((now - device.now) - device.behind) > SKEW:
        return min(device.act + (now - device.now), now), "clock_was_set"
    if at > now + AHEAD:
        return now, "clock_ahead"
    if at < now - LONGEST:
        return at, "clock_long_ago"
    return min(at, now), ""
