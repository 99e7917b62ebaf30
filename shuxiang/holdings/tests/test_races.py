"""Two desks at once: numbers are given once and without gaps, on both engines."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from shuxiang.audit import reconcile
from shuxiang.common.decisions import Refused
from shuxiang.holdings.models import BookNumberSeries, Holding, ItemIdentifier, PropertyLine
from shuxiang.holdings.services import (
    add_items,
    assign_barcodes,
    change_call_number,
    default_places,
    hold,
    mark_missing,
    post_batch,
    withdraw,
)
from shuxiang.holdings.services.move import AccountChanged
from shuxiang.holdings.tests.builders import AT, BY, LATER, LATER_ON, ON, School, make_library, make_record

THREADS, ROUNDS = 4, 5
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def school(transactional_db: None) -> School:
    made = School(make_library())
    default_places(made.library)
    return made


def at_once(*acts: Callable[[], object]) -> list[Exception]:
    """Start all acts together, each with a connection of its own; gives what they raised."""
    start = threading.Barrier(len(acts))
    raised: list[Exception] = []

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait(timeout=30)
            act()
        except Exception as problem:
            raised.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return raised


def test_racing_desks_never_get_one_book_number_and_leave_no_gap(school: School) -> None:
    records = [[make_record(f"书{thread}-{n}") for n in range(ROUNDS)] for thread in range(THREADS)]

    def holder(thread: int) -> Callable[[], None]:
        def act() -> None:
            for record in records[thread]:
                hold(library=school.library, record=record, clc="I18", by=BY, at=AT)

        return act

    assert at_once(*(holder(thread) for thread in range(THREADS))) == []
    numbers = Holding.objects.order_by("book_number").values_list("book_number", flat=True)
    assert list(numbers) == list(range(1, THREADS * ROUNDS + 1))
    assert BookNumberSeries.objects.get().last == THREADS * ROUNDS


def test_racing_desks_never_fill_one_gap_twice(school: School) -> None:
    for number in (4, 9, 14, 30):
        hold(
            library=school.library,
            record=make_record(f"旧{number}"),
            call_number=f"I18/{number}",
            by=BY,
            at=AT,
        )
    records = [[make_record(f"书{thread}-{n}") for n in range(ROUNDS)] for thread in range(THREADS)]

    def holder(thread: int) -> Callable[[], None]:
        def act() -> None:
            for record in records[thread]:
                hold(library=school.library, record=record, clc="I18", by=BY, at=AT)

        return act

    assert at_once(*(holder(thread) for thread in range(THREADS))) == []
    numbers = Holding.objects.order_by("book_number").values_list("book_number", flat=True)
    assert list(numbers) == [*range(1, 24), 30]


def test_one_call_number_is_given_to_one_of_two_titles_at_once(school: School) -> None:
    held = [school.hold(f"书{n}", clc="K82") for n in range(THREADS)]
    raised = at_once(
        *[
            lambda one=one: change_call_number(Holding.objects.get(pk=one.pk), "I18/7", by=BY, at=AT)
            for one in held
        ]
    )
    assert [problem.codes for problem in raised if isinstance(problem, Refused)] == [
        ("call_number_taken",)
    ] * (THREADS - 1)
    assert Holding.objects.filter(call_number="I18/7").count() == 1
    assert (
        at_once(
            *[
                lambda one=one: change_call_number(Holding.objects.get(pk=one.pk), "J2", by=BY, at=AT)
                for one in held
            ]
        )
        == []
    )
    numbers = Holding.objects.filter(clc="J2").order_by("book_number").values_list("book_number", flat=True)
    assert list(numbers) == list(range(1, THREADS + 1))
    assert reconcile.run().differences == ()


def test_batches_posted_at_once_get_numbers_without_gaps(school: School) -> None:
    holding = school.hold()
    batches = [school.draft() for _ in range(THREADS)]
    for batch in batches:
        school.add(batch, holding, 3)
    posts = [lambda batch=batch: post_batch(batch, by=BY, at=AT, on=ON) for batch in batches]
    assert at_once(*posts) == []
    assert sorted(batch.number or 0 for batch in batches) == [1, 2, 3, 4]
    numbers = PropertyLine.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 3 * THREADS + 1))
    assert reconcile.run().differences == ()


def test_one_batch_posted_at_two_desks_is_posted_once(school: School) -> None:
    batch = school.draft()
    school.add(batch, school.hold(), 5)
    raised = at_once(*[lambda: post_batch(type(batch).objects.get(pk=batch.pk), by=BY, at=AT, on=ON)] * 2)
    assert all(isinstance(problem, Refused) for problem in raised)
    assert len(raised) <= 1
    assert PropertyLine.objects.filter(number__isnull=False).count() == 5
    assert reconcile.run().differences == ()


def test_writing_down_and_posting_at_once_lose_no_volume(school: School) -> None:
    batch, holding = school.draft(), school.hold()
    school.add(batch, holding, 2)
    raised = at_once(
        lambda: post_batch(type(batch).objects.get(pk=batch.pk), by=BY, at=AT, on=ON),
        lambda: add_items(batch=batch, holding=holding, copies=2, by=BY, at=AT),
    )
    assert [problem.codes for problem in raised if isinstance(problem, Refused)] in (
        [],
        [("batch_not_draft",)],
    )
    assert len(raised) == (0 if PropertyLine.objects.count() == 4 else 1)
    assert reconcile.run().differences == ()


@pytest.mark.parametrize("before", range(4))
def test_what_is_written_down_while_a_draft_is_added_up_gets_numbers_too(school: School, before: int) -> None:
    batch, holding = school.draft(), school.hold()
    school.add(batch, holding, 2)
    outside = 0  # statements so far that no transaction keeps together

    def somebody_writes(execute: Callable[..., Any], *statement: Any) -> Any:
        nonlocal outside
        if not connection.in_atomic_block:
            outside += 1
            if outside == before + 1:
                school.add(batch, holding, 2)
        return execute(*statement)

    with connection.execute_wrapper(somebody_writes):
        post_batch(batch, by=BY, at=AT, on=ON)
    assert outside > before
    numbers = PropertyLine.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4]
    assert reconcile.run().differences == ()


def test_one_volume_is_withdrawn_or_missing_but_moves_one_way_only(school: School) -> None:
    _batch, (item,) = school.posted()
    raised = at_once(
        lambda: withdraw([type(item).objects.get(pk=item.pk)], reason="worn", by=BY, at=LATER, on=LATER_ON),
        lambda: mark_missing(type(item).objects.get(pk=item.pk), by=BY, at=LATER, on=LATER_ON),
    )
    assert all(isinstance(problem, Refused | AccountChanged) for problem in raised)
    assert reconcile.run().differences == ()


def test_barcodes_taken_at_once_are_all_different(school: School) -> None:
    _batch, items = school.posted(THREADS * ROUNDS)
    keys = [item.pk for item in items]
    labels = [
        lambda part=keys[n::THREADS]: assign_barcodes(part, library=school.library, by=BY, at=LATER)
        for n in range(THREADS)
    ]
    assert at_once(*labels) == []
    values = ItemIdentifier.objects.order_by("value").values_list("value", flat=True)
    assert list(values) == [f"{n:07d}" for n in range(1, THREADS * ROUNDS + 1)]
