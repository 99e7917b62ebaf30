"""The words of weeding: why a volume is proposed, what is refused, what became of a list."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shuxiang.common.decisions import Reason
from shuxiang.holdings import messages as holdings
from shuxiang.weeding.models import WeedingList

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

REASONS = {
    "worn": pgettext_lazy("reason", "worn out"),
    "outdated": pgettext_lazy("reason", "weeded"),
    "lost": pgettext_lazy("reason", "lost"),
    "lost-paid": pgettext_lazy("reason", "lost and paid for"),
    "transferred": pgettext_lazy("reason", "handed over to others"),
    "review": pgettext_lazy("reason", "taken down after review"),
    "stocktake": pgettext_lazy("reason", "not found in a stocktake"),
    "reversal": pgettext_lazy("reason", "reversal"),
}
DISPOSITIONS = {
    "scrap": pgettext_lazy("disposition", "scrapped"),
    "allocate": pgettext_lazy("disposition", "given to another school"),
    "exchange": pgettext_lazy("disposition", "exchanged"),
    "sale": pgettext_lazy("disposition", "sold at a discount"),
    "store": pgettext_lazy("disposition", "packed and stored apart"),
}
CONDITIONS = {
    "worn": pgettext_lazy("condition", "worn"),
    "damaged": pgettext_lazy("condition", "damaged"),
    "stained": pgettext_lazy("condition", "stained"),
    "incomplete": pgettext_lazy("condition", "pages missing"),
    "outdated": pgettext_lazy("condition", "content out of date"),
}
GROUNDS = {
    "illegal": pgettext_lazy("ground", "illegal publication"),
    "unsuitable": pgettext_lazy("ground", "unsuitable for pupils"),
    "worthless": pgettext_lazy("ground", "shabby and not worth keeping"),
}
CERTAINTIES = {
    "sure": pgettext_lazy("certainty", "certain"),
    "likely": pgettext_lazy("certainty", "likely"),
    "possible": pgettext_lazy("certainty", "to be checked"),
}
MATCHED_BY = {
    "isbn": _("same ISBN, same title"),
    "isbn_only": _("same ISBN, another title"),
    "title_author": _("same title and author"),
    "title": _("same title only"),
}
MATCH_STATES = {
    "open": pgettext_lazy("match", "not decided"),
    "aside": pgettext_lazy("match", "set aside"),
    "passed": pgettext_lazy("match", "passed"),
    "other": pgettext_lazy("match", "another book"),
    "listed": pgettext_lazy("match", "on a list for withdrawal"),
}
LIST_STATES = {
    "proposing": pgettext_lazy("weeding list", "being proposed"),
    "draft": pgettext_lazy("weeding list", "to be weighed"),
    "approved": pgettext_lazy("weeding list", "approved"),
    "striking": pgettext_lazy("weeding list", "being struck off"),
    "struck": pgettext_lazy("weeding list", "struck off"),
    "undoing": pgettext_lazy("weeding list", "being taken back"),
    "undone": pgettext_lazy("weeding list", "taken back"),
}
LINE_STATES = {
    "in": pgettext_lazy("volume of a list", "on the list"),
    "kept": pgettext_lazy("volume of a list", "kept"),
    "out": pgettext_lazy("volume of a list", "left out"),
    "struck": pgettext_lazy("volume of a list", "struck off"),
    "left": pgettext_lazy("volume of a list", "could not be struck off"),
    "back": pgettext_lazy("volume of a list", "back on the books"),
}
WHY = {
    "never_lent": _("never lent as far as is known, in the library for %(years)s years or more"),
    "not_lent_since": _("last lent on %(on)s"),
    "published": _("published in %(year)s, %(years)s years ago"),
    "surplus": _("copy %(copy)s of %(copies)s, more than %(most)s"),
    "condition": _("noted as %(condition)s"),
    "pulled": _("pulled from the shelf: %(condition)s"),
    "review": _("under review: %(ground)s (%(list)s)"),
}
_ALL: dict[str, "StrPromise"] = {
    "no_rule": _("Choose at least one rule."),
    "rule_asks_nothing": _(
        "Rule “%(rule)s” asks nothing, so it would propose every volume: give a condition."
    ),
    "rule_without_name": _("Give the rule a name."),
    "rule_name_taken": _("There is a rule “%(rule)s” already: choose another name."),
    "list_not_draft": _("List %(number)s has been approved: it is not changed any more."),
    "list_not_approved": _("List %(number)s is not approved, so nothing is struck off."),
    "list_not_struck": _("Nothing of list %(number)s was struck off, so there is nothing to take back."),
    "list_empty": _("There is no volume on the list."),
    "keep_needs_reason": _("Write down why the volumes are kept."),
    "keep_until_past": _(
        "%(on)s is over: choose a later day, or leave it empty to keep the volumes for good."
    ),
    "approver_missing": _("Write down who approved the list."),
    "approved_later": _("%(on)s is still to come: enter the day on which the list was approved."),
    "disposition_missing": _("Say what becomes of the volumes."),
    "ground_missing": _("Say why the titles are set aside."),
    "no_title_chosen": _("No title was chosen for which this can be done."),
    "review_too_long": _("The list has more than %(most)s rows: split it into several files."),
    "review_without_columns": _(
        "No column of the table holds titles or ISBN. Write the column titles in one row, such as ISBN, 书名, 作者, 出版社."
    ),
    "review_empty": _("No row of the table names a title or an ISBN."),
    "no_loans_known": _("No loan is known yet: “never lent” says little here."),
    "loans_known_since": _(
        "Loans are known from %(on)s on only, which is less than the rule asks about: look at the shelf marks too."
    ),
    "too_many": _("More volumes are meant: the list ends at %(most)s. Propose again when it is done."),
}


def _filled(params: Mapping[str, Any]) -> dict[str, object]:
    words: dict[str, object] = dict(params)
    for name, table in (("condition", CONDITIONS), ("ground", GROUNDS)):
        if name in words:
            words[name] = table.get(str(words[name]), words[name])
    return words


def speak(code: str, params: Mapping[str, Any]) -> str:
    """A code of this room, or one of the stack room, in words."""
    words = WHY.get(code) or _ALL.get(code)
    return str(words % _filled(params)) if words else holdings.speak(code, dict(params))


def say(reason: Reason) -> str:
    """A refusal in words."""
    return speak(reason.code, reason.params)


def why_said(why: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    """Why a volume is on a list, all in one line."""
    return gettext("; ").join(speak(code, params) for code, params in why)


def last_line(weeding_list: WeedingList, counts: Mapping[str, int]) -> str:
    """The line that reconciles: proposed = on the list + kept + left out, on the list = struck off + left."""
    total = sum(counts.values())
    gone = counts["struck"] + counts["back"]
    on_list = counts["in"] + gone + counts["left"]
    line = gettext("proposed %(total)s = on the list %(on_list)s + kept %(kept)s + left out %(out)s") % {
        "total": total,
        "on_list": on_list,
        "kept": counts["kept"],
        "out": counts["out"],
    }
    if weeding_list.state in (WeedingList.State.STRUCK, WeedingList.State.UNDONE):
        line += gettext("; ") + gettext(
            "on the list %(on_list)s = struck off %(gone)s + not struck off %(left)s"
        ) % {
            "on_list": on_list,
            "gone": gone,
            "left": counts["left"] + counts["in"],
        }
    return line
