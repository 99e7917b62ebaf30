"""Rows of the catalogue, a piece at a time; reckoning keys and words is most of the work, so it is shared out."""

import json
import multiprocessing
import os
import random
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import django

from shuxiang.catalogue import index
from shuxiang.catalogue.rules import keys_of
from shuxiang.catalogue.values import Keys, RecordValues
from shuxiang.simulation.plan import stored
from shuxiang.simulation.words import Facts, drawn, drawn_facts, facts_of, real_titles

PIECE = 2_000
KEYS = tuple(field.name for field in fields(Keys))
FROM_VALUES = (
    "title", "authors", "publisher", "published", "pub_year", "extent", "isbn", "isbn13", "price_text", "price_fen", "clc",
    "clc_main", "subjects", "language", "audience", "is_reference", "is_picture_book", "is_pinyin_annotated",
)  # fmt: skip
COLUMNS = (
    "id", "uuid", *FROM_VALUES, "warnings", *KEYS, "created_by_library_id", "created_at", "modified_at",
)  # fmt: skip
_given, _reckoned = attrgetter(*FROM_VALUES), attrgetter(*KEYS)
AHEAD = 12  # pieces reckoned but not yet written: some 60 MB


@dataclass(frozen=True)
class Shelf:
    """Which titles there are: `count` of them, real ones first (of `path`, then the program's own)."""

    seed: int
    count: int
    path: Path | None
    library_id: int

    def pieces(self) -> range:
        return range(0, self.count, PIECE)

    def facts(self, first: int) -> list[Facts]:
        """Of the titles from `first`, at most PIECE."""
        real = real_titles(self.path)[first : min(first + PIECE, self.count)]
        rng = random.Random(f"{self.seed}:facts:{first}")  # noqa: S311  the same seed, the same library
        return [*map(facts_of, real), *drawn_facts(rng, min(PIECE, self.count - first) - len(real))]


@dataclass(frozen=True)
class Piece:
    """Rows of the catalogue and of its full-text index, as SQLite's index has its columns."""

    records: list[tuple[Any, ...]]
    words: list[tuple[Any, ...]]


def hex_id(at: datetime, kind: int, number: int) -> str:
    """A UUIDv7 that seed and number determine, in order of number for one instant; 32 hex digits."""
    return f"{int(at.timestamp() * 1000):012x}7{kind:03x}b000{number:012x}"


def _searched(values: RecordValues, keys: Keys) -> Any:
    """What the index reads of a record, without the cost of a model's instance."""
    return SimpleNamespace(
        title=values.title,
        subtitle="",
        parallel_title="",
        volume_mark="",
        authors=values.authors,
        subjects=values.subjects,
        publisher=values.publisher,
        series="",
        title_initials=keys.title_initials,
        initials_more=keys.initials_more,
    )


def reckon(shelf: Shelf, first: int, at: datetime) -> Piece:
    """The titles from `first`, catalogued at an instant; runs in any process."""
    rng = random.Random(f"{shelf.seed}:titles:{first}")  # noqa: S311
    real = real_titles(shelf.path)
    text, library = stored(at), shelf.library_id
    records, words = [], []
    for number, facts in enumerate(shelf.facts(first), start=first):
        values = real[number] if number < len(real) else drawn(rng, number, facts)
        keys, key = keys_of(values), number + 1
        warnings = json.dumps(values.warnings)
        records.append(
            (key, hex_id(at, 1, key), *_given(values), warnings, *_reckoned(keys), library, text, text)
        )
        words.append((key, *index.words_of(_searched(values, keys))))
    return Piece(records, words)


def reckoned(shelf: Shelf, instants: dict[int, datetime]) -> Iterator[Future[Piece]]:
    """All pieces in order, a few ahead, on all cores; a small shelf needs no further processes."""
    if shelf.count < 10 * PIECE:
        for first in shelf.pieces():
            done: Future[Piece] = Future()
            done.set_result(reckon(shelf, first, instants[first]))
            yield done
        return
    # the same on every system; a forked process would share our database
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context, initializer=django.setup) as pool:
        waiting: deque[Future[Piece]] = deque()
        for first in shelf.pieces():
            waiting.append(pool.submit(reckon, shelf, first, instants[first]))
            if len(waiting) > AHEAD:
                yield waiting.popleft()
        yield from waiting
