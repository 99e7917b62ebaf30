"""Searching: what a reader types, until the first page of results is there."""

import sqlite3
import time
from contextlib import closing

from django.db import connection

from shuxiang.common.text import Field, Prefix, Query, parse_query, to_fts5
from shuxiang.holdings.search import search
from shuxiang.holdings.searching import FTS5_COLUMNS
from shuxiang.libraries.models import Library
from tools.bench.lines import Line, percentiles

ROUNDS = 3
COUNT = "SELECT count(*) FROM catalogue_search WHERE catalogue_search MATCH ?"
LINES = {
    "word": ("故事", "童话", "科学", "动物", "历史", "植物", "数学", "成语", "诗词", "宇宙"),
    "phrase": (
        "十万个为什么",
        "安徒生童话",
        "唐诗三百首",
        "昆虫记",
        "三国演义",
        "毛泽东诗词",
        "马克思的故事",
    ),
    "initials": ("kcj", "sgyy", "ats", "swgwsm", "xyj", "tss", "mksdgs"),
    "character": ("的", "中", "人", "小", "大", "学", "国"),
}


def find(library: Library) -> list[Line]:
    """Page and count of every line against a bare count of the same full-text match in the same file."""
    lines = []
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as raw:
        for kind, words in LINES.items():
            ours, floor = [], []
            for number in range(ROUNDS + 1):  # the first round only warms up
                for text in words:
                    began = time.perf_counter()
                    page = search(text, library=library)
                    hits = page.hits
                    between = time.perf_counter()
                    count = raw.execute(COUNT, [match(kind, text)]).fetchone()[0]
                    ended = time.perf_counter()
                    if number:
                        ours.append(between - began)
                        floor.append(ended - between)
                    elif bool(hits) != bool(page.count) or (count and not hits):
                        raise RuntimeError(f"search and the index disagree about {text}")
            lines += percentiles(f"search.{kind}", ours, floor)
    return lines


def match(kind: str, text: str) -> str:
    """The full-text expression of a search line of a kind."""
    asked: Query = Field("letters", Prefix(text)) if kind == "initials" else parse_query(text)
    return to_fts5(asked, FTS5_COLUMNS)
