"""The only place that asks the machine what time it is."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

DEFAULT_TIMEZONE = "Asia/Shanghai"


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def to_local(at: datetime, tz: str = DEFAULT_TIMEZONE) -> datetime:
    """The same instant on a wall clock in `tz`; ValueError for a naive instant, which names no moment."""
    if at.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return at.astimezone(ZoneInfo(tz))


def local_date(at: datetime, tz: str = DEFAULT_TIMEZONE) -> date:
    """The calendar day on which an instant falls in `tz`."""
    return to_local(at, tz).date()
