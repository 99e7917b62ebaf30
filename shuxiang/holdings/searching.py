"""The questions that search asks the database, in the words that both engines share; only the full-text match differs."""
# ruff: noqa: S608  only names of our own are written into statements; every value is a parameter

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import connection

from shuxiang.catalogue.index import MARKS
from shuxiang.common.text import And, Field, Not, Or, Phrase, Prefix, Query, Term, to_fts5, to_tsquery
from shuxiang.holdings.searchfacets import Filters

Value = str | int
Sql = tuple[str, list[Value]]
Marks = dict[int, str]  # the facets of a record with a sign for whether a copy is in: see searchfacets.Tally
MARK = "COALESCE(h.facets, '0000|||') || CASE WHEN h.on_shelf > 0 THEN '+' ELSE '-' END"
TITLES = 300

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


def _rows(statement: str, params: Sequence[Value]) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(params))
        return list(cursor.fetchall())


def marks_of(rows: Sequence[tuple[int, str]]) -> Marks:
    """Rows of a record and a mark in their order; a record with several holdings has a line for each."""
    marks = dict(rows)
    if len(marks) < len(rows):
        lines: dict[int, list[str]] = {}
        for key, mark in rows:
            lines.setdefault(key, []).append(mark)
        marks = {key: "\n".join(some) for key, some in lines.items()}
    return marks


def starts_with(column: str, prefix: str) -> Sql:
    """A prefix that the B-tree answers: a range on SQLite (byte order), LIKE on PostgreSQL (pattern index)."""
    if connection.vendor == "sqlite":
        return f"{column} >= %s AND {column} < %s", [prefix, prefix + HIGHEST_SIGN]
    escaped = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{column} LIKE %s", [escaped + "%"]


def in_bytes(column: str) -> str:
    """An order that is the same on both engines and that the B-tree has."""
    return column if connection.vendor == "sqlite" else f"{column} USING ~<~"


def wanted(filters: Filters) -> Sql:
    """The filters as a condition on `h`, a row of the holdings; '' when nothing is chosen."""
    chosen = filters.chosen
    parts: list[str] = []
    params: list[Value] = []
    if not chosen:
        return "", []
    if "year" in chosen:
        parts.append("SUBSTR(h.facets, 1, 4) BETWEEN %s AND %s")
        params += list(filters.years)
    if filters.available:
        parts.append("h.on_shelf > 0")
    if chosen & {"clc", "audience", "location"}:
        clc, home = filters.clc_prefix, filters.location
        some = "%" if not filters.audience else f"%{_plain(filters.audience)}%"
        place = "%" if home is None else f"%,{home},%"
        parts.append("h.facets LIKE %s" + ("" if connection.vendor == "postgresql" else " ESCAPE '\\'"))
        params.append(f"____|{_plain(clc)}%|{some}|{place}")
    return " AND " + " AND ".join(parts), params


