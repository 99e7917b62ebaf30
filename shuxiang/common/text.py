"""The one analyser of Chinese and other text: folding, tokens, queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

INDEX_VERSION = 1


@dataclass(frozen=True, slots=True)
class Token:
    token: str
    position: int


@dataclass(frozen=True, slots=True)
class Term:
    token: str


@dataclass(frozen=True, slots=True)
class Phrase:
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    token: str


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Query"


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    part: "Query"


Query = Term | Phrase | Prefix | And | Or | Not | Field


def fold(text: str) -> str:
    raise NotImplementedError


def tokens(text: str) -> list[Token]:
    raise NotImplementedError


def title_key(text: str) -> str:
    raise NotImplementedError


def match_key(title: str, authors: str, publisher: str, volume: str) -> str:
    raise NotImplementedError


def parse_query(q: str) -> Query:
    raise NotImplementedError


def to_fts5(ast: Query, columns: Mapping[str, Sequence[str]]) -> str:
    raise NotImplementedError


def to_tsquery(ast: Query) -> str:
    raise NotImplementedError


def tsvector_literal(weighted: Mapping[str, Sequence[Token]]) -> str:
    raise NotImplementedError
