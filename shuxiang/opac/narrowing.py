"""Facets as links: what a page of results can be narrowed to, what it is narrowed to, in which order it stands."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from shuxiang.catalogue import clc
from shuxiang.holdings.search import SORTS, Facet, FacetValue, Filters
from shuxiang.opac import classes, drawn, words
from shuxiang.opac.face import Face
from shuxiang.ui.numbers import grouped

_CLASS = re.compile(r"[A-Za-z][A-Za-z0-9.\-]{0,19}")
_YEARS = re.compile(r"(?P<first>[0-9]{4})?-(?P<last>[0-9]{4})?")
_SORT_WORDS: Mapping[str, Promise] = {
    "relevance": pgettext_lazy("order", "Best match"),
    "title": pgettext_lazy("order", "Pinyin"),
    "call_number": pgettext_lazy("order", "Call number"),
    "newest": pgettext_lazy("order", "Newest edition"),
    "most_lent": pgettext_lazy("order", "Most lent"),
}
# name → title, and how many choices are in sight; the others are folded away
_GROUPS: Mapping[str, tuple[Promise, int]] = {
    "available": (pgettext_lazy("facet", "Can it be borrowed?"), 1),
    "clc": (pgettext_lazy("facet", "Class"), 8),
    "subclass": (pgettext_lazy("facet", "More closely"), 8),
    "audience": (pgettext_lazy("facet", "For whom"), 7),
    "location": (pgettext_lazy("facet", "Where it stands"), 6),
    "year": (pgettext_lazy("facet", "Published"), 6),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: a link that chooses it or, chosen, takes it back."""

    label: str
    count: str
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The choices of one kind: those in sight, and those folded away."""

    key: str
    title: str
    options: list[Option]
    more: list[Option]

    @property
    def in_sight(self) -> SafeString:
        return drawn.choices(self.options)

    @property
    def folded(self) -> SafeString:
        return drawn.choices(self.more)


def filters(sent: Mapping[str, str]) -> Filters:
    """What an address narrows to; what no page links to is left out."""
    number, location = sent.get("clc", ""), sent.get("location", "")
    audience = sent.get("audience", "")
    years = _YEARS.fullmatch(sent.get("year", ""))
    return Filters(
        clc=number.upper() if _CLASS.fullmatch(number) else "",
        audience=audience if len(audience) == 1 and audience.isascii() and audience.isalpha() else "",
        available=sent.get("available") == "1",
        location=int(location) if re.fullmatch("[0-9]{1,9}", location) else None,
        year_from=int(years["first"]) if years and years["first"] else None,
        year_to=int(years["last"]) if years and years["last"] else None,
    )


@dataclass(frozen=True)
class Narrowing:
    """A search with its filters, and the addresses of those beside it."""

    face: Face
    query: str
    sort: str
    filters: Filters

    def _url(self, sort: str = "", **changed: str) -> str:
        """The same search with other filters; from its first page."""
        sort = sort or self.sort
        kept = {"sort": "" if sort == SORTS[0] else sort, **self._sent(), **changed}
        return self.face.find(self.query, **kept)

    def _sent(self) -> dict[str, str]:
        """The filters as they stand in an address."""
        chosen, asked = self.filters.chosen, self.filters
        return {
            "clc": asked.clc,
            "audience": asked.audience,
            "available": "1" if asked.available else "",
            "location": "" if asked.location is None else str(asked.location),
            "year": f"{asked.year_from or ''}-{asked.year_to or ''}" if "year" in chosen else "",
        }

    @property
    def clear(self) -> str:
        """The address of the search without any filter."""
        return self._url(**dict.fromkeys(self._sent(), ""))

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """(address, words, whether it is the present one). Where nothing was asked, what came last is first."""
        said = {name: str(_SORT_WORDS[name]) for name in SORTS}
        if not self.query:
            said[SORTS[0]] = pgettext("order", "Newest here")
        return [(self._url(sort=name), words_, name == self.sort) for name, words_ in said.items()]

    def groups(self, facets: Sequence[Facet], total: int) -> list[Group]:
        """What the hits can be narrowed to. A group whose only choice would leave everything is left out."""
        found = {facet.name: facet for facet in facets}
        shown = []
        for name in _GROUPS:
            values = found[name].values if name in found else ()
            lone = len(values) == 1 and values[0].count == total and name != "available"
            if any(value.is_chosen for value in values) or (values and not lone):
                shown.append(self._group(name, values, is_capped=found[name].is_capped))
        return shown

    def _group(self, name: str, values: Sequence[FacetValue], *, is_capped: bool) -> Group:
        title, most = _GROUPS[name]
        by_count = sorted(values, key=lambda value: (not value.is_chosen, -value.count))
        in_sight = set(values if name == "year" else by_count)
        if len(values) > most + 1:
            in_sight = set(values[:most]) if name == "year" else set(by_count[:most])
            in_sight |= {value for value in values if value.is_chosen}
        options = [(value, self._option(name, value, is_capped=is_capped)) for value in values]
        return Group(
            name,
            str(title),
            [option for value, option in options if value in in_sight],
            [option for value, option in options if value not in in_sight],
        )

    def _option(self, name: str, value: FacetValue, *, is_capped: bool) -> Option:
        parameter = "clc" if name == "subclass" else name
        target = value.value
        if value.is_chosen:  # taken back: of a deeper class one goes up to its main class first
            target = value.value if name == "clc" and len(self.filters.clc) > 1 else ""
        count = grouped(value.count)
        if is_capped:
            count = _("about %(n)s") % {"n": count}
        return Option(_label(name, value), count, self._url(**{parameter: target}), value.is_chosen)

    def chips(self, facets: Sequence[Facet]) -> list[tuple[str, str]]:
        """(words, address without it) of every filter that is set."""
        labels = {facet.name: value.label for facet in facets for value in facet.values if value.is_chosen}
        return [
            (self._chip(name, value, labels.get(name, "")), self._url(**{name: ""}))
            for name, value in self._sent().items()
            if value
        ]

    def _chip(self, name: str, value: str, label: str) -> str:
        if name == "clc":
            return class_label(value)
        return _label(name, FacetValue(value, 0, is_chosen=True, label=label))


def class_label(number: str) -> str:
    """I 文学, I24 小说: the number and its caption, the main classes in the language of the page."""
    caption = classes.name(number) if number in classes.LETTERS else clc.name_of(number)
    return f"{number} {caption}".strip()


def _label(name: str, value: FacetValue) -> str:
    if name in ("clc", "subclass"):
        return class_label(value.value)
    if name == "available":
        return _("On the shelf now")
    if name == "audience":
        return words.audience(value.value) or value.value
    if name == "location":
        return value.label or _("Another place")
    first, _dash, last = value.value.partition("-")
    return f"{first}–{last}"