def _plain(text: str) -> str:
    """Text as it is written in a pattern."""
    return text.replace("\x00", "!").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a search looks: the holdings of a library, or all living records; filtered, at most `limit` rows."""

    library_id: int | None
    limit: int
    where: Sql = ("", [])

    def records(self, condition: Sql, order: Sql = ("r.id", []), columns: str = "") -> Sql:
        """Records that fulfil a condition on `r`, with a mark for each holding `h`. The records go first: left to
        itself, SQLite would try each holding."""
        if self.library_id is None:
            source = "LEFT JOIN holdings_holding h ON h.record_id = r.id WHERE r.deleted_at IS NULL"
        else:
            source = "CROSS JOIN holdings_holding h WHERE h.record_id = r.id AND h.library_id = %s AND NOT h.facets = ''"
        mine: list[Value] = [] if self.library_id is None else [self.library_id]
        statement = (
            f"SELECT r.id, {MARK}{columns} FROM catalogue_bibliographicrecord r {source} AND ({condition[0]})"
            f"{self.where[0]} ORDER BY {order[0]} LIMIT %s"
        )
        return statement, [*mine, *condition[1], *self.where[1], *order[1], self.limit]


def by_numbers(scope: Scope, *, raw: str, isbn13: str, issn: str) -> Marks:
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
    parts += _by_own_numbers(raw, scope.library_id)
    union = " UNION ".join(statement for statement, _params in parts)
    params = [value for _statement, values in parts for value in values]
    return found(scope, (f"r.id IN ({union})", params))


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


def by_title(scope: Scope, key: str) -> Marks:
    """Titles equal to the key, then those that begin with it: what is lent most first, then the shorter.

    At most TITLES, the first in byte order; the full text finds the others too.
    """
    few = replace(scope, limit=min(TITLES, scope.limit))
    order: Sql = (f"{in_bytes('r.title_key')}, r.id", [])
    statement, params = few.records(
        starts_with("r.title_key", key[:200]), order, ", r.title_key, h.times_lent"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        rows = cursor.fetchall()
    rows.sort(key=lambda row: (row[2] != key[:200], -(row[3] or 0), len(row[2]), row[2], row[0]))
    return marks_of([(row[0], row[1]) for row in rows])


def found(scope: Scope, condition: Sql, order: Sql = ("r.id", [])) -> Marks:
    """The records that fulfil a condition on `r`, in an order."""
    return marks_of(_rows(*scope.records(condition, order)))


def by_spelling(scope: Scope, letters: str) -> Marks:
    """Titles whose initials or full pinyin are the letters, then those that begin so."""
    marks = found(
        scope,
        ("r.title_initials = %s OR r.title_pinyin = %s", [letters, letters]),
        ("h.times_lent DESC, r.id", []),
    )
    for column in ("r.title_pinyin", "r.title_initials"):
        marks |= found(scope, starts_with(column, letters), (f"{in_bytes(column)}, r.id", []))
    return marks


def by_pinyin(scope: Scope, letters: str) -> Marks:
    """Titles whose initials, by any reading, or whose full pinyin begin with the letters; full matches first."""
    return by_spelling(scope, letters) | by_words(scope, Field("letters", Prefix(letters[:64])))


def by_words(scope: Scope, ast: Query) -> Marks:
    """Full text, in order of id. The index goes first: left to itself, SQLite would ask it anew for every holding."""
    if _has_numbers(ast):
        return found(scope, _condition(ast, scope.library_id))
    if scope.library_id is None:
        ids, id_params = matching(ast)
        return found(scope, (f"r.id IN ({ids})", id_params))
    match, params = _match(ast)
    statement = (
        f"SELECT s.rowid, {MARK} FROM catalogue_search s CROSS JOIN holdings_holding h WHERE {match}"
        f" AND h.record_id = s.rowid AND h.library_id = %s AND NOT h.facets = ''{scope.where[0]}"
        " ORDER BY s.rowid LIMIT %s"
    )
    return marks_of(_rows(statement, [*params, scope.library_id, *scope.where[1], scope.limit]))


def ranks(ast: Query, first: int, last: int) -> dict[int, float]:
    """How relevant the hits with ids from `first` to `last` are, the title weighing most; smaller is better."""
    if _has_numbers(ast):
        return {}
    rank, rank_params = _rank(ast)
    match, params = _match(ast)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid, {rank} FROM catalogue_search WHERE {match} AND rowid BETWEEN %s AND %s",
            [*rank_params, *params, first, last],
        )
        return dict(cursor.fetchall())


def _rank(ast: Query) -> Sql:
    """An expression that is the smaller the more relevant a hit is."""
    if connection.vendor == "sqlite":
        return "bm25(catalogue_search, 10.0, 5.0, 2.0, 1.0, 1.0, 0.0)", []
    return "-ts_rank('{0.1, 0.2, 0.5, 1.0}', tokens, %s::tsquery)", _match(ast)[1]


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


def matching(ast: Query) -> Sql:
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
        ids, params = matching(ast)
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
