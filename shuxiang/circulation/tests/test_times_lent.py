"""What is lent most is counted when the server is idle."""

from datetime import timedelta

from shuxiang.audit import jobs
from shuxiang.audit.models import Job
from shuxiang.circulation.jobs import KIND, count_loans, is_due
from shuxiang.circulation.services import cancel_loan, check_in
from shuxiang.circulation.tests.desk import AT, BY, ON, Desk
from shuxiang.common import clock
from shuxiang.holdings.models import Holding


def times_lent(desk: Desk) -> int:
    return Holding.objects.get(pk=desk.item.holding_id).times_lent


def test_loans_of_twelve_months_count_and_undone_ones_do_not(desk: Desk) -> None:
    desk.lend()
    check_in(library=desk.library, item=desk.item, at=AT + timedelta(hours=1), by=BY)
    desk.lend(at=AT + timedelta(hours=2))
    cancel_loan(
        loan=desk.lend(item=desk.items[1], at=AT + timedelta(hours=3)), at=AT + timedelta(hours=4), by=BY
    )
    assert times_lent(desk) == 0  # no act of the desk counts
    assert count_loans(on=ON) == 1
    assert times_lent(desk) == 2
    assert count_loans(on=ON) == 0
    assert count_loans(on=ON + timedelta(days=365)) == 1
    assert times_lent(desk) == 0


def test_the_count_is_due_after_new_loans_but_not_at_once_again(desk: Desk) -> None:
    now = clock.now()
    assert is_due(now) is None  # nothing was ever lent
    loan = desk.lend()
    due = {job.kind: job.params for job in jobs.queue_due(now)}
    assert due[KIND] == {"last_loan": loan.pk}
    assert jobs.queue_due(now) == []  # one waits
    assert jobs.run_pending() == len(due)
    assert Job.objects.get(kind=KIND).state == Job.State.DONE
    assert is_due(now) is None
    assert is_due(now + timedelta(hours=2)) is None  # nothing was lent since
    assert is_due(now + timedelta(hours=21)) == {"last_loan": loan.pk}
    check_in(library=desk.library, item=desk.item, at=AT + timedelta(hours=1), by=BY)
    again = desk.lend(at=AT + timedelta(hours=2))
    assert is_due(now + timedelta(hours=2)) == {"last_loan": again.pk}
