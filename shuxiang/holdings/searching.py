"""The questions that search asks the database, in the words that both engines share; only the full-text match differs."""
# ruff: noqa: S608  only names of our own are written into statements; every value is a parameter

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db import connection

from shuxiang.catalogue.index import MARKS
from shuxiang.common.text import And, Field, Not, Or, Phrase, Prefix, Query, Term, to_fts5, to_tsquery

Value = str | int
Sql = tuple[str, list[Value]]

FTS5_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "": ("title", "authors", "subjects"),
    "title": ("title",),
    "author": ("authors",),
    "subject": ("subjects",),
    "publisher": ("publisher",),
    "series": ("series",),
    "letters": ("letters",),
}
WEIGHTS = {
    "": "ABC",
    "title": "A",
    "author": "B",
    "subject": "C",
    "publisher": "D",
    "series": "D",
    "letters": "D",
}
# Not in the index: numbers are answered by B-trees.
BY_NUMBER = frozenset({"isbn", "call_number"})
HIGHEST_SIGN = "\U0010ffff"
CHUNK = 2_000


def _run(statement: str, params: Sequence[Value]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(params))
        return [row[0] for row in cursor.fetchall()]


def _starts_with(column: str, prefix: str) -> Sql:
    """A prefix that the B-tree answers: a range on SQLite (byte order), LIKE on PostgreSQL (pattern index)."""
    if connection.vendor == "sqlite":
        return f"{column} >= %s AND {column} < %s", [prefix, prefix + HIGHEST_SIGN]
    escaped = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{column} LIKE %s", [escaped + "%"]


def _held(record: str, library_id: int | None) -> Sql:
    if library_id is None:
        return "TRUE", []
    return (
        f"EXISTS (SELECT 1 FROM holdings_holding h WHERE h.record_id = {record} AND h.library_id = %s)",
        [library_id],
    )


def _records(condition: Sql, library_id: int | None, limit: int, order: Sql = ("r.id", [])) -> list[int]:
    """Living records that the library holds and that fulfil a condition on `r`, a row of the catalogue."""
    held, held_params = _held("r.id", library_id)
    statement = (
        f"SELECT r.id FROM catalogue_bibliographicrecord r WHERE ({condition[0]}) AND r.deleted_at IS NULL"
        f" AND {held} ORDER BY {order[0]} LIMIT %s"
    )
    return _run(statement, [*condition[1], *held_params, *order[1], limit])


def by_numbers(*, raw: str, isbn13: str, issn: str, library_id: int | None, limit: int) -> list[int]:
    """Records with this ISBN, local number or ISSN, a volume with this barcode, or exactly this call number."""
    parts: list[Sql] = [
        ("SELECT id FROM catalogue_bibliographicrecord WHERE isbn = %s AND NOT (isbn = '')", [raw])
    ]
    if isbn13:
        parts.append(
            ("SELECT id FROM catalogue_bibliographicrecord WHERE isbn13 = %s AND NOT (isbn13 = '')", [isbn13])
        )
    if issn:
        parts.append(
            ("SELECT id FROM catalogue_bibliographicrecord WHERE issn = %s AND NOT (issn = '')", [issn])
        )
    parts += _by_own_numbers(raw, library_id)
    union = " UNION ".join(statement for statement, _params in parts)
    params = [value for _statement, values in parts for value in values]
    return _records((f"r.id IN ({union})", params), library_id, limit)


def _by_own_numbers(raw: str, library_id: int | None) -> list[Sql]:
    """Barcodes and call numbers mean something in one library only."""
    if library_id is None:
        return []
    upper = raw.upper()
    return [
        (
            "SELECT h.record_id FROM holdings_itemidentifier b JOIN holdings_item i ON i.id = b.item_id"
            " JOIN holdings_holding h ON h.id = i.holding_id WHERE b.library_id = %s AND b.value = %s",
            [library_id, raw],
        ),
        (
            "SELECT record_id FROM holdings_holding WHERE library_id = %s AND call_number IN (%s, %s)",
            [library_id, raw, upper],
        ),
    ]


def by_title(key: str, library_id: int | None, limit: int) -> list[int]:
    """Titles equal to the key, then those that begin with it, each in the order of their titles."""
    return _records(
        _starts_with("r.title_key", key[:200]),
        library_id,
        limit,
        ("CASE WHEN r.title_key = %s THEN 0 ELSE 1 END, r.title_sort, r.id", [key[:200]]),
    )


def by_pinyin(letters: str, library_id: int | None, limit: int) -> list[int]:
    """Titles whose initials, by any reading, or whose full pinyin begin with the letters; full matches first."""
    condition, params = _starts_with("r.title_pinyin", letters)
    ids, id_params = _matching(Field("letters", Prefix(letters[:64])))
    return _records(
        (f"({condition}) OR r.id IN ({ids})", [*params, *id_params]),
        library_id,
        limit,
        (
            "CASE WHEN r.title_initials = %s OR r.title_pinyin = %s THEN 0 ELSE 1 END, r.title_sort, r.id",
            [letters, letters],
        ),
    )


def by_words(ast: Query, library_id: int | None, limit: int, ranked: int) -> list[int]:
    """Full text: the first `ranked` hits by relevance (the title weighs most), then the others in order of id."""
    if _has_numbers(ast):
        return _records(_condition(ast, library_id), library_id, limit)
    first = _hits(ast, library_id, min(ranked, limit), 0, _rank(ast))
    if len(first) < ranked or len(first) == limit:
        return _best_first(first)
    rest = _hits(ast, library_id, limit - ranked, max(key for key, _rank in first), ("0", []))
    return [*_best_first(first), *(key for key, _rank in rest)]


