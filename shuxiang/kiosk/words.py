"""What the machine says, in words of a child: what happened, and what to do. It names nobody."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shuxiang.ui.numbers import short_day

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ASK_TEACHER = gettext_lazy("Please ask the teacher.")
# of the reasons of circulation and of readers, those that can stand in the way here; others lead to the teacher unexplained
WHY: dict[str, "StrPromise"] = {
    "reader_left": gettext_lazy("This card is no longer in use. Please ask the teacher."),
    "card_lost": gettext_lazy("This card was reported lost. Please give it to the teacher."),
    "card_replaced": gettext_lazy("This is your old card. Please take the new one."),
    "card_left": gettext_lazy("This card is no longer in use. Please ask the teacher."),
    "card_undone": gettext_lazy("This card is no longer in use. Please ask the teacher."),
    "reader_blocked": gettext_lazy("You cannot borrow just now. Please ask the teacher."),
    "loan_limit_reached": gettext_lazy("You have as many books as you may have. Bring one back first."),
    "has_overdue": gettext_lazy("One of your books should be back already. Bring it back first."),
    "item_not_posted": gettext_lazy("This book is not ready yet. Please give it to the teacher."),
    "item_withdrawn": gettext_lazy("This book is not lent any more. Please give it to the teacher."),
    "item_elsewhere": gettext_lazy("This book belongs somewhere else. Please ask the teacher."),
    "already_lent_to_reader": gettext_lazy("You have this book already."),
    "lent_to_other": gettext_lazy(
        "By the books somebody else still has it. If you found it, give it back; if you want it, ask the teacher."
    ),
    "kept_for_other": gettext_lazy("Somebody else waits for this book. Please give it to the teacher."),
    "others_wait": gettext_lazy("Others wait for this book. Please give it back."),
    "loan_recalled": gettext_lazy("This book was called in. Please bring it back."),
    "hold_ended": gettext_lazy("You do not wait for it any more."),
    "not_lendable": gettext_lazy("This book stays in the library."),
    "in_room_only": gettext_lazy("This book is read here in the library."),
    "held_for_review": gettext_lazy("This book is not lent just now. Please give it to the teacher."),
    "earlier_than_last_movement": gettext_lazy(
        "The clock of this computer is wrong. Please ask the teacher."
    ),
    "taken_meanwhile": gettext_lazy("Please scan it once more."),
    "no_copy_in": gettext_lazy("By the books no copy is in. Please ask the teacher."),
    "loan_closed": gettext_lazy("This book is back already."),
    "renewal_gains_nothing": gettext_lazy("You may keep it as long already. Try again later."),
    "renewals_used_up": gettext_lazy("You have had it longer once. Bring it back now."),
    "loan_overdue": gettext_lazy("It should be back already. Bring it back first."),
    "kiosk_takes_nothing": gettext_lazy("Books are given back at the desk."),
    "kiosk_lends_nothing": gettext_lazy("Books are borrowed at the desk."),
    "kiosk_renews_nothing": gettext_lazy("Ask at the desk if you want to keep it longer."),
    "pictures_bad": gettext_lazy("Press four pictures."),
    "pictures_wrong": gettext_lazy("These are not your pictures. Try once more."),
    "pictures_wait": gettext_lazy("Too many tries. Wait a little, or ask the teacher."),
    "pictures_none": gettext_lazy("You have no picture code yet. Please ask the teacher for one."),
}
# worth saying although it was done
WORTH: dict[str, "StrPromise"] = {
    "found_again": gettext_lazy("It was missing, and you found it. Thank you!"),
    "item_was_missing": gettext_lazy("It was missing, and you found it. Thank you!"),
    "withdrawn_came_back": gettext_lazy("Please give this book to the teacher."),
    "item_not_posted": gettext_lazy("Please give this book to the teacher."),
    "held_for_review": gettext_lazy("Please give this book to the teacher."),
    "keep_for": gettext_lazy("Somebody waits for this book. Please give it to the teacher."),
    "has_recalled": gettext_lazy("One of your books was called in. Please bring it back."),
    "suspended": gettext_lazy("It was late, so you cannot borrow for some days."),
    "due_at_recall": gettext_lazy("All books come back that day."),
    "library_closed_today": gettext_lazy("The library is closed today."),
}


@dataclass(frozen=True)
class Said:
    """The sentence of the last act: a seal, what happened, why and what to do."""

    kind: str  # done | noted | refuse
    heading: str
    lines: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    title: str = ""
    code: str = ""  # may be given back alone
    did: str = ""  # what was tried, for the machine's own record of the turn

    @property
    def sound(self) -> str:
        return "yes" if self.kind == "done" else "no"


def said(kept: dict[str, Any], today: date) -> Said | None:
    """The last act of a turn in words."""
    return replace(_said(kept, today), did=str(kept.get("did"))) if kept else None


def _said(kept: dict[str, Any], today: date) -> Said:
    did, codes, title = str(kept.get("did")), tuple(kept.get("codes", ())), str(kept.get("title", ""))
    worth = tuple(dict.fromkeys(str(WORTH[code]) for code in codes if code in WORTH))
    if did in ("lent", "renewed"):
        heading = _("Borrowed!") if did == "lent" else _("You may keep it longer.")
        due = until(date.fromisoformat(kept["due"]), today)
        return Said("done", heading, (due, *worth), codes, title)
    if did == "returned" and "was_not_lent" in codes:  # somebody may want to borrow it, whose turn was over
        line = _("Do you want to borrow it? Then show your card first. Else put it with the returned books.")
        return Said("noted", _("By the books nobody has this book."), (line, *worth), codes, title)
    if did == "returned":
        days = int(kept.get("days") or 0)
        late = ngettext(
            "It was %(days)s day late. A little earlier next time!",
            "It was %(days)s days late. A little earlier next time!",
            days,
        ) % {"days": days}
        return Said("done", _("Given back. Thank you!"), ((late,) if days else ()) + worth, codes, title)
    if did == "hold_given_up":
        return Said("done", _("You do not wait for it any more."), (), codes, title)
    if did == "twice":
        return Said("noted", _("That was done already."), (), codes, title)
    return _not_done(did, codes, title, str(kept.get("code", "")))


def _not_done(did: str, codes: tuple[str, ...], title: str, code: str) -> Said:
    if did == "whose":
        line = _("Show your card first, then scan the book. Or give it to the teacher.")
        return Said("refuse", _("Several children have this book."), (line,), codes, title)
    if did == "unknown":
        line = _("Scan it once more, or ask the teacher.")
        return Said("refuse", _("I do not know this code."), (line,), codes, title)
    if did == "photo":
        line = _("Go closer, hold still, and take it again.")
        return Said("refuse", _("I cannot read the picture."), (line,), codes, title)
    lines = tuple(
        dict.fromkeys(str(WHY.get(one, ASK_TEACHER)) for one in codes if one not in WORTH or one in WHY)
    )
    heading = {
        "not_renewed": _("It cannot be kept longer."),
        "pictures": _("Not yet."),
        "hold": _("That did not work."),
    }.get(did, _("Not borrowed."))
    if not title and did == "refused":
        heading = _("That did not work.")
    return Said("refuse", heading, lines, codes, title, code if "lent_to_other" in codes else "")


def until(due_on: date, today: date) -> str:
    """When a book comes back, as one tells a child: how many days first, then the day."""
    days, day = (due_on - today).days, short_day(due_on)
    if days < 0:
        return ngettext(
            "%(n)s day late, please bring it back", "%(n)s days late, please bring it back", -days
        ) % {"n": -days}
    if days == 0:
        return _("Bring it back today")
    return ngettext("%(n)s more day, back on %(day)s", "%(n)s more days, back on %(day)s", days) % {
        "n": days,
        "day": day,
    }
