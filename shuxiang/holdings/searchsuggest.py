"""Words to go on with while a line is being typed: titles, people and subjects that begin so."""
# ruff: noqa: S608  only names of our own are written into statements; every value is a parameter

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from shuxiang.common.text import Field, Prefix, parse_query, title_key
from shuxiang.common.typed import is_mixed
from shuxiang.holdings import searching as sql
from shuxiang.holdings.searchtyped import by_mixture, by_other_readings
from shuxiang.libraries.models import Library

TITLES = 40  # looked at, to show what is lent most
NAMES = 6  # looked at of each kind
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A line to search for, and what it is: title, author or subject. It finds something in the library."""

    text: str
    kind: str
    record_id: int | None = None  # of a title: where it leads


def suggest(text: str, library: Library, limit: int = 8) -> tuple[Suggestion, ...]:
    """Titles, authors and subjects that begin with what is typed so far: characters, pinyin, initials or a mixture.

    What is lent most comes first; at least two places are kept for names that begin so.
    """
    typed = title_key(text.replace("\x00", "").encode(errors="replace").decode())[:LONGEST]
    if not typed:
        return ()
    names = _names(typed, library.pk)
    titles = titles_of(_titles(typed, library.pk), library.pk)
    kept = titles[: max(limit - min(len(names), max(limit // 3, 1)), 1)]
    return (*kept, *names[: limit - len(kept)])


def _titles(typed: str, library_id: int) -> list[int]:
    scope = sql.Scope(library_id, TITLES)
    if is_mixed(typed):
        return list(by_mixture(scope, typed))
    if not typed.isascii():
        return list(sql.by_title(scope, typed))
    marks = sql.by_title(scope, typed) | sql.by_spelling(scope, typed)
    if len(typed) > 1:
        marks |= sql.by_words(scope, Field("letters", Prefix(typed)))
    return list(marks | by_other_readings(scope, typed))


def titles_of(ids: Iterable[int], library_id: int) -> list[Suggestion]:
    """Titles by key as suggestions: each title once, what is lent most first, then the shorter."""
    keys = list(ids)
    if not keys:
        return []
    marks = ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.id, r.title, r.title_key, h.times_lent FROM catalogue_bibliographicrecord r"
            f" CROSS JOIN holdings_holding h WHERE r.id IN ({marks}) AND h.record_id = r.id AND h.library_id = %s"
            " AND NOT h.facets = ''",
            [*keys, library_id],
        )
        rows = sorted(cursor.fetchall(), key=lambda row: (-row[3], len(row[2]), row[2], row[0]))
    first: dict[str, Suggestion] = {}
    for key, title, title_key_, _lent in rows:
        first.setdefault(title_key_, Suggestion(title, "title", key))
    return list(first.values())


def _names(typed: str, library_id: int) -> list[Suggestion]:
    """People and subjects that begin so, those of most records first, if the library has a record with them."""
    columns = ("pinyin", "initials") if typed.isascii() else ("key",)
    if is_mixed(typed):
        return []
    found: dict[tuple[str, str], int] = {}
    for column in columns:
        condition, params = sql.starts_with(f"n.{column}", typed)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT n.id FROM catalogue_name n WHERE {condition} ORDER BY n.uses DESC, n.{column}, n.id LIMIT {NAMES}",
                params,
            )
            keys = [row[0] for row in cursor.fetchall()]
            if not keys:
                continue
            marks = ", ".join(["%s"] * len(keys))
            cursor.execute(f"SELECT kind, text, uses FROM catalogue_name WHERE id IN ({marks})", keys)
            found |= {(kind, text): uses for kind, text, uses in cursor.fetchall()}
    ordered = sorted(found, key=lambda name: (-found[name], name))
    return [Suggestion(text, kind) for kind, text in ordered if names_something(kind, text, library_id)]


def names_something(kind: str, text: str, library_id: int) -> bool:
    """Whether the library holds a record by this person or on this subject."""
    return bool(sql.by_words(sql.Scope(library_id, 1), Field(kind, parse_query(f'"{text}"'))))
