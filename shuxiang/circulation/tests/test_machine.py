"""Random acts of a library, one after the other; after each the books agree and the counts are those of a plain model."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from shuxiang.audit.reconcile import run
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import cancel_loan, check_in, mark_lost, renew, reopen_loan
from shuxiang.circulation.tests.desk import AT, BY, Desk, open_desk
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Refused
from shuxiang.holdings.models import Item
from shuxiang.holdings.services import mark_found, mark_missing, put_aside, put_back, withdraw

PICK = st.integers(min_value=0, max_value=9)
ALL_ASKS = frozenset(
    {"loan_limit_reached", "has_overdue", "item_elsewhere", "lent_to_other", "reader_blocked"}
)


class Library(RuleBasedStateMachine):
    """Six volumes and three readers; `out` is the model: which volume is with whom."""

    desk: Desk

    @initialize()
    def found(self) -> None:
        self._atomic: Any = transaction.atomic()
        self._atomic.__enter__()
        self.desk = open_desk(f"m{id(self) % 100000}")
        self.at = AT
        self.out: dict[int, int] = {}
        self.taken_from: dict[int, int] = {}  # by loan: who had the volume until then
        self.counted = 0

    def teardown(self) -> None:
        if hasattr(self, "_atomic"):
            transaction.set_rollback(True)
            self._atomic.__exit__(None, None, None)

    def _item(self, pick: int) -> Item:
        keys = [item.pk for item in self.desk.items]
        return Item.objects.get(pk=keys[pick % len(keys)])

    def _tick(self) -> datetime:
        self.at += timedelta(hours=7)
        return self.at

    def _open(self, pick: int) -> Loan | None:
        loans = list(Loan.objects.filter(library=self.desk.library, in_at=None).order_by("pk"))
        return loans[pick % len(loans)] if loans else None

    @rule(pick=PICK, who=PICK, sure=st.booleans())
    def lend(self, pick: int, who: int, sure: bool) -> None:
        item, patron = self._item(pick), [self.desk.pupil, self.desk.other, self.desk.teacher][who % 3]
        try:
            loan = self.desk.lend(item, patron, self._tick(), confirmed=ALL_ASKS if sure else frozenset())
        except Refused:
            return
        if item.pk in self.out:
            self.taken_from[loan.pk] = self.out[item.pk]
        self.out[item.pk] = patron.pk
        self.counted += 1
        assert loan.in_at is None

    @rule(pick=PICK)
    def take_back(self, pick: int) -> None:
        item = self._item(pick)
        result = check_in(library=self.desk.library, item=item, at=self._tick(), by=BY)
        assert (result.loan is not None) == (self.out.pop(item.pk, None) is not None)

    @rule(pick=PICK)
    def lose(self, pick: int) -> None:
        if (loan := self._open(pick)) is not None:
            mark_lost(loan=loan, at=self._tick(), by=BY)
            self.out.pop(loan.item_id or 0)

    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        if (loan := self._open(pick)) is not None:
            cancel_loan(loan=loan, at=self._tick(), by=BY)
            self.out.pop(loan.item_id or 0)
            if loan.pk in self.taken_from:  # and so given back
                self.out[loan.item_id or 0] = self.taken_from.pop(loan.pk)
            self.counted -= 1

    @rule(pick=PICK)
    def reopen(self, pick: int) -> None:
        returned = list(Loan.objects.filter(library=self.desk.library, outcome="returned").order_by("pk"))
        if not returned:
            return
        loan = returned[pick % len(returned)]
        try:
            reopen_loan(loan=loan, at=self._tick(), by=BY)
        except Refused:
            return
        self.out[loan.item_id or 0] = loan.patron_id or 0

    @rule(pick=PICK)
    def renew(self, pick: int) -> None:
        if (loan := self._open(pick)) is not None:
            try:
                assert (
                    renew(loan=loan, at=self._tick(), by=BY, confirmed=frozenset({"loan_overdue"})).renewals
                    == 1
                )
            except Refused:
                return

    @rule(pick=PICK, act=st.sampled_from(["missing", "found", "aside", "back", "withdraw"]))
    def handle(self, pick: int, act: str) -> None:
        item, at = self._item(pick), self._tick()
        on = local_date(at)
        try:
            match act:
                case "missing":
                    mark_missing(item, by=BY, at=at, on=on)
                case "found":
                    mark_found(item, by=BY, at=at, on=on)
                case "aside":
                    put_aside(item, target="mending", by=BY, at=at, on=on)
                case "back":
                    put_back(item, by=BY, at=at, on=on)
                case _:
                    withdraw([item], reason="worn", by=BY, at=at, on=on)
        except Refused:
            return

    @invariant()
    def books_agree(self) -> None:
        if not hasattr(self, "desk"):
            return
        library = self.desk.library
        outcome = run(library.code)
        assert outcome.is_clean, outcome.differences
        open_now = dict(Loan.objects.filter(library=library, in_at=None).values_list("item_id", "patron_id"))
        assert open_now == self.out
        assert set(Item.objects.filter(library=library, account="loan").values_list("pk", flat=True)) == set(
            self.out
        )
        assert Loan.objects.filter(library=library).exclude(outcome="cancelled").count() == self.counted


@pytest.mark.django_db(transaction=True)
def test_whatever_happens_the_books_agree() -> None:
    run_state_machine_as_test(
        Library,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
