"""CQL, the language of SRU, as far as a catalogue needs it: into the tree that search takes, or a diagnostic."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shuxiang.common.isbn import parse_isbn
from shuxiang.common.text import And, Field, Not, Or, Query, Term, is_empty, parse_query

LONGEST, DEEPEST, MOST_TERMS = 1000, 12, 24
# what indexes may be called → the field of our search; "" is any of title, author, subject
INDEXES = {
    "cql.serverchoice": "", "cql.anywhere": "", "cql.allindexes": "", "serverchoice": "",
    "dc.title": "title", "bath.title": "title", "title": "title",
    "dc.creator": "author", "dc.contributor": "author", "bath.author": "author", "bath.name": "author", "author": "author",
    "creator": "author",
    "dc.subject": "subject", "bath.subject": "subject", "subject": "subject",
    "dc.publisher": "publisher", "publisher": "publisher",
    "bath.isbn": "isbn", "isbn": "isbn", "dc.identifier": "isbn",
    "rec.identifier": "rec", "rec.id": "rec", "id": "rec",
}  # fmt: skip
RELATIONS = frozenset({"=", "==", "exact", "adj", "all", "any", "scr"})
_TOKEN = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|(==|<>|<=|>=|[()=<>])|([^\s()=<>"/]+)|(/))', re.DOTALL)
_BOOLEANS = frozenset({"and", "or", "not", "prox"})


class Diagnostic(Exception):
    """Why a request has no answer: the number of the SRU list of diagnostics, and the detail."""

    def __init__(self, number: int, detail: str = "") -> None:
        super().__init__(number)
        self.number, self.detail = number, detail


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for search, or the key of one record."""

    query: Query | None
    key: int | None = None


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    kind: str  # quoted | sign | word


def read_cql(text: str) -> Asked:
    """Read a CQL question. Raises Diagnostic: 10 syntax, 12 too many, 16 index, 19 relation, 27 empty term, 37 boolean,
    80 sorting."""
    if len(text) > LONGEST:
        raise Diagnostic(12, str(LONGEST))
    reading = _Reading(_tokens(text))
    asked = reading.question(0)
    if reading.here is not None:
        if reading.is_word("sortby"):
            raise Diagnostic(80)
        raise Diagnostic(10, reading.here.text)
    return asked


def _tokens(text: str) -> list[_Token]:
    tokens, place = [], 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            raise Diagnostic(10, text[place : place + 20])
        quoted, sign, word, slash = match.groups()
        if quoted is not None:
            tokens.append(_Token(re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL), "quoted"))
        elif word is not None:
            tokens.append(_Token(word, "word"))
        else:
            tokens.append(_Token(sign or slash, "sign"))
        place = match.end()
    if not tokens:
        raise Diagnostic(10)
    return tokens


class _Reading:
    """One pass over the tokens, by recursive descent."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens, self._place, self._terms = tokens, 0, 0

    @property
    def here(self) -> _Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def is_word(self, *words: str) -> bool:
        return self.here is not None and self.here.kind == "word" and self.here.text.lower() in words

    def is_sign(self, sign: str) -> bool:
        return self.here is not None and self.here.kind == "sign" and self.here.text == sign

    def question(self, depth: int) -> Asked:
        """clause { (and | or | not) clause }, from the left."""
        if depth > DEEPEST:
            raise Diagnostic(10, "nesting")
        left = self._clause(depth)
        while self.is_word(*_BOOLEANS):
            boolean = self._next().text.lower()
            if boolean == "prox" or self.is_sign("/"):
                raise Diagnostic(37 if boolean == "prox" else 46, boolean)
            left = _joined(boolean, left, self._clause(depth))
        return left

    def _next(self) -> _Token:
        token = self.here
        if token is None:
            raise Diagnostic(10)
        self._place += 1
        return token

    def _clause(self, depth: int) -> Asked:
        if self.is_sign("("):
            self._next()
            inside = self.question(depth + 1)
            if not self.is_sign(")"):
                raise Diagnostic(13)
            self._next()
            return inside
        first = self._next()
        if first.kind == "sign" or (first.kind == "word" and first.text.lower() in _BOOLEANS):
            raise Diagnostic(10, first.text)
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise Diagnostic(12, str(MOST_TERMS))
        relation = self._relation()
        if relation is None:
            return _term("", "=", first.text)
        index = first.text.lower()
        if index not in INDEXES:
            raise Diagnostic(16, first.text)
        term = self._next()
        if term.kind == "sign":
            raise Diagnostic(10, term.text)
        return _term(INDEXES[index], relation, term.text)

    def _relation(self) -> str | None:
        token = self.here
        if token is None or token.kind == "quoted":
            return None
        relation = token.text.lower()
        if relation in RELATIONS:
            self._next()
            if self.is_sign("/"):
                raise Diagnostic(20, relation)
            return relation
        if token.kind == "sign" and relation not in "()":
            raise Diagnostic(19, relation)
        if token.kind == "word" and relation in ("within", "encloses"):
            raise Diagnostic(19, relation)
        return None


def _joined(boolean: str, left: Asked, right: Asked) -> Asked:
    if left.key is not None or right.key is not None:
        raise Diagnostic(37, boolean)  # a record is asked for by its key alone
    if boolean == "or":
        either = tuple(one.query for one in (left, right) if one.query is not None)
        return Asked(Or(either) if len(either) > 1 else next(iter(either), None))
    if left.query is None or right.query is None:  # a term without a word finds nothing, and excludes nothing
        return left if boolean == "not" else Asked(None)
    return Asked(And((left.query, Not(right.query) if boolean == "not" else right.query)))


def _term(field: str, relation: str, text: str) -> Asked:
    if not text.strip():
        raise Diagnostic(27)
    if field == "rec":
        return Asked(None, int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0)
    if field == "isbn":
        return Asked(Field("isbn", Term(parse_isbn(text).isbn13 or re.sub(r"[^0-9A-Za-z]", "", text)[:40])))
    words = [_words(word) for word in text.split()] if relation in ("all", "any") else [_words(text)]
    said = [word for word in words if not is_empty(word)]
    if not said:
        return Asked(None)
    whole = said[0] if len(said) == 1 else Or(tuple(said)) if relation == "any" else And(tuple(said))
    return Asked(Field(field, whole) if field else whole)


def _words(text: str) -> Query:
    """A term as the index holds it; a * at its end leaves the last word open."""
    bare = text.replace('"', " ").strip()
    cut = bare.endswith("*")
    bare = bare.strip("*? ")
    if cut and re.fullmatch(r"\w+", bare):
        return parse_query(f"{bare}*")
    return parse_query(f'"{bare}"')
