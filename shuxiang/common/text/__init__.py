"""The one analyser of Chinese and other text: folding, tokens, keys for duplicates, queries."""

from shuxiang.common.text.folding import fold
from shuxiang.common.text.keys import match_key, people_of, subjects_of, title_key
from shuxiang.common.text.query import (
    And,
    Field,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Term,
    is_empty,
    parse_query,
)
from shuxiang.common.text.render import FTS5_TOKENIZER, to_fts5, to_tsquery, tsvector_literal
from shuxiang.common.text.tokens import INDEX_VERSION, Token, grams, index_text, tokens

__all__ = [
    "FTS5_TOKENIZER",
    "INDEX_VERSION",
    "And",
    "Field",
    "Not",
    "Or",
    "Phrase",
    "Prefix",
    "Query",
    "Term",
    "Token",
    "fold",
    "grams",
    "index_text",
    "is_empty",
    "match_key",
    "parse_query",
    "people_of",
    "subjects_of",
    "title_key",
    "to_fts5",
    "to_tsquery",
    "tokens",
    "tsvector_literal",
]
