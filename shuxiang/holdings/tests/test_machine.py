"""Random acts in random order; after each of them the books reconcile."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypedDict

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shuxiang.audit import reconcile
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Refused
from shuxiang.holdings.models import AccessionBatch, Item, PropertyLine
from shuxiang.holdings.rules import ON_BOOKS
from shuxiang.holdings.selectors import on_books
from shuxiang.holdings.services import (
    add_items,
    assign_barcodes,
    ensure_location,
    mark_found,
    mark_missing,
    post_batch,
    put_aside,
    put_back,
    reverse_batch,
    transfer,
    void_batch,
    withdraw,
)
from shuxiang.holdings.tests.builders import AT, BY, ON, School, make_library
from shuxiang.libraries.models import Library

PRICES = st.none() | st.integers(0, 9900)
PICK = st.integers(0, 1_000_000)


class When(TypedDict):
    """Who and when, as every act wants it."""

    by: Actor
    at: datetime


class Dated(When):
    """And the day that goes into the books."""

    on: date


class StackRoom(RuleBasedStateMachine):
    """A library in which everything happens, one day after the other."""

    @initialize(titles=st.integers(1, 3))
    def open(self, titles: int) -> None:
        self.day = 0
        self.school = School(
            make_library(f"m{Library.objects.count()}")
        )  # earlier examples stay in the test's transaction
        self.holdings = [self.school.hold(f"书{n}", clc="I18" if n else "") for n in range(titles)]

    @property
    def when(self) -> When:
        return {"by": BY, "at": AT + timedelta(days=self.day)}

    @property
    def dated(self) -> Dated:
        return {"by": BY, "at": AT + timedelta(days=self.day), "on": ON + timedelta(days=self.day)}

    def pick(self, number: int) -> Item | None:
        items = list(Item.objects.filter(library=self.school.library).order_by("pk"))
        return items[number % len(items)] if items else None

    def batch(self, number: int) -> AccessionBatch | None:
        batches = list(AccessionBatch.objects.filter(library=self.school.library).order_by("pk"))
        return batches[number % len(batches)] if batches else None

    @rule(title=PICK, copies=st.integers(0, 4), price=PRICES, new=st.booleans(), number=PICK)
    def write_down(self, title: int, copies: int, price: int | None, new: bool, number: int) -> None:
        batch = self.batch(number)
        if new or batch is None:
            batch = self.school.draft()
        holding = self.holdings[title % len(self.holdings)]
        try:
            add_items(batch=batch, holding=holding, copies=copies, list_price_fen=price, **self.when)
        except Refused:
            assert batch.state != "draft"

    @rule(number=PICK)
    def post(self, number: int) -> None:
        if (batch := self.batch(number)) is None:
            return
        was, volumes = batch.state, batch.lines.count()
        try:
            post_batch(batch, **self.dated)
        except Refused:
            assert was != "draft" or volumes == 0
        else:
            assert batch.volumes == volumes

    @rule(number=PICK)
    def void(self, number: int) -> None:
        if (batch := self.batch(number)) is None:
            return
        was = batch.state
        try:
            void_batch(batch, **self.when)
        except Refused:
            assert was != "draft"
        else:
            assert not batch.lines.exists()

    @rule(number=PICK)
    def reverse(self, number: int) -> None:
        if (batch := self.batch(number)) is None:
            return
        there = batch.lines.exclude(item__account="withdrawn").count()
        try:
            result = reverse_batch(batch, **self.dated)
        except Refused:
            assert batch.state != "posted"
        else:
            assert batch.lines.exclude(item__account="withdrawn").count() == there - result.reversed

    @rule(numbers=st.lists(PICK, min_size=1, max_size=3))
    def strike(self, numbers: list[int]) -> None:
        items = list({item.pk: item for number in numbers if (item := self.pick(number))}.values())
        before = {item.account for item in items}
        try:
            withdraw(items, reason="worn", **self.dated)
        except Refused:
            assert not items or before & {"draft", "withdrawn"}
        else:
            assert {item.account for item in items} == {"withdrawn"}

    @rule(number=PICK, act=st.sampled_from([mark_missing, mark_found, put_back]))
    def shift(self, number: int, act: Callable[..., Item]) -> None:
        self._try(number, act)

    @rule(number=PICK, account=st.sampled_from(["mending", "binding", "display"]))
    def set_aside(self, number: int, account: str) -> None:
        self._try(number, partial(put_aside, target=account))

    def _try(self, number: int, act: Callable[..., Item]) -> None:
        if (item := self.pick(number)) is None:
            return
        before = item.account
        try:
            act(item, **self.dated)
        except Refused:
            item.refresh_from_db()
            assert item.account == before
        else:
            assert item.account != before

    @rule(number=PICK, place=st.sampled_from(["A架", "B架"]), is_home=st.booleans())
    def carry(self, number: int, place: str, is_home: bool) -> None:
        if (item := self.pick(number)) is None:
            return
        try:
            transfer([item], to=ensure_location(self.school.library, place), is_home=is_home, **self.dated)
        except Refused:
            assert item.account in {"draft", "missing", "withdrawn"}

    @rule(number=PICK)
    def label(self, number: int) -> None:
        if (item := self.pick(number)) is None:
            return
        try:
            assign_barcodes([item.pk], library=self.school.library, **self.when)
        except Refused:
            assert item.account == "withdrawn"

    @rule()
    def next_day(self) -> None:
        self.day += 1

    @invariant()
    @precondition(lambda self: hasattr(self, "school"))
    def the_books_reconcile(self) -> None:
        library = self.school.library
        assert reconcile.run(library.code).differences == ()
        there = PropertyLine.objects.filter(library=library, item__account__in=ON_BOOKS).count()
        assert on_books(library, ON + timedelta(days=self.day)).count() == there


@pytest.mark.django_db
def test_the_books_reconcile_after_any_acts() -> None:
    run_state_machine_as_test(
        StackRoom,
        settings=settings(
            max_examples=10,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        ),
    )
