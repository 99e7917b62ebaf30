"""What a reader types, as a small tree; any input gives a tree, none raises."""

import re
from dataclasses import dataclass

from shuxiang.common.text.folding import fold
from shuxiang.common.text.tokens import grams, runs

MAX_QUERY_LENGTH = 256
MAX_WORDS = 24


@dataclass(frozen=True, slots=True)
class Term:
    """One whole token."""

    token: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens one after another; with `open_end` the last is only the beginning of a token."""

    tokens: tuple[str, ...]
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a token; a single Chinese character is one, for it begins a bigram or stands alone."""

    token: str


@dataclass(frozen=True, slots=True)
class And:
    """All parts; And(()) is the query that says nothing and finds nothing."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not this; only ever beside a positive part of an And."""

    part: "Query"


@dataclass(frozen=True, slots=True)
class Field:
    """Only in one field: title, author, subject, publisher, series, call_number or isbn."""

    name: str
    part: "Query"


Query = Term | Phrase | Prefix | And | Or | Not | Field
NOTHING = And(())

FIELD_WORDS = {
    "title": ("title", "题名", "书名", "标题"),
    "author": ("author", "作者", "著者", "责任者", "译者", "绘者"),
    "subject": ("subject", "主题", "主题词", "关键词"),
    "publisher": ("publisher", "出版社", "出版者"),
    "series": ("series", "丛书", "丛书名"),
    "call_number": ("call", "callnumber", "call_number", "索书号", "索取号", "分类号", "clc"),
    "isbn": ("isbn",),
}
_FIELD_OF = {fold(word): name for name, words in FIELD_WORDS.items() for word in words}

_QUOTES = {'"': '"', "“": "”", "„": "“", "「": "」", "『": "』", "＂": "＂"}
_WORD = re.compile(
    r"(?P<minus>(?<!\S)[-－−](?=\S))?"
    r"(?:(?P<field>[\w]{1,12})\s?[:：])?"
    r"(?:"
    + "|".join(
        f"{re.escape(a)}(?P<q{i}>[^{re.escape(b)}]*){re.escape(b)}"
        for i, (a, b) in enumerate(_QUOTES.items())
    )
    + r"|(?P<plain>[^\s\"“„「『＂]+)|(?P<stray>[\"“„「『＂]))"
)


def _atom(text: str, *, cut: bool) -> Query | None:
    """A run of text as a term, prefix or phrase of its tokens; `cut` when a * stood behind it."""
    pieces = list(runs(text))
    if not pieces:
        return None
    words = tuple(grams(text))
    last, last_is_cjk = pieces[-1]
    open_end = cut
    if last_is_cjk:
        # 西游记 is asked for as 西游 游记; a character alone at the end may be the first of a bigram.
        words, open_end = (words[:-1], False) if len(last) > 1 else (words, True)
    if len(words) == 1:
        return Prefix(words[0]) if open_end else Term(words[0])
    return Phrase(words, open_end)


def _one(match: re.Match[str]) -> Query | None:
    field_word, plain = match.group("field"), match.group("plain")
    quoted = next(
        (match.group(f"q{i}") for i in range(len(_QUOTES)) if match.group(f"q{i}") is not None), None
    )
    text = quoted if quoted is not None else (plain or "")
    name = _FIELD_OF.get(fold(field_word)) if field_word else None
    if field_word and name is None:
        text = f"{field_word}:{text}"
    part = _atom(text, cut=quoted is None and text.endswith(("*", "＊")))
    if part is None:
        return None
    query: Query = Field(name, part) if name else part
    return Not(query) if match.group("minus") else query


def _all(parts: list[Query]) -> Query:
    if not any(not isinstance(part, Not) for part in parts):
        # "Everything but this" is no question for a catalogue: take the words themselves.
        parts = [part.part if isinstance(part, Not) else part for part in parts]
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def parse_query(q: str) -> Query:
    """Read a search line: all words, "a phrase", -unwanted, this OR that (or |), cut*, 作者:鲁迅."""
    groups: list[list[Query]] = [[]]
    for count, match in enumerate(_WORD.finditer(q[:MAX_QUERY_LENGTH])):
        if count >= MAX_WORDS:
            break
        if (
            match.group("plain") in ("OR", "|", "｜")
            and not match.group("field")
            and not match.group("minus")
        ):
            groups.append([])
            continue
        part = _one(match)
        if part is not None:
            groups[-1].append(part)
    wanted = [_all(group) for group in groups if group]
    if not wanted:
        return NOTHING
    return wanted[0] if len(wanted) == 1 else Or(tuple(wanted))


def is_empty(ast: Query) -> bool:
    """Whether a query says nothing, so that there is nothing to ask an index."""
    return ast == NOTHING
