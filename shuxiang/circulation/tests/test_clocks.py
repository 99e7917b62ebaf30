"""When something happened by the clock of a device that was alone: a table of clocks."""

from datetime import UTC, datetime, timedelta

import pytest

from shuxiang.circulation.clocks import DeviceTime, instant_of

NOW = datetime(2026, 10, 15, 4, 0, tzinfo=UTC)
TEN = timedelta(minutes=10)
YEARS = timedelta(days=3650)
NONE = timedelta(0)


@pytest.mark.parametrize(
    ("act", "behind", "device_now", "at", "doubt"),
    [
        (NOW - TEN, NONE, NOW, NOW - TEN, ""),  # a right clock
        (NOW - TEN - YEARS, YEARS, NOW - YEARS, NOW - TEN, ""),  # ten years behind, before and after
        (NOW + TEN, -2 * TEN, NOW + 2 * TEN, NOW - TEN, ""),  # twenty minutes ahead
        (NOW + timedelta(seconds=30), NONE, NOW, NOW, ""),  # half a minute of rounding
        (NOW + TEN, NONE, NOW, NOW, "clock_ahead"),
        (NOW - TEN, NONE, NOW - YEARS, NOW, "clock_was_set"),  # its battery is dead: it began anew in between
        (NOW - TEN - YEARS, NONE, NOW - YEARS, NOW - TEN, "clock_was_set"),
        (NOW - timedelta(days=15), NONE, NOW, NOW - timedelta(days=15), "clock_long_ago"),
        (NOW - timedelta(days=13), NONE, NOW, NOW - timedelta(days=13), ""),
    ],
)
def test_the_instant_by_the_servers_clock(
    act: datetime, behind: timedelta, device_now: datetime, at: datetime, doubt: str
) -> None:
    assert instant_of(DeviceTime(act, behind, device_now), NOW) == (at, doubt)
