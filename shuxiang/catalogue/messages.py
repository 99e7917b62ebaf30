"""Words for the codes of this room."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shuxiang import marc
from shuxiang.common.decisions import Reason

SENTENCES = {
    "not_indexed": _("Record %(record)s cannot be found: it is missing from the search index."),
    "indexed_without_record": _("The search index still holds record %(record)s, which is gone."),
    "indexed_with_other_words": _("The search index holds other words than record %(record)s has now."),
}
WARNINGS = {
    "title_missing": _("The title is missing."),
    "cut": _("“%(column)s” was too long and was cut; the original keeps the rest."),
    "out_of_range": _("“%(column)s” is not a possible number and was left out."),
}

REFUSALS = {
    "changed_meanwhile": _(
        "Somebody else saved “%(title)s” while you had it open. What you typed still stands here; open the record in another"
        " tab, compare, and save again."
    ),
    "cannot_part": _(
        "The merge of “%(title)s” cannot be taken back: it was already, or the record that stayed is gone."
    ),
    "merge_into_own_part": _("“%(title)s” is a part of the other record: take it out of the set first."),
    "not_the_latest_edit": _("“%(title)s” was changed again since: take the later change back first."),
    "nothing_to_undo": _("There is nothing to take back."),
}


def say(reason: Reason) -> str:
    """A refusal in words; what MARC has no place for is said in its own."""
    if reason.code in REFUSALS:
        return str(REFUSALS[reason.code] % reason.params)
    if reason.code in marc.MESSAGES:
        return gettext(marc.MESSAGES[reason.code]).format(**reason.params)
    return reason.code


def speak(code: str, params: dict[str, object]) -> str:
    """A difference in words."""
    return str(SENTENCES[code] % params) if code in SENTENCES else f"{code} {params}"


def warn(code: str) -> str | None:
    """A warning code of a record in words; None for codes of the parsers (ISBN, price, class number) below."""
    name, _colon, column = code.partition(":")
    return str(WARNINGS[name] % {"column": column}) if name in WARNINGS else None
