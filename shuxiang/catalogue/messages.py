"""Words for the codes of this room."""

from django.utils.translation import gettext_lazy as _

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


def speak(code: str, params: dict[str, object]) -> str:
    """A difference in words."""
    return str(SENTENCES[code] % params) if code in SENTENCES else f"{code} {params}"


def warn(code: str) -> str | None:
    """A warning code of a record in words; None for codes of the parsers (ISBN, price, class number) below."""
    name, _colon, column = code.partition(":")
    return str(WARNINGS[name] % {"column": column}) if name in WARNINGS else None
