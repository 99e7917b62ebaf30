"""What readers still owe, asked of every room that knows: a hook, registered downwards.

Whoever turns a school year or clears a leaver asks here and knows none of the rooms that answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from shuxiang.libraries.models import Library

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that a reader owes: what (a title, a receipt), since which day, how much in fen where it is money."""

    patron_id: int
    kind: str  # of the source that told it
    what: str
    since: date | None = None
    due_on: date | None = None
    fen: int | None = None


Answer = Callable[[Library, Collection[int]], list[Due]]


@dataclass(frozen=True, slots=True)
class Source:
    """A room that knows what readers owe. `words` name the kind: volumes out, compensation not paid.

    `binds`: who owes this is not cleared before it is settled; otherwise it is only told (a title put by).
    """

    kind: str
    words: StrPromise
    ask: Answer
    binds: bool = True


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """A room above tells what readers owe it; the same kind again takes the place of the one before."""
    _sources[source.kind] = source


def words_of(kind: str) -> StrPromise | str:
    """The name of a kind of debt."""
    found = _sources.get(kind)
    return found.words if found else kind


def binds(due: Due) -> bool:
    """Whether it keeps its reader from being cleared."""
    found = _sources.get(due.kind)
    return found.binds if found else True


def owed(library: Library, patrons: Collection[int]) -> dict[int, list[Due]]:
    """What these readers of a library owe, by reader key, in the order of the sources; who owes nothing is left out."""
    found: dict[int, list[Due]] = defaultdict(list)
    wanted = set(patrons)
    for source in _sources.values() if wanted else ():
        for due in source.ask(library, wanted):
            found[due.patron_id].append(due)
    return dict(found)
