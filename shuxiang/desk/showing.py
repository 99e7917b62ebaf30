"""The desk's last act or pending question in words, ready for the page."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from shuxiang.circulation.messages import words
from shuxiang.circulation.services import Outcome, ScanResult
from shuxiang.common.decisions import Decision, Reason, Weight
from shuxiang.ui.numbers import short_day

if TYPE_CHECKING:
    from shuxiang.catalogue.models import BibliographicRecord
    from shuxiang.circulation.models import Loan

ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
ISO_INSTANT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+\d\d:\d\d")
KINDS = {Weight.REFUSE: "refuse", Weight.ASK: "ask", Weight.NOTE: "noted"}


@dataclass(frozen=True)
class Choice:
    """One line to choose from by its number."""

    number: int
    kind: str  # r reader | t title | l loan
    pk: int
    text: str
    note: str = ""
    state: str = ""
    is_in: bool = False
    clc: str = ""
    url: str = ""


@dataclass(frozen=True)
class Shown:
    """The last act (done, noted, undone) or what is pending (ask, refuse); an empty kind shows nothing."""

    kind: str = ""
    seal: str = "done"
    heading: str = ""
    reasons: tuple[dict[str, str], ...] = ()
    title: str = ""
    clc: str = ""
    call_number: str = ""
    place: str = ""
    name: str = ""
    class_label: str = ""
    due: str = ""
    undo: str = ""  # operation of the act
    code: str = ""
    confirm: str = ""  # reason codes that a yes answers, blank between
    confirm_url: str = ""
    choices: tuple[Choice, ...] = ()
    may_read_here: bool = False
    url: str = ""  # of the record
    is_lending: bool = False  # what was asked or refused is a loan
    keep: str = ""  # for whom a volume that came in goes to the pick-up shelf
    hold_url: str = ""  # where to wait for a title of which no copy is in
    case_words: str = ""  # a volume that was made good as lost is here again
    case_url: str = ""

    @property
    def is_one_class(self) -> bool:
        """Whether the list is readers of one class: only then the class need not stand beside every name."""
        return {choice.kind for choice in self.choices} == {"r"} and len({c.note for c in self.choices}) == 1

    @property
    def is_pending(self) -> bool:
        return self.kind in ("ask", "refuse")

    @property
    def sound(self) -> str:
        return {"done": "yes", "ask": "ask", "refuse": "no", "undone": "undo", "noted": "ask"}.get(
            self.kind, ""
        )

    def with_note(self, text: str) -> "Shown":
        """The same with one more thing to say; what would say nothing else becomes a note."""
        note = {"kind": "noted", "text": text}
        if not self.kind:
            return Shown(kind="noted", seal="noted", heading=text)
        return replace(self, reasons=(*self.reasons, note))


def reasons(decision: Decision) -> tuple[dict[str, str], ...]:
    """Every reason with its seal."""
    return tuple({"kind": KINDS[reason.weight], "text": words(reason)} for reason in decision.reasons)


def show(result: ScanResult, *, operation: str = "") -> Shown:
    """A scan's result in words; lists to choose from are added by who knows their labels."""
    shown = replace(_volume(result), code=result.code, reasons=reasons(result.decision))
    match result.outcome:
        case Outcome.READER:
            return Shown()
        case Outcome.LENT | Outcome.RETURNED | Outcome.TWICE:
            return _done(shown, result, operation)
        case Outcome.ASKED | Outcome.WHOSE | Outcome.WHICH_READER | Outcome.WHICH_TITLE:
            return _asked(shown, result)
    return _refused(shown, result)


def _done(shown: Shown, result: ScanResult, operation: str) -> Shown:
    loan = result.loan
    if result.outcome is Outcome.TWICE and loan is not None:
        twice = _("Scanned twice at once: it counts once. To do the opposite, scan it again now.")
        before = _returned(shown, result, "") if loan.in_at else _lent(shown, loan)
        return before.with_note(twice)
    if result.outcome is Outcome.LENT and loan is not None:
        return _lent(shown, loan)
    return _returned(shown, result, operation)


def _asked(shown: Shown, result: ScanResult) -> Shown:
    headings = {
        Outcome.ASKED: _("Lend “%(title)s” all the same?") % {"title": shown.title},
        Outcome.WHOSE: _("Whose “%(title)s” is this?") % {"title": shown.title},
        Outcome.WHICH_READER: _("Which reader?"),
        Outcome.WHICH_TITLE: pgettext("desk", "Which title?"),
    }
    asked = replace(shown, kind="ask", heading=headings[result.outcome])
    if result.outcome is not Outcome.ASKED:
        return asked
    confirm = " ".join(reason.code for reason in result.decision.asks)
    return replace(asked, confirm=confirm, confirm_url=reverse("desk:scan"), is_lending=True)


def _refused(shown: Shown, result: ScanResult) -> Shown:
    if result.record is None:
        heading = pgettext("scan", "Not found: %(title)s") % {"title": result.code}
        heading = heading if result.card is None else _("This card is not valid.")
        return replace(shown, kind="refuse", heading=heading)
    heading = _("Not lent: “%(title)s”") if result.patron else _("Not taken back: “%(title)s”")
    return replace(
        shown,
        kind="refuse",
        heading=heading % {"title": shown.title},
        hold_url=_hold_url(result),
        may_read_here=any(reason.code == "in_room_only" for reason in result.decision.reasons),
        is_lending=result.patron is not None,
    )