def _best_first(hits: Sequence[tuple[int, float]]) -> list[int]:
    return [key for key, _rank in sorted(hits, key=lambda hit: (hit[1], hit[0]))]


def _rank(ast: Query) -> Sql:
    """An expression that is the smaller the more relevant a hit is."""
    if connection.vendor == "sqlite":
        return "bm25(catalogue_search, 10.0, 5.0, 2.0, 1.0, 1.0, 0.0)", []
    return "-ts_rank('{0.1, 0.2, 0.5, 1.0}', tokens, %s::tsquery)", _match(ast)[1]


def _hits(ast: Query, library_id: int | None, limit: int, after: int, rank: Sql) -> list[tuple[int, float]]:
    """Ids above `after`, in their order, with a rank. The index goes first: left to itself, SQLite would ask it
    anew for every holding."""
    match, params = _match(ast)
    held, mine = ("", []) if library_id is None else (" CROSS JOIN holdings_holding h", [library_id])
    where = f"{match} AND s.rowid > %s" + (" AND h.record_id = s.rowid AND h.library_id = %s" if held else "")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT s.rowid, {rank[0]} FROM catalogue_search s{held}"
            f" WHERE {where} ORDER BY s.rowid LIMIT %s",
            [*rank[1], *params, after, *mine, limit],
        )
        return list(cursor.fetchall())


def _marked(ast: Query, mark: str = "") -> Query:
    """The tree as the tokens stand in a tsvector: fields that share the weight D mark their tokens."""
    match ast:
        case Field(name, part):
            return Field(name, _marked(part, MARKS.get(name, "")))
        case Term(token) | Prefix(token):
            return replace(ast, token=mark + token)
        case Phrase(words, open_end):
            return Phrase(tuple(mark + word for word in words), open_end)
        case And(parts):
            return And(tuple(_marked(part, mark) for part in parts))
        case Or(parts):
            return Or(tuple(_marked(part, mark) for part in parts))
        case Not(part):
            return Not(_marked(part, mark))


def _match(ast: Query) -> Sql:
    """The condition on the index; both engines know its column by name, so no alias is needed."""
    if connection.vendor == "sqlite":
        return "catalogue_search MATCH %s", [to_fts5(ast, FTS5_COLUMNS)]
    return "tokens @@ %s::tsquery", [to_tsquery(_marked(ast), WEIGHTS)]


def _matching(ast: Query) -> Sql:
    match, params = _match(ast)
    return f"SELECT rowid FROM catalogue_search WHERE {match}", params


def _has_numbers(ast: Query) -> bool:
    match ast:
        case Field(name, part):
            return name in BY_NUMBER or _has_numbers(part)
        case And(parts) | Or(parts):
            return any(_has_numbers(part) for part in parts)
        case Not(part):
            return _has_numbers(part)
    return False


def _condition(ast: Query, library_id: int | None) -> Sql:
    """A tree that asks for an ISBN or a call number among other things, as a condition on `r`."""
    if not isinstance(ast, Not) and not _has_numbers(ast):
        ids, params = _matching(ast)
        return f"r.id IN ({ids})", params
    match ast:
        case Field(name, part):
            return _number(name, part, library_id)
        case Not(part):
            inner, params = _condition(part, library_id)
            return f"NOT ({inner})", params
        case And(parts) | Or(parts):
            conditions = [_condition(part, library_id) for part in parts]
            word = " AND " if isinstance(ast, And) else " OR "
            values = [value for _text, some in conditions for value in some]
            return word.join(f"({text})" for text, _some in conditions), values
    raise AssertionError(ast)


def _number(name: str, part: Query, library_id: int | None) -> Sql:
    """索书号:I247.57 finds what begins so, whatever sign stands between the parts; isbn:978… is exact."""
    match part:
        case Phrase(words, _open_end):
            pass
        case Term(token) | Prefix(token):
            words = (token,)
        case _:
            words = ()
    if name == "isbn":
        digits = "".join(words).upper()
        return "r.isbn13 = %s OR UPPER(r.isbn) = %s", [digits, digits]
    mine = "" if library_id is None else " AND c.library_id = %s"
    pattern = "_".join(words).upper() + "%"
    return (
        "EXISTS (SELECT 1 FROM holdings_holding c WHERE c.record_id = r.id"
        f" AND UPPER(c.call_number) LIKE %s{mine})",
        [pattern] if library_id is None else [pattern, library_id],
    )


def sorted_ids(ids: list[int], sort: str, library_id: int | None) -> list[int]:
    """The ids in a plain order; sorted here, because byte order is the same on every engine and collation is not."""
    mine, params = ("", []) if library_id is None else (" AND h.library_id = %s", [library_id])
    shelf = (
        "(SELECT MIN(CASE WHEN h.call_number_sort = '' THEN '~' ELSE h.call_number_sort END)"
        f" FROM holdings_holding h WHERE h.record_id = b.id{mine})"
    )
    keys: dict[int, tuple[object, ...]] = {}
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        marks = ", ".join(["%s"] * len(chunk))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT b.id, b.title_sort, b.pub_year, {shelf} FROM catalogue_bibliographicrecord b"
                f" WHERE b.id IN ({marks})",
                [*params, *chunk],
            )
            for key, title, year, place in cursor.fetchall():
                by = {"title": (), "newest": (-(year or 0),), "call_number": (place or "~",)}[sort]
                keys[key] = (*by, title, key)
    return sorted(keys, key=lambda key: keys[key])
