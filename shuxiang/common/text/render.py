"""One query tree, two dialects: SQLite FTS5 and PostgreSQL tsquery. Both must find the same records."""

from collections.abc import Iterable, Mapping, Sequence

from shuxiang.common.text.query import And, Field, Not, Or, Phrase, Prefix, Query, Term
from shuxiang.common.text.tokens import Token

# The tokenize= option of the FTS5 table: our tokens pass through whole.
FTS5_TOKENIZER = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
# The key, in the mappings below, of what an unfielded word looks through.
DEFAULT_FIELD = ""
MAX_POSITION = 16_383


def _atom_of(ast: Term | Phrase | Prefix) -> tuple[tuple[str, ...], bool]:
    if isinstance(ast, Phrase):
        return ast.tokens, ast.open_end
    return (ast.token,), isinstance(ast, Prefix)


def _split(parts: Iterable[Query]) -> tuple[list[Query], list[Query]]:
    wanted: list[Query] = []
    unwanted: list[Query] = []
    for part in parts:
        if isinstance(part, Not):
            unwanted.append(part.part)
        else:
            wanted.append(part)
    return wanted, unwanted


def to_fts5(ast: Query, columns: Mapping[str, Sequence[str]], field: str = DEFAULT_FIELD) -> str:
    """A MATCH expression; the empty query finds nothing.

    `columns` names the columns of each field, under '' those for words without a field; these serve a field
    that is not named.
    """
    match ast:
        case Field(name, part):
            return to_fts5(part, columns, name if name in columns else field)
        case Not(part):
            return to_fts5(part, columns, field)
        case Or(parts):
            return " OR ".join(f"({to_fts5(part, columns, field)})" for part in parts)
        case And(parts):
            wanted, unwanted = _split(parts)
            text = " AND ".join(f"({to_fts5(part, columns, field)})" for part in wanted)
            for part in unwanted:
                text = f"({text}) NOT ({to_fts5(part, columns, field)})"
            return text or '""'
        case Term() | Phrase() | Prefix():
            words, open_end = _atom_of(ast)
            quoted = " ".join(words).replace('"', '""')
            return f'{{{" ".join(columns[field])}}} : "{quoted}"{" *" if open_end else ""}'


def _lexeme(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def to_tsquery(ast: Query, weights: Mapping[str, str] | None = None, field: str = DEFAULT_FIELD) -> str:
    """Text to cast to tsquery; the empty query finds nothing.

    `weights` names the weights (of ABCD) of each field, under '' those for words without a field; without it
    every word is looked for everywhere.
    """
    labels = weights or {DEFAULT_FIELD: ""}
    match ast:
        case Field(name, part):
            return to_tsquery(part, weights, name if name in labels else field)
        case Not(part):
            return f"!({to_tsquery(part, weights, field)})"
        case Or(parts):
            return " | ".join(f"({to_tsquery(part, weights, field)})" for part in parts)
        case And(parts):
            return " & ".join(f"({to_tsquery(part, weights, field)})" for part in parts)
        case Term() | Phrase() | Prefix():
            words, open_end = _atom_of(ast)
            stars = [""] * (len(words) - 1) + ["*" if open_end else ""]
            tags = [f":{star}{labels[field]}" if star or labels[field] else "" for star in stars]
            return " <-> ".join(_lexeme(word) + tag for word, tag in zip(words, tags, strict=True))


def tsvector_literal(weighted: Mapping[str, Sequence[Token]]) -> str:
    """Text to cast to tsvector from the tokens of each weight (A to D); no phrase reaches from one to the next."""
    places: dict[str, list[str]] = {}
    offset = 0
    for weight, words in weighted.items():
        for word in words:
            position = offset + word.position
            if position <= MAX_POSITION:
                places.setdefault(word.token, []).append(f"{position}{weight}")
        offset += max((word.position for word in words), default=0) + 1
    return " ".join(f"{_lexeme(token)}:{','.join(where)}" for token, where in places.items())
