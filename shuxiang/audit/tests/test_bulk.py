"""Rows by the thousand: keys in blocks, defaults as the models have them, questions in pieces."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from shuxiang.audit import bulk
from shuxiang.audit.models import Job, Operation
from shuxiang.common.ids import uuid7, uuid7s

AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_rows_come_out_as_the_models_would_have_written_them() -> None:
    keys = bulk.new_uuids(3)
    rows = [(key, f"Zhang's 100%s “{n}”", json.dumps({"n": n})) for n, key in enumerate(keys)]
    constants = {"actor": "o'hara %s 李", "door": "cli", "at": AT, "detail": {"书": "西游记"}}
    bulk.insert(Operation, ("id", "action", "result"), rows, constants=constants)
    found = list(Operation.objects.order_by("pk"))
    assert [one.action for one in found] == [action for _key, action, _result in rows]
    assert [one.result for one in found] == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert {(one.actor, one.at, one.subject) for one in found} == {("o'hara %s 李", AT, "")}
    assert found[0].detail == {"书": "西游记"}
    assert found[0].undone_by_id is None


def test_keys_given_in_a_block_are_never_given_again() -> None:
    with transaction.atomic():
        first = bulk.take_keys(ContentType, 3)
        rows = [(key, f"one{key}") for key in first]
        bulk.insert(ContentType, ("id", "model"), rows, constants={"app_label": "tests"})
    ContentType.objects.filter(app_label="tests").delete()
    later = ContentType.objects.create(app_label="tests", model="later")
    assert list(first) == sorted(set(first))
    assert later.pk > max(first)
    with transaction.atomic():
        assert min(bulk.take_keys(ContentType, 2)) > later.pk
        assert list(bulk.take_keys(ContentType, 0)) == []


@pytest.mark.django_db(transaction=True)
def test_keys_are_taken_only_where_they_are_used() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        bulk.take_keys(Job, 1)


def test_a_question_about_thousands_is_asked_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_MOST_KEYS", 2)
    keys = bulk.new_uuids(5)
    constants = {"action": "a", "actor": "b", "door": "cli", "at": AT}
    bulk.insert(Operation, ("id",), [(key,) for key in keys], constants=constants)
    select = "SELECT action FROM audit_operation WHERE id IN ({keys})"
    assert len(bulk.rows_in(select, [*keys, *keys])) == 5
    assert bulk.rows_in(select, []) == []


def test_many_uuids_rise() -> None:
    many = uuid7s(1000)
    assert many == sorted(set(many))
    assert {UUID(one).version for one in many} == {7}
    assert uuid7().hex > many[-1]
    assert uuid7s(0) == []
