"""What the public pages say of copies and opening times, from plain facts."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache

from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from shuxiang.common.money import format_yuan, parse_price
from shuxiang.holdings.standing import Standing
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


_ACCOUNTS = {
    "shelf": gettext_lazy("On the shelf"),
    "loan": gettext_lazy("Lent"),
    "corner": gettext_lazy("In a class corner"),
    "mending": gettext_lazy("Being mended"),
    "review": gettext_lazy("Set aside for review"),
    "binding": gettext_lazy("Being bound"),
    "display": gettext_lazy("On display"),
    "missing": gettext_lazy("Cannot be found at present"),
}


def times_lent(times: int) -> str:
    """How often a title was lent in the last twelve months; nothing is said of one that never was."""
    lent = ngettext(
        "lent %(count)s time in the last twelve months",
        "lent %(count)s times in the last twelve months",
        times,
    )
    return lent % {"count": times} if times else ""


_AUDIENCES = {
    "a": gettext_lazy("young readers"),
    "b": gettext_lazy("below school age"),
    "c": gettext_lazy("lower primary"),
    "d": gettext_lazy("upper primary"),
    "e": gettext_lazy("secondary school"),
    "k": gettext_lazy("adults, serious"),
    "m": gettext_lazy("adults"),
}


def account_words(account: str, due_on: date | None = None) -> State:
    """Where one copy is."""
    if account == "loan" and due_on:
        return State("out", _("Lent, due %(on)s") % {"on": short_day(due_on)})
    return State(STATES.get(account, "away"), str(_ACCOUNTS[account]))


def availability(standing: Standing | None, due_on: date | None = None) -> State:
    """What a reader may expect of a title, the best news first; `due_on` is when the first copy comes back."""
    if standing is None or not standing.account:
        return State("away", _("No copies"))
    if standing.on_shelf:
        return State("in", _on_shelf(standing.on_shelf, get_language()))
    if standing.account == "loan" and due_on:
        return State("out", _("Lent, the first due %(on)s") % {"on": short_day(due_on)})
    return account_words(standing.account)


def copies_words(standing: Standing | None) -> str:
    return _in_all(standing.on_books if standing else 0, get_language())


@lru_cache(maxsize=1024)
def _on_shelf(count: int, _language: str | None) -> str:
    return ngettext("%(count)s on the shelf", "%(count)s on the shelf", count) % {"count": count}


@lru_cache(maxsize=1024)
def _in_all(count: int, _language: str | None) -> str:
    return ngettext("%(count)s copy in all", "%(count)s copies in all", count) % {"count": count}


def audience(codes: str) -> str:
    """Whom a publication is for (CNMARC 100/17-19), in the words of a school."""
    return _audience(codes, get_language()) if codes else ""


@lru_cache(maxsize=1024)
def _audience(codes: str, _language: str | None) -> str:
    said = [str(_AUDIENCES[code]) for code in codes if code in _AUDIENCES]
    return pgettext("between audiences", ", ").join(said) if said else ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One line of today's rotation: from when to when, whose turn it is, and whether it is now."""

    starts: time
    ends: time
    whose: str
    is_now: bool = False


def turns(rows: Iterable[tuple[time, time, str]], now: time) -> list[Turn]:
    """The day's turns by time; readers who share a time share a line."""
    together: dict[tuple[time, time], list[str]] = {}
    for starts, ends, whose in sorted(rows):
        together.setdefault((starts, ends), []).append(whose)
    separator = pgettext("between classes", ", ")
    return [
        Turn(starts, ends, separator.join(dict.fromkeys(names)), starts <= now < ends)
        for (starts, ends), names in together.items()
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
