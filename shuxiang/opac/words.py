"""What the public pages say of copies and opening times, from plain facts."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from shuxiang.common.money import format_yuan, parse_price
from shuxiang.holdings.shown import Where
from shuxiang.libraries.rules.timetable import Hours
from shuxiang.ui.numbers import short_day

STATES = {
    "shelf": "in",
    "loan": "out",
    "missing": "late",
}


@dataclass(frozen=True, slots=True)
class State:
    """A shape of the look and the words beside it."""

    kind: str
    words: str


def price(text: str) -> str:
    """CNY10.00, as catalogues write it, in the words of readers: 10.00 元; other currencies stay as they stand."""
    found = parse_price(text)
    if found.unit_fen is not None and not (found.volumes or found.note or found.warnings):
        return _in_yuan(format_yuan(found.unit_fen))
    return re.sub(r"CNY\s*(\d+(?:\.\d+)?)", lambda match: _in_yuan(match[1]), text)


def _in_yuan(amount: str) -> str:
    return _("%(amount)s yuan") % {"amount": amount}


def account_words(account: str, due_on: date | None = None) -> State:
    """Where one copy is."""
    words = {
        "shelf": _("On the shelf"),
        "loan": _("Lent, due %(on)s") % {"on": short_day(due_on)} if due_on else _("Lent"),
        "corner": _("In a class corner"),
        "mending": _("Being mended"),
        "binding": _("Being bound"),
        "display": _("On display"),
        "missing": _("Cannot be found at present"),
    }
    return State(STATES.get(account, "away"), words[account])


def availability(where: Where | None) -> State:
    """What a reader may expect of a title, the best news first."""
    if where is None or not where.total:
        return State("away", _("No copies"))
    if where.on_shelf:
        on_shelf = ngettext("%(count)s on the shelf", "%(count)s on the shelf", where.on_shelf)
        return State("in", on_shelf % {"count": where.on_shelf})
    for account in ("corner", "display", "loan", "mending", "binding"):
        if where.accounts[account]:
            return account_words(account)
    return account_words("missing")


def copies_words(where: Where | None) -> str:
    total = where.total if where else 0
    return ngettext("%(count)s copy in all", "%(count)s copies in all", total) % {"count": total}


@dataclass(frozen=True, slots=True)
class Turn:
    """One line of today's rotation: from when to when, and whose turn it is."""

    starts: time
    ends: time
    whose: str


def turns(rows: Iterable[tuple[time, time, str]]) -> list[Turn]:
    """The day's turns by time; readers who share a time share a line."""
    together: dict[tuple[time, time], list[str]] = {}
    for starts, ends, whose in sorted(rows):
        together.setdefault((starts, ends), []).append(whose)
    separator = pgettext("between classes", ", ")
    return [
        Turn(starts, ends, separator.join(dict.fromkeys(names))) for (starts, ends), names in together.items()
    ]


def hours_of_day(hours: Sequence[Hours], day: date) -> list[tuple[time, time]]:
    """When at least one room is open on a weekday of the regular week, joined where rooms overlap."""
    spans = sorted(
        (row.opens, row.closes) for row in hours if row.holds_on(day) and row.weekday == day.isoweekday()
    )
    joined: list[tuple[time, time]] = []
    for opens, closes in spans:
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes))
        else:
            joined.append((opens, closes))
    return joined


def grade_words(grade: int) -> str:
    return _("Grade %(grade)s") % {"grade": grade}
