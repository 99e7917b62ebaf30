"""Statements that every act makes, composed once (decision 0021).

Django needs ten times as long to compose a statement as the database to answer it, and an act at the desk makes twenty.
So they are written as ordinary querysets with blanks in them, composed at their first use and only filled in from then on.
Nothing but the wording is kept: every answer comes from the database.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from inspect import signature
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)
from django.db.models.sql import UpdateQuery

Row = TypeVar("Row")
Stored = TypeVar("Stored", bound=Model)
Shape = Callable[[Sequence[Any]], Any]
Statement = tuple[str, tuple[Any, ...]]  # SQL, and its values with Blanks among them


class Blank(Expression):
    """A value that is given when the statement is made; never None in a condition, which would be another statement."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: object, connection: object, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


class _Filled:
    """What questions and changes share: blanks named like the arguments of the function that composes."""

    def __init__(self, compose: Callable[..., Any]) -> None:
        self._compose = compose
        self._kept: dict[str, Any] = {}

    def _statement(self) -> Any:
        """The statement in the words of the engine in use."""
        kept = self._kept.get(connection.vendor)
        if kept is None:
            blanks = {name: Blank(name) for name in signature(self._compose).parameters}
            kept = self._kept[connection.vendor] = self._composed(self._compose(**blanks))
        return kept

    def _composed(self, queryset: Any) -> Any:
        raise NotImplementedError


class Question(_Filled, Generic[Row]):
    """A SELECT asked again and again: models (with what select_related names), tuples or single values."""

    def __init__(self, compose: Callable[..., QuerySet[Any, Row]]) -> None:
        super().__init__(compose)

    def all(self, **given: Any) -> list[Row]:
        """Every row of the answer; the keywords fill the blanks."""
        (sql, values), shape = self._statement()
        with connection.cursor() as cursor:
            cursor.execute(sql, _filled(values, given))
            rows = cursor.fetchall()
        return [shape(row) for row in rows]

    def first(self, **given: Any) -> Row | None:
        """The first row, None where there is none."""
        (sql, values), shape = self._statement()
        with connection.cursor() as cursor:
            cursor.execute(sql, _filled(values, given))
            row = cursor.fetchone()
        return None if row is None else shape(row)

    def _composed(self, queryset: Any) -> tuple[Statement, Shape]:
        compiler = queryset.query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(columns)
        return (sql, tuple(values)), _shape(queryset._iterable_class, compiler, list(converters.items()))


class Change(_Filled):
    """An UPDATE made again and again: `compose` gives the rows and the new values by column."""

    def __init__(self, compose: Callable[..., tuple[QuerySet[Any], Mapping[str, Any]]]) -> None:
        super().__init__(compose)

    def make(self, **given: Any) -> int:
        """How many rows were changed; the keywords fill the blanks."""
        sql, values = self._statement()
        with connection.cursor() as cursor:
            cursor.execute(sql, _filled(values, given))
            return int(cursor.rowcount)

    def _composed(self, change: tuple[QuerySet[Any], Mapping[str, Any]]) -> Statement:
        rows, new = change
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values(new)
        sql, values = query.get_compiler(connection=connection).as_sql()
        return sql, tuple(values)


class Entry(Generic[Stored]):
    """An INSERT of one row of a model, made again and again."""

    def __init__(self, model: type[Stored], *, unless_there: bool = False) -> None:
        """`unless_there`: a row whose key is taken already is left as it is."""
        self._model, self._unless_there = model, unless_there
        self._kept: dict[str, str] = {}
        self._fields: list[Field[Any, Any]] = [
            field for field in model._meta.concrete_fields if not (field.primary_key and field.db_returning)
        ]

    def make(self, row: Stored) -> bool:
        """Write the row and note the key it got; False when it was there already. Raises IntegrityError."""
        sql = self._kept.get(connection.vendor) or self._composed()
        values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in self._fields]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            if self._unless_there:
                written = bool(cursor.rowcount == 1)
            else:
                row.pk = cursor.fetchone()[0]
                written = True
        row._state.adding, row._state.db = False, connection.alias
        return written

    def _composed(self) -> str:
        name = connection.ops.quote_name
        columns = ", ".join(name(str(field.column)) for field in self._fields)
        blanks = ", ".join(["%s"] * len(self._fields))
        key = name(str(self._model._meta.pk.column))
        end = "ON CONFLICT DO NOTHING" if self._unless_there else f"RETURNING {key}"
        table = name(self._model._meta.db_table)
        sql = f"INSERT INTO {table} ({columns}) VALUES ({blanks}) {end}"  # noqa: S608  names of our own tables
        self._kept[connection.vendor] = sql
        return sql


def _filled(values: Sequence[Any], given: Mapping[str, Any]) -> list[Any]:
    return [_stored(given[value.name]) if isinstance(value, Blank) else value for value in values]


def _stored(value: Any) -> Any:
    """A value as the engine keeps it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, time):
        return connection.ops.adapt_timefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    if isinstance(value, dict):
        return connection.ops.adapt_json_value(value, None)
    return value


def _shape(kind: type, compiler: Any, converters: list[tuple[int, Any]]) -> Shape:
    """What makes of a row of the database what the queryset would have given."""

    def plain(row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for position, (functions, column) in converters:
            for function in functions:
                values[position] = function(values[position], column, connection)
        return values

    if issubclass(kind, FlatValuesListIterable):
        return lambda row: plain(row)[0]
    if issubclass(kind, ValuesListIterable):
        return lambda row: tuple(plain(row))
    if not issubclass(kind, ModelIterable):
        raise TypeError(f"a prepared question gives models or lists of values, not {kind.__name__}")
    return _model_shape(compiler, plain)


def _model_shape(compiler: Any, plain: Shape) -> Shape:
    """As ModelIterable does it, prepared."""
    info, select = compiler.klass_info, compiler.select
    model: type[Model] = info["model"]
    start, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column.target.attname for column, *_ in select[start:end]]
    related = get_related_populators(info, select, connection.alias)  # type: ignore[call-arg]  # as 5.2 has it
    notes = list(compiler.annotation_col_map.items())

    def shape(row: Sequence[Any]) -> Model:
        values = plain(row)
        made = model.from_db(connection.alias, names, values[start:end])
        for populator in related:
            populator.populate(values, made)
        for name, position in notes:
            setattr(made, name, values[position])
        return made

    return shape
