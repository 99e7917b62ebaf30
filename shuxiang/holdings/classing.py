"""A class suggested for a title from the titles held that are like it: which, and in what; never applied by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from shuxiang.catalogue.clc import name_of
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.common.text import Field, is_empty, parse_query, people_of, subjects_of
from shuxiang.holdings.models import Holding
from shuxiang.holdings.searching import Scope, by_words
from shuxiang.libraries.models import Library

SAME_TITLE, SERIES, AUTHOR, SUBJECT, TITLE_WORD = 5, 4, 3, 3, 2  # what a likeness weighs
WEIGHTS = {
    "same_title": SAME_TITLE,
    "series": SERIES,
    "author": AUTHOR,
    "subject": SUBJECT,
    "title": TITLE_WORD,
}
LOOKED_AT = 200  # titles of one likeness
MOST, TITLES_NAMED = 3, 5
_PIECES = re.compile(r"[\W_]+")
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class LikeTitle:
    """A title that is held: its record, its call number, and in what it is like the one to be classed."""

    record_id: int
    title: str
    call_number: str
    like: frozenset[str]  # of WEIGHTS


@dataclass(frozen=True, slots=True)
class ClassSuggestion:
    """A class with its caption in the outline, how many titles like this one have it, and the nearest of them."""

    clc: str
    name: str
    count: int
    titles: tuple[LikeTitle, ...]


@dataclass(slots=True)
class _Likeness:
    in_what: set[str] = field(default_factory=set)

    @property
    def weight(self) -> int:
        return sum(WEIGHTS[one] for one in self.in_what)


def suggest_classes(
    library: Library,
    *,
    title: str,
    authors: str = "",
    series: str = "",
    subjects: str = "",
    but: BibliographicRecord | None = None,
) -> tuple[ClassSuggestion, ...]:
    """The classes of the titles of this library that are most like the one described, the likeliest first, three at most.

    Like in title, series, author or subject; `but` is the record itself, when it is there already. Nothing is
    suggested where nothing like it is held.
    """
    like: dict[int, _Likeness] = {}
    for what, key in _alike(library, title, authors, series, subjects):
        like.setdefault(key, _Likeness()).in_what.add(what)
    if but is not None:
        like.pop(but.pk, None)
    by_class: dict[str, dict[int, LikeTitle]] = {}
    weights: dict[str, int] = {}
    for record, clc, call_number, name in _held(library, list(like)):
        titles = by_class.setdefault(clc, {})
        if record not in titles:
            titles[record] = LikeTitle(record, name, call_number, frozenset(like[record].in_what))
            weights[clc] = weights.get(clc, 0) + like[record].weight
    nearest = sorted(by_class, key=lambda clc: (-weights[clc], clc))[:MOST]
    return tuple(_suggestion(clc, by_class[clc]) for clc in nearest)


def _suggestion(clc: str, titles: dict[int, LikeTitle]) -> ClassSuggestion:
    nearest = sorted(
        titles.values(), key=lambda one: (-sum(WEIGHTS[what] for what in one.like), one.record_id)
    )
    return ClassSuggestion(clc, name_of(clc), len(titles), tuple(nearest[:TITLES_NAMED]))


def _alike(
    library: Library, title: str, authors: str, series: str, subjects: str
) -> Iterator[tuple[str, int]]:
    scope = Scope(library.pk, LOOKED_AT)
    asked = [
        *(("series", "series", text) for text in [series.strip()] if text),
        *(("author", "author", name) for name in people_of(authors)[:2]),
        *(("subject", "subject", word) for word in subjects_of(subjects)[:3]),
    ]
    for what, column, text in asked:
        yield from ((what, key) for key in _found(scope, column, text))
    for piece in [part for part in _PIECES.split(title) if len(part) > 1][:3]:
        whole = _found(scope, "title", piece)
        yield from (("same_title", key) for key in whole if len(piece) > 2)
        yield from (("title", key) for part in _parts(piece) for key in _found(scope, "title", part))


def _parts(piece: str) -> list[str]:
    """Its beginning and its end: 安徒生童话 is like other titles of 安徒生, and like other 童话."""
    longest = 4 if len(piece) > 5 else 3
    return list(
        dict.fromkeys(part for part in (piece[:longest], piece[:2], piece[-2:]) if len(part) < len(piece))
    )


def _found(scope: Scope, column: str, text: str) -> list[int]:
    ast = parse_query('"' + text.replace('"', " ") + '"')
    return [] if is_empty(ast) else list(by_words(scope, Field(column, ast)))


def _held(library: Library, keys: list[int]) -> Iterator[tuple[int, str, str, str]]:
    for start in range(0, len(keys), _CHUNK):
        rows = Holding.objects.filter(library=library, record__in=keys[start : start + _CHUNK]).exclude(
            clc=""
        )
        yield from rows.order_by("record_id", "pk").values_list(
            "record_id", "clc", "call_number", "record__title"
        )