def _hold_url(result: ScanResult) -> str:
    """Where the reader who stands there may wait for the title, when that is what is left to do."""
    if result.patron is None or result.record is None:
        return ""
    if not any(reason.code == "no_copy_in" for reason in result.decision.reasons):
        return ""
    asked = {"patron": result.patron.pk, "record": result.record.pk, "from": "desk"}
    return f"{reverse('desk:holds_place')}?{urlencode(asked)}"


def _lent(shown: Shown, loan: "Loan") -> Shown:
    name = loan.patron.name if loan.patron else ""
    due = short_day(loan.due_on)
    return replace(
        shown,
        kind="done",
        seal="out",
        heading=_("Lent: “%(title)s” to %(name)s, due %(on)s")
        % {"title": shown.title, "name": name, "on": due},
        name=name,
        class_label=loan.class_label,
        due=due,
        undo=str(loan.out_operation_id),
    )


def _returned(shown: Shown, result: ScanResult, operation: str) -> Shown:
    loan = result.loan
    name = result.patron.name if result.patron else ""
    template = _("Returned: “%(title)s” from %(name)s") if name else _("Taken in: “%(title)s”")
    found = any(reason.code in ("found_again", "keep_for") for reason in result.decision.reasons)
    keep = next((words(reason) for reason in result.decision.reasons if reason.code == "keep_for"), "")
    return replace(
        shown,
        keep=keep,
        place=_("Pick-up shelf") if keep else shown.place,
        reasons=reasons(Decision(tuple(r for r in result.decision.reasons if r.code != "keep_for"))),
        kind="done" if loan else "noted",
        seal="in" if loan else "noted",
        heading=template % {"title": shown.title, "name": name},
        name=name,
        class_label=loan.class_label if loan else "",
        undo=str(loan.in_operation_id or "") if loan else operation if found else "",
    )


def renewed(loan: "Loan", operation: str) -> Shown:
    """A renewal in words."""
    due, name = short_day(loan.due_on), loan.patron.name if loan.patron else ""
    heading = _("Renewed: “%(title)s”, due %(on)s") % {"title": loan.record.title, "on": due}
    return replace(
        _loan(loan), kind="done", seal="renewed", heading=heading, name=name, due=due, undo=operation
    )


def not_renewed(loan: "Loan", decision: Decision) -> Shown:
    """A renewal that was refused, or that a librarian may still allow."""
    shown = replace(_loan(loan), reasons=reasons(decision))
    if decision.refused:
        return replace(shown, kind="refuse", heading=_("Not renewed: “%(title)s”") % {"title": shown.title})
    return replace(
        shown,
        kind="ask",
        heading=_("Renew “%(title)s” all the same?") % {"title": shown.title},
        confirm=" ".join(reason.code for reason in decision.asks),
        confirm_url=reverse("desk:renew", args=[loan.pk]),
    )


def title(record: "BibliographicRecord", n: int, place: str) -> Shown:
    """A title with how many of its copies are in, and the place to look first."""
    heading = pgettext("title of a book", "“%(title)s”") % {"title": record.title} + " " + copies_in(n)
    url = reverse("opac:staff_record", args=[record.pk])
    return Shown(kind="noted", seal="noted", heading=heading, title=record.title, place=place, url=url)


def copies_in(n: int) -> str:
    return ngettext("%(n)s copy is in", "%(n)s copies are in", n) % {"n": n} if n else _("none is in")


def undone(title: str, decision: Decision | None = None) -> Shown:
    """An undo in words; with the reasons when it was refused."""
    if decision is not None:
        heading = _("Not undone: “%(title)s”") if title else _("Not undone.")
        return Shown(kind="refuse", heading=heading % {"title": title}, reasons=reasons(decision))
    return Shown(kind="undone", seal="noted", heading=_("Undone: “%(title)s”") % {"title": title})


def _loan(loan: "Loan") -> Shown:
    return Shown(title=loan.record.title, clc=loan.record.clc, class_label=loan.class_label)


def _volume(result: ScanResult) -> Shown:
    if result.record is None:
        return Shown(title=result.code)
    item = result.item
    return Shown(
        title=result.record.title,
        clc=result.record.clc,
        call_number=item.holding.call_number if item else "",
        place=(item.current or item.home).name if item else "",
    )


def numbered(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """The same lines, counted through from 1 unless they all have numbers of their own, each its own."""
    lines = list(choices)
    own = [line.number for line in lines]
    if all(own) and len(set(own)) == len(own):
        return tuple(lines)
    return tuple(replace(line, number=place) for place, line in enumerate(lines, 1))


def decision_of(kept: Iterable[tuple[str, int, dict[str, str]]]) -> Decision:
    """Reasons as they were kept between two requests: their params are text by now, days in ISO form."""
    return Decision(tuple(Reason(code, Weight(weight), _read(params)) for code, weight, params in kept))


def _read(params: dict[str, str]) -> dict[str, object]:
    return {name: _day_or_text(text) for name, text in params.items()}


def _day_or_text(text: str) -> object:
    if ISO_INSTANT.fullmatch(text):
        return datetime.fromisoformat(text)
    return date.fromisoformat(text) if ISO_DAY.fullmatch(text) else text
