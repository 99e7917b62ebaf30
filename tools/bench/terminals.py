"""Searching as readers do: pages of results with facets and counts, by kind of question."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import quote

from django.db import connection

from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.libraries.models import Library
from tools.bench.client import Browser
from tools.bench.finding import COUNT, LINES, match
from tools.bench.lines import Line, at, percentiles, plain
from tools.bench.servers import Server

EACH = 30  # questions of a kind, drawn from titles all over the catalogue
ROUNDS = 2

Questions = dict[str, list[str]]


def questions() -> Questions:
    """Words, phrases, authors and initials of titles that are there; the commonest characters."""
    last = BibliographicRecord.objects.order_by("-pk").values_list("pk", flat=True)[0]
    keys = range(1, last + 1, max(1, last // (4 * EACH)))
    rows = list(
        BibliographicRecord.objects.filter(pk__in=keys)
        .order_by("pk")
        .values_list("title", "authors", "title_initials")
    )
    long = [row for row in rows if len(row[0]) >= 7 and row[0][:7].isalpha()]
    found = {
        "word": [*LINES["word"], *(row[0][:2] for row in rows if row[0][:2].isalpha())],
        "phrase": [row[0][:7] for row in long],
        "author": [row[1][:3].removesuffix("著") for row in rows if row[1]],
        "initials": [row[2][:6] for row in rows if row[2].isalpha()],
        "character": list(LINES["character"]),
    }
    return {kind: list(dict.fromkeys(some))[:EACH] for kind, some in found.items()}


def path(library: Library, text: str) -> str:
    return f"/l/{library.code}/search?q={quote(text)}"


def paths(library: Library, asked: Questions, count: int) -> list[list[str]]:
    """What each of `count` terminals asks, one after another: all kinds but single characters, each its own order."""
    every = [path(library, text) for kind, some in asked.items() if kind != "character" for text in some]
    return [every[n * 7 % len(every) :] + every[: n * 7 % len(every)] for n in range(count)]


def alone(server: Server, library: Library, asked: Questions) -> Iterator[Line]:
    """One reader at one terminal; on SQLite the floor is a bare count of the same match in the same file."""
    browser = Browser(server.address)
    raw = sqlite3.connect(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None
    with closing(raw) if raw else closing(browser.connection):
        for kind, some in asked.items():
            ours, floor = [], []
            for number in range(ROUNDS + 1):  # the first round only warms up
                for text in some:
                    began = time.perf_counter()
                    browser.get(path(library, text))
                    between = time.perf_counter()
                    if raw is not None:
                        raw.execute(COUNT, [match(kind, text)]).fetchone()
                    ended = time.perf_counter()
                    if number:
                        ours.append(between - began)
                        floor.append(ended - between)
            if raw is not None:
                yield from percentiles(f"search.{kind}", ours, floor)
            else:
                yield from (plain(f"search.{kind}.p{p}", at(ours, p) * 1000, "ms") for p in (50, 95))
