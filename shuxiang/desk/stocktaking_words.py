"""What a scan in a stocktake says: the seal, the tone, the words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shuxiang.accounts.selectors import name_of
from shuxiang.common.clock import to_local
from shuxiang.holdings.messages import ACCOUNTS
from shuxiang.stocktaking.messages import HEAP_SAYS, REASONS, VERDICTS

if TYPE_CHECKING:
    from shuxiang.stocktaking.models import Scan
    from shuxiang.stocktaking.services import Answer

_FINE = ("counted", "again")
_PLAIN = ("review", "not_counted_here")  # where another place to carry it to would mislead


@dataclass(frozen=True, slots=True)
class Said:
    """One scan as the page shows it; `may_undo` while its stocktake is counting."""

    pk: int
    seal: str
    sound: str
    title: str
    code: str
    call_number: str
    sentence: str
    at: object
    may_undo: bool = False


def said(answer: Answer, *, may_undo: bool = False) -> Said:
    """A scan that has just been made, in full."""
    scan, found = answer.scan, answer.found
    sentence = _sentence(answer)
    seal, sound = _seal(scan, found.heap if found else "")
    title = found.title if found else scan.detail if scan.verdict in ("labelled", "no-more") else ""
    return Said(
        scan.pk,
        seal,
        sound,
        title or scan.code or _("A reader's card"),
        scan.code,
        found.call_number if found else "",
        sentence,
        scan.at,
        may_undo and not scan.is_late,
    )


def _seal(scan: Scan, heap: str) -> tuple[str, str]:
    if scan.is_late:
        return "ask", "ask"
    if scan.verdict == "again":
        return "noted", "undo"
    if scan.verdict != "counted":
        return "refuse", "no"
    return ("done", "yes") if heap in ("present", "", "away") else ("ask", "ask")


def _sentence(answer: Answer) -> str:
    scan, found = answer.scan, answer.found
    words = [str(VERDICTS[scan.verdict]) % {"detail": scan.detail}]
    if scan.verdict == "again" and answer.before is not None:
        place = {"time": f"{to_local(answer.before.at):%H:%M}", "name": answer.before.stream.name}
        words = [_("Counted already at %(time)s by %(name)s; this scan changes nothing.") % place]
    if found is not None and scan.verdict in _FINE and found.heap in HEAP_SAYS:
        account = ACCOUNTS.get(found.account, found.account)
        more = str(HEAP_SAYS[found.heap]) % {"place": found.place, "account": account}
        words = [str(REASONS[found.reason]) if found.reason in _PLAIN else more]
    if scan.is_late:
        by = {"name": scan.stocktake.name, "who": name_of(scan.stocktake.closed_by)}
        words.insert(
            0,
            _(
                "“%(name)s” was closed by %(who)s meanwhile. The scan is kept, and counts when counting goes on."
            )
            % by,
        )
    return " ".join(words)
