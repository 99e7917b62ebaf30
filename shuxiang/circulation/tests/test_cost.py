"""What an act asks of the database: each fact once, and nothing that was true only a moment ago."""

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuxiang.circulation.models import LoanPolicy
from shuxiang.circulation.rules import PolicyRow
from shuxiang.circulation.services import Outcome, ScanResult, Sitting, scan, set_policy
from shuxiang.circulation.tests.desk import AT, BY, Desk, open_desk
from shuxiang.holdings.models import Item, ItemIdentifier
from shuxiang.libraries.models import CalendarDay
from shuxiang.patrons.models import Patron

LENDING = 23  # card, label, operation, open loan; BEGIN, 12 facts, 6 rows written, COMMIT
RETURNING = 15


@pytest.fixture
def desk() -> Desk:
    return open_desk()


def code_of(item: Item) -> str:
    return ItemIdentifier.objects.get(item=item).value


def do(desk: Desk, item: Item, patron: Patron | None, minutes: int = 0) -> tuple[ScanResult, list[str]]:
    """A scan of a volume and the statements it took."""
    sitting = Sitting(desk.library, AT + timedelta(minutes=minutes), BY, patron=patron, operation_id=uuid4())
    code = code_of(item)
    with CaptureQueriesContext(connection) as asked:
        result = scan(sitting, code)
    return result, [query["sql"] for query in asked]


@pytest.mark.django_db(transaction=True)
def test_lending_asks_each_fact_once(desk: Desk) -> None:
    result, asked = do(desk, desk.item, desk.pupil)
    assert result.outcome is Outcome.LENT
    assert len(asked) <= LENDING, "\n".join(asked)
    facts = [sql for sql in asked if sql.startswith("SELECT")]
    tables = [sql.partition(' FROM "')[2].partition('"')[0] for sql in facts]
    for table in (
        "libraries_term",
        "libraries_openinghours",
        "circulation_loanpolicy",
        "patrons_classmembership",
    ):
        assert tables.count(table) <= 1, table


@pytest.mark.django_db(transaction=True)
def test_taking_back_asks_little(desk: Desk) -> None:
    do(desk, desk.item, desk.pupil)
    result, asked = do(desk, desk.item, None, minutes=5)
    assert result.outcome is Outcome.RETURNED and result.loan is not None
    assert len(asked) <= RETURNING, "\n".join(asked)
    assert result.patron == desk.pupil and result.record is not None


@pytest.mark.django_db(transaction=True)
def test_the_answer_to_a_return_needs_no_further_question(desk: Desk) -> None:
    do(desk, desk.item, desk.pupil)
    result, _asked = do(desk, desk.item, None, minutes=5)
    with CaptureQueriesContext(connection) as asked:
        assert result.loan is not None and result.loan.patron is not None and result.item is not None
        shown = (result.loan.patron.name, result.loan.record.title, result.item.holding.call_number)
        assert all(shown) and (result.item.current or result.item.home).name
    assert len(asked) == 0


def elsewhere(change: Callable[[], object]) -> None:
    """Do something as another program would: in a connection of its own."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            change()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert not failed, failed


@pytest.mark.django_db(transaction=True)
def test_rules_that_another_program_changes_hold_for_the_next_scan(desk: Desk) -> None:
    first, _asked = do(desk, desk.items[0], desk.pupil)
    assert first.loan is not None
    row = PolicyRow(desk.pupil.category_id, None, 1, 7, 0, 7)
    elsewhere(lambda: set_policy(library=desk.library, row=row, at=AT, by=BY))
    second, _asked = do(desk, desk.items[1], desk.pupil, minutes=1)
    assert [reason.code for reason in second.decision.asks] == ["loan_limit_reached"]
    elsewhere(lambda: LoanPolicy.objects.filter(library=desk.library).delete())
    teacher, _asked = do(desk, desk.items[1], desk.teacher, minutes=2)
    assert teacher.loan is not None
    assert (teacher.loan.due_on - teacher.loan.out_on).days == 14


@pytest.mark.django_db(transaction=True)
def test_a_holiday_that_another_program_enters_holds_for_the_next_scan(desk: Desk) -> None:
    first, _asked = do(desk, desk.items[0], desk.pupil)
    assert first.loan is not None
    due = first.loan.due_on
    elsewhere(
        lambda: CalendarDay.objects.create(
            library=desk.library, from_on=due, to_on=due, is_open=False, name="假"
        )
    )
    second, _asked = do(desk, desk.items[1], desk.pupil, minutes=1)
    assert second.loan is not None
    assert second.loan.due_on > due
    assert "due_moved" in {reason.code for reason in second.decision.reasons}
