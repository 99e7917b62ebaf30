"""PostgreSQL's planner is told what a bulk act has done, before anything is asked of it."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuxiang.audit.models import Operation
from shuxiang.audit.statistics import know_sizes
from shuxiang.common.ids import uuid7

AT = datetime(2026, 11, 22, tzinfo=UTC)
TABLE = Operation._meta.db_table


def write(count: int) -> None:
    Operation.objects.bulk_create(
        Operation(
            id=uuid7(), action="tests.write", at=AT, actor="tests", door="system", request_digest="0" * 64
        )
        for _ in range(count)
    )


def analyzed(act: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in act.captured_queries if query["sql"].startswith("ANALYZE")]


def known_rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [TABLE])
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
def test_a_table_that_was_emptied_and_filled_again_is_looked_at_though_it_has_not_grown() -> None:
    write(3000)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            Operation.objects.all().delete()
            cursor.execute(f"ANALYZE {TABLE}")
    write(2000)
    with CaptureQueriesContext(connection) as act:
        know_sizes()
    if connection.vendor == "postgresql":
        assert f"ANALYZE {TABLE}" in analyzed(act)
        assert known_rows() >= 2000
    else:
        assert act.captured_queries == []


@pytest.mark.django_db
def test_small_tables_are_left_alone() -> None:
    write(10)
    with CaptureQueriesContext(connection) as act:
        know_sizes()
    assert f"ANALYZE {TABLE}" not in analyzed(act)
