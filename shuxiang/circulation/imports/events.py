"""Rows of a loan log into events. Pure: what happened, when, to which card and book."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shuxiang.common.codes import clean_scan
from shuxiang.imports.shapes import Note, SourceRow
from shuxiang.imports.tables import loan_action

OUT, IN, RENEW, LOST = "check_out", "check_in", "renew", "mark_lost"

_INSTANT = re.compile(
    r"(?P<y>(?:19|20)\d\d)\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?"
    r"(?:[T\s]*(?P<h>\d{1,2})[:时点](?P<min>\d{1,2})分?(?:[:](?P<s>\d{1,2})(?:\.(?P<f>\d{1,6})\d*)?)?秒?)?"
    r"\s*(?P<z>Z|[+-]\d\d:?\d\d)?"
)
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:\s*(\d\d):?(\d\d):?(\d\d)?)?")
_DAYS = re.compile(r"(\d{1,3})(?:\.0+)?\s*(?:天|日|days?)?", re.IGNORECASE)
_NOON = time(12)  # a log that only knows the day: neither end of it


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `due` is a number of days, a day, or None where the log does not say."""

    action: str
    at: datetime
    card: str
    isbn: str = ""
    barcode: str = ""
    title: str = ""
    name: str = ""
    unit: str = ""
    due: int | date | None = None


class Unreadable(Exception):
    """A row that names no event; `note` says what is missing and what to do."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.note = Note(code, params)


def instant_of(text: str, zone: ZoneInfo) -> datetime | None:
    """An instant as logs write it, in the school's time; a day alone is its noon."""
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _INSTANT.fullmatch(plain)
    try:
        if match:
            day = date(int(match["y"]), int(match["m"]), int(match["d"]))
            if match["h"] is None:
                return datetime.combine(day, _NOON, zone)
            micro = int((match["f"] or "0").ljust(6, "0"))
            clock = time(int(match["h"]), int(match["min"]), int(match["s"] or 0), micro)
            if match["z"]:
                return datetime.fromisoformat(f"{day}T{clock}{match['z']}")
            return datetime.combine(day, clock, zone)
        compact = _COMPACT.fullmatch(plain)
        if compact:
            year, month, day_, hour, minute, second = (
                int(part) if part else None for part in compact.groups()
            )
            clock = time(hour, minute or 0, second or 0) if hour is not None else _NOON
            return datetime.combine(date(year or 0, month or 0, day_ or 0), clock, zone)
    except ValueError:
        return None
    return None


def due_of(text: str, zone: ZoneInfo) -> int | date | None:
    """A period in days (15, 15天) or a day; None for anything else."""
    days = _DAYS.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if days:
        return int(days.group(1))
    at = instant_of(text, zone)
    return at.date() if at else None


def due_on(out_on: date, due: int | date | None) -> date | None:
    """The day a loan is due by what the file says; None where it says nothing usable."""
    if isinstance(due, int):
        return out_on + timedelta(days=due)
    return due if due is not None and due >= out_on else None


def events_of(row: SourceRow, zone: ZoneInfo) -> list[Event]:
    """What a row tells: one event, or a loan with its return. Raises Unreadable."""
    lent, returned = row.get("lent_time"), row.get("returned_time")
    if not lent and not returned:
        return [_event(row, _action(row, OUT), row.get("time"), zone)]
    if "returned_time" not in row.values and row.get("action"):
        return [_event(row, _action(row, OUT), lent, zone)]  # one column of times for all that happens
    events = [_event(row, OUT, lent, zone)] if lent else []
    action = loan_action(row.get("action"))
    if returned:
        events.append(_event(row, LOST if action == LOST else IN, returned, zone))
    elif action == LOST:
        raise Unreadable("lost_without_time")
    if len(events) == 2 and events[1].at < events[0].at:
        raise Unreadable("returned_before_lent", lent=lent, returned=returned)
    return events


def _action(row: SourceRow, default: str) -> str:
    text = row.get("action")
    if not text:
        if "action" in row.values:
            raise Unreadable("action_missing")
        return default
    action = loan_action(text)
    if action is None:
        raise Unreadable("action_unknown", text=text[:40])
    return action


def _event(row: SourceRow, action: str, when: str, zone: ZoneInfo) -> Event:
    if not when:
        raise Unreadable("time_missing")
    at = instant_of(when, zone)
    if at is None:
        raise Unreadable("time_unreadable", text=when[:40])
    card, barcode = clean_scan(row.get("card")), clean_scan(row.get("barcode"))
    isbn, title = row.get("isbn").strip(), row.get("title").strip()
    if not (barcode or isbn or title):
        raise Unreadable("book_missing")
    if not card and action in (OUT, RENEW):
        raise Unreadable("card_missing")
    due = due_of(row.get("due"), zone)
    return Event(
        action, at, card, isbn, barcode, title, row.get("name").strip(), row.get("unit").strip(), due
    )
