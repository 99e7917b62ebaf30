"""A statement composed once answers as the queryset would, whatever fills its blanks."""

from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, QuerySet
from django.test.utils import CaptureQueriesContext

from shuxiang.audit import operations
from shuxiang.audit.models import Job, Operation
from shuxiang.audit.prepared import Blank, Change, Entry, Question, _stored
from shuxiang.common.actors import Actor
from shuxiang.common.ids import uuid7

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 15, 3, 30, 0, 250, tzinfo=UTC)
BY = Actor("li", "desk")


def act(**columns: object) -> Operation:
    values = {"action": "a.b", "actor": "li", "door": "desk", "at": AT, "result": {"loan": 7}} | columns
    return Operation.objects.create(**values)


def test_models_come_back_as_the_queryset_gives_them() -> None:
    undoing = act(action="a.undo")
    made = act(undone_by=undoing)
    question = Question(lambda pk: Operation.objects.filter(pk=pk).select_related("undone_by"))
    found = question.first(pk=made.pk)
    assert found is not None and found == made
    assert (found.at, found.result, found.pk) == (AT, {"loan": 7}, made.pk)
    with CaptureQueriesContext(connection) as asked:
        assert found.undone_by == undoing
    assert len(asked) == 0
    other = question.first(pk=undoing.pk)
    assert other is not None and other.undone_by is None


def test_each_asking_is_filled_in_anew_and_nothing_is_remembered() -> None:
    question = Question(lambda action: Operation.objects.filter(action=action).values_list("pk", "at"))
    assert question.all(action="a.b") == []
    made = act()
    assert question.all(action="a.b") == [(made.pk, AT)]
    assert question.all(action="other") == []
    assert question.first(action="other") is None


def test_a_tuple_fills_as_many_blanks_as_it_has_values() -> None:
    made = [act(action=f"a.{n}") for n in range(3)]
    question = Question(
        lambda actions: (
            Operation.objects.filter(action__in=actions).order_by("action").values_list("pk", flat=True)
        )
    )
    assert question.all(actions=("a.0",)) == [made[0].pk]
    assert question.all(actions=("a.2", "a.0")) == [made[0].pk, made[2].pk]
    assert question.all(actions=("a.2", "a.1", "x")) == [made[1].pk, made[2].pk]


def test_annotations_come_with_the_model() -> None:
    undoing = act()
    act(undone_by=undoing)
    question = Question(lambda pk: Operation.objects.filter(pk=pk).annotate(undone=Count("undoes")))
    found = question.first(pk=undoing.pk)
    assert found is not None and found.undone == 1


def test_what_has_no_shape_of_its_own_is_refused() -> None:
    def dictionaries(pk: Blank) -> QuerySet[Operation, dict[str, object]]:
        return Operation.objects.filter(pk=pk).values("at")  # type: ignore[return-value]

    with pytest.raises(TypeError, match="models or lists of values"):
        Question(dictionaries).first(pk=uuid7())


def test_a_change_says_how_many_rows_it_met() -> None:
    made = act()
    change = Change(
        lambda pk, at, subject, result: (
            Operation.objects.filter(pk=pk, subject=""),
            {"subject": subject, "at": at, "result": result},
        )
    )
    later = AT.replace(hour=5)
    assert change.make(pk=made.pk, at=later, subject="x:1", result={"a": [1, None]}) == 1
    assert change.make(pk=made.pk, at=later, subject="x:2", result={}) == 0
    made.refresh_from_db()
    assert (made.at, made.subject, made.result) == (later, "x:1", {"a": [1, None]})


def test_an_entry_writes_every_column_and_says_whether_the_key_was_free() -> None:
    entry = Entry(Operation, unless_there=True)
    row = Operation(action="a.b", actor="李", door="desk", at=AT, detail={"字": "“%s”"})
    assert entry.make(row)
    assert not entry.make(Operation(id=row.pk, action="other", actor="x", door="cli", at=AT))
    kept = Operation.objects.get()
    assert (kept.pk, kept.action, kept.at, kept.detail) == (row.pk, "a.b", AT, {"字": "“%s”"})
    assert not row._state.adding


def test_an_entry_keeps_the_tables_constraints() -> None:
    whole = Entry(Job)
    job = Job(kind="a", requested_by="li", created_at=AT, finished_at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        whole.make(job)
    assert not Job.objects.exists()


def test_values_are_stored_as_django_stores_them() -> None:
    key = UUID("0190a1b2-0000-7000-8000-000000000001")
    for value in ("x", 3, None, True, date(2026, 1, 2), time(8, 30), AT, key):
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s", [_stored(value, connection)])
    if connection.vendor == "sqlite":
        assert _stored(key, connection) == key.hex
        assert _stored(time(8, 30), connection) == "08:30:00"


def test_an_act_costs_two_statements_beside_its_own() -> None:
    with CaptureQueriesContext(connection) as asked:
        begun = operations.begin("a.b", by=BY, at=AT, operation_id=uuid7())
        operations.finish(begun.operation, subject="x:1", result={"loan": 1})
    assert len(asked) == 2
    assert not begun.repeated
    with CaptureQueriesContext(connection) as asked:
        again = operations.begin("a.b", by=BY, at=AT, operation_id=begun.operation.pk)
    assert len(asked) == 2
    assert again.repeated and again.operation.result == {"loan": 1}
