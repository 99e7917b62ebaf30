"""Statements that every act makes, composed once (decision 0021).

Django needs ten times as long to compose a statement as the database to answer it, and an act at the desk makes twenty.
So they are written as ordinary querysets with blanks in them, composed at their first use and only filled in from then on.
Nothing but the wording is kept: every answer comes from the database.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from inspect import signature
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)
from django.db.models.sql import UpdateQuery

Row = TypeVar("Row")
Stored = TypeVar("Stored", bound=Model)
Shape = Callable[[Sequence[Any], BaseDatabaseWrapper], Any]
Statement = tuple[str, tuple[Any, ...]]  # SQL, and its values with Blanks among them


class Blank(Expression):
    """A value that is given when the statement is made; never None in a condition, which would be another statement."""

    def __init__(self, name: str, place: int | None = None) -> None:
        super().__init__()
        self.name, self.place = name, place

    def as_sql(self, compiler: object, connection: object, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


class _Filled(ABC):
    """What questions and changes share: blanks named like the arguments of the function that composes.

    A blank that is given a tuple, never an empty one, stands for so many values: a statement for each length.
    """

    def __init__(self, compose: Callable[..., Any]) -> None:
        self._compose = compose
        self._kept: dict[tuple[object, ...], Any] = {}

    def _statement(self, given: Mapping[str, Any], db: BaseDatabaseWrapper) -> Any:
        """The statement in the words of the engine in use."""
        key = (db.vendor, *[len(value) for value in given.values() if isinstance(value, tuple)])
        kept = self._kept.get(key)
        if kept is None:
            blanks = {name: _blank(name, given[name]) for name in signature(self._compose).parameters}
            kept = self._kept[key] = self._composed(self._compose(**blanks), db)
        return kept

    @abstractmethod
    def _composed(self, rows: Any, db: BaseDatabaseWrapper) -> Any:
        """The statement for these rows in the words of the engine."""


def _blank(name: str, value: object) -> Blank | list[Blank]:
    if isinstance(value, tuple):
        return [Blank(name, place) for place in range(len(value))]
    return Blank(name)


class Question(_Filled, Generic[Row]):
    """A SELECT asked again and again: models (with what select_related names), tuples or single values."""

    def __init__(self, compose: Callable[..., QuerySet[Any, Row]]) -> None:
        super().__init__(compose)

    def all(self, **given: Any) -> list[Row]:
        """Every row of the answer; the keywords fill the blanks."""
        if not _can_be_kept(given):
            return []
        db = connections[DEFAULT_DB_ALIAS]
        (sql, values), shape = self._statement(given, db)
        with db.cursor() as cursor:
            cursor.execute(sql, _filled(values, given, db))
            rows = cursor.fetchall()
        return [shape(row, db) for row in rows]

    def first(self, **given: Any) -> Row | None:
        """The first row, None where there is none."""
        if not _can_be_kept(given):
            return None
        db = connections[DEFAULT_DB_ALIAS]
        (sql, values), shape = self._statement(given, db)
        with db.cursor() as cursor:
            cursor.execute(sql, _filled(values, given, db))
            row = cursor.fetchone()
        return None if row is None else shape(row, db)

    def _composed(self, rows: Any, db: BaseDatabaseWrapper) -> tuple[Statement, Shape]:
        compiler = rows.query.get_compiler(connection=db)
        sql, values = compiler.as_sql()
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(columns)
        return (sql, tuple(values)), _shape(rows._iterable_class, compiler, list(converters.items()))


class Change(_Filled):
    """An UPDATE made again and again: `compose` gives the rows and the new values by column."""

    def __init__(self, compose: Callable[..., tuple[QuerySet[Any], Mapping[str, Any]]]) -> None:
        super().__init__(compose)

    def make(self, **given: Any) -> int:
        """How many rows were changed; the keywords fill the blanks."""
        db = connections[DEFAULT_DB_ALIAS]
        sql, values = self._statement(given, db)
        with db.cursor() as cursor:
            cursor.execute(sql, _filled(values, given, db))
            return int(cursor.rowcount)

    def _composed(self, rows: Any, db: BaseDatabaseWrapper) -> Statement:
        which, new = rows
        query: Any = which.query.chain(UpdateQuery)
        query.add_update_values(new)
        sql, values = query.get_compiler(connection=db).as_sql()
        return sql, tuple(values)


class Entry(Generic[Stored]):
    """An INSERT of one row of a model, made again and again."""

    def __init__(self, model: type[Stored], *, unless_there: bool = False) -> None:
        """`unless_there`: a row whose key is taken already is left as it is."""
        self._model, self._unless_there = model, unless_there
        self._kept: dict[str, str] = {}
        fields = [field for field in model._meta.concrete_fields if not getattr(field, "db_returning", False)]
        self._fields = [(field.attname, field.get_db_prep_save) for field in fields]
        self._columns = [str(field.column) for field in fields]

    def make(self, row: Stored) -> bool:
        """Write the row and note the key it got; False when it was there already. Raises IntegrityError."""
        db = connections[DEFAULT_DB_ALIAS]
        sql = self._kept.get(db.vendor) or self._composed(db)
        values = [stored(getattr(row, name), db) for name, stored in self._fields]
        with db.cursor() as cursor:
            cursor.execute(sql, values)
            if self._unless_there:
                written = bool(cursor.rowcount == 1)
            else:
                row.pk, written = cursor.fetchone()[0], True
        row._state.adding, row._state.db = False, db.alias
        return written

    def _composed(self, db: BaseDatabaseWrapper) -> str:
        name, meta = db.ops.quote_name, self._model._meta
        columns = ", ".join(map(name, self._columns))
        blanks = ", ".join(["%s"] * len(self._columns))
        end = "ON CONFLICT DO NOTHING" if self._unless_there else f"RETURNING {name(str(meta.pk.column))}"
        sql = f"INSERT INTO {name(meta.db_table)} ({columns}) VALUES ({blanks}) {end}"  # noqa: S608  our own names
        self._kept[db.vendor] = sql
        return sql


def _filled(values: Sequence[Any], given: Mapping[str, Any], db: BaseDatabaseWrapper) -> list[Any]:
    found = [_given(value, given) if isinstance(value, Blank) else value for value in values]
    return [value if type(value) in _PLAIN else _stored(value, db) for value in found]


def _can_be_kept(given: Mapping[str, Any]) -> bool:
    """Whether every number fits into a column: of a larger one, out of an address perhaps, there is no row."""
    return all(-(2**63) <= value < 2**63 for value in given.values() if type(value) is int)


def _given(blank: Blank, given: Mapping[str, Any]) -> Any:
    value = given[blank.name]
    return value if blank.place is None else value[blank.place]


def _stored(value: Any, db: BaseDatabaseWrapper) -> Any:
    """A value as the engine keeps it."""
    if isinstance(value, datetime):
        return db.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return db.ops.adapt_datefield_value(value)
    if isinstance(value, time):
        return db.ops.adapt_timefield_value(value)
    if isinstance(value, UUID) and not db.features.has_native_uuid_field:
        return value.hex
    if isinstance(value, dict):
        return db.ops.adapt_json_value(value, None)
    return value


_PLAIN = frozenset({int, str, bool, float, type(None)})  # what both engines take as it is; most values are


def _shape(kind: type, compiler: Any, converters: list[tuple[int, Any]]) -> Shape:
    """What makes of a row of the database what the queryset would have given."""

    def plain(row: Sequence[Any], db: BaseDatabaseWrapper) -> list[Any]:
        values = list(row)
        for position, (functions, column) in converters:
            if values[position] is not None:  # of nothing every converter of ours makes nothing
                for function in functions:
                    values[position] = function(values[position], column, db)
        return values

    if issubclass(kind, FlatValuesListIterable):
        return lambda row, db: plain(row, db)[0]
    if issubclass(kind, ValuesListIterable):
        return lambda row, db: tuple(plain(row, db))
    if not issubclass(kind, ModelIterable):
        raise TypeError(f"a prepared question gives models or lists of values, not {kind.__name__}")
    return _model_shape(compiler, plain)


def _model_shape(compiler: Any, plain: Shape) -> Shape:
    """As ModelIterable does it, prepared."""
    info, select = compiler.klass_info, compiler.select
    model: type[Model] = info["model"]
    start, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column.target.attname for column, *_ in select[start:end]]
    related = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # as 5.2 has it
    notes = list(compiler.annotation_col_map.items())

    def shape(row: Sequence[Any], db: BaseDatabaseWrapper) -> Model:
        values = plain(row, db)
        made = _made(model, names, values[start:end])
        for populator in related:
            _populate(populator, values, made)
        for name, position in notes:
            setattr(made, name, values[position])
        return made

    return shape


def _made(model: type[Model], names: Sequence[str], values: Sequence[Any]) -> Model:
    """What Model.from_db gives for a whole row, without its signals, which nobody here listens to."""
    made = model.__new__(model)
    made._state = ModelState()
    made._state.adding, made._state.db = False, DEFAULT_DB_ALIAS
    vars(made).update(zip(names, values, strict=True))
    return made


def _populate(populator: Any, values: Sequence[Any], parent: Model) -> None:
    """As RelatedPopulator.populate: the row that a foreign key names, or None, kept at its owner."""
    own = values[populator.cols_start : populator.cols_end]
    made = None
    if own[populator.pk_idx] is not None:
        made = _made(populator.model_cls, populator.init_list, own)
        for further in populator.related_populators:
            _populate(further, values, made)
    populator.local_setter(parent, made)
    if made is not None:
        populator.remote_setter(made, parent)
