"""Done when the server is idle: counting how often each holding was lent, looking at the pick-up shelves, forgetting who
stood at a desk without a server."""

from collections import Counter
from datetime import date, datetime, timedelta

from django.db.models import Max
from django.utils.translation import gettext as _

from shuxiang.audit import jobs
from shuxiang.audit.models import Job
from shuxiang.circulation import queue
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services.holds import tend
from shuxiang.circulation.services.settling import forget_dismissed, overdue
from shuxiang.common import clock
from shuxiang.holdings.models import Holding
from shuxiang.holdings.services.counts import set_times_lent
from shuxiang.libraries import selectors as libraries

KIND = "circulation.times_lent"
WINDOW = timedelta(days=365)
AFTER_LOANS = timedelta(hours=1)  # with new loans
ANYHOW = timedelta(hours=20)  # the window slides
HOLDINGS = 1_000  # in one chunk: some 20 ms of reading, less of writing


def is_due(at: datetime) -> dict[str, object] | None:
    """The watermark of a count that is worth making now; None when the last one is recent or nothing was lent since."""
    last = Job.objects.filter(kind=KIND).order_by("-created_at").first()
    if last is not None and last.created_at > at - AFTER_LOANS:
        return None
    newest = Loan.objects.aggregate(newest=Max("pk"))["newest"]
    if newest is None:
        return None
    if last is None or last.created_at <= at - ANYHOW or last.params.get("last_loan") != newest:
        return {"last_loan": newest}
    return None


def count_loans(*, on: date, progress: jobs.Progress | None = None) -> int:
    """Bring Holding.times_lent up to date: loans of the last 365 days, without those undone; gives how many changed.

    In short chunks, so that a desk never waits; counted anew each time, so that an undone import is forgotten.
    """
    end = Holding.objects.aggregate(end=Max("pk"))["end"] or 0
    loans = Loan.objects.filter(out_on__gt=on - WINDOW).exclude(outcome=Loan.Outcome.CANCELLED)
    changed = 0
    for first in range(1, end + 1, HOLDINGS):
        last = first + HOLDINGS - 1
        mine = loans.filter(item__holding_id__gte=first, item__holding_id__lte=last)
        counts = Counter(mine.values_list("item__holding_id", flat=True))
        changed += set_times_lent(first, last, counts)
        if progress is not None:
            progress(min(last, end), end)
    return changed


@jobs.handles(KIND)
def times_lent(_job: Job, progress: jobs.Progress) -> str:
    """The job: says how many holdings have another number now."""
    changed = count_loans(on=clock.local_date(clock.now()), progress=progress)
    return _("Loans of the last twelve months were counted; %(count)s titles have another number now.") % {
        "count": changed
    }


jobs.when_idle(KIND, is_due)


TEND = "circulation.tend_holds"


def holds_are_due(at: datetime) -> dict[str, object] | None:
    """Something was kept longer than it should be; anyhow once a day, for readers who left and volumes that went."""
    last = Job.objects.filter(kind=TEND).order_by("-created_at").first()
    if last is not None and last.created_at > at - AFTER_LOANS:
        return None
    if queue.is_due(clock.local_date(at)):
        return {}
    stale = last is None or last.created_at <= at - ANYHOW
    return {} if stale and queue.anybody_waits() else None


@jobs.handles(TEND)
def tend_holds(_job: Job, progress: jobs.Progress) -> str:
    """The job: the pick-up shelf of every library made true."""
    every = libraries.all_libraries()
    sums: Counter[str] = Counter()
    for n, library in enumerate(every, 1):
        sums.update(tend(library=library, at=clock.now(), by=jobs.SYSTEM))
        progress(n, len(every))
    return _("Holds: %(expired)s not fetched in time, %(again)s wait again, %(ended)s ended.") % {
        "expired": sums["expired"],
        "again": sums["again"],
        "ended": sums["ended"],
    }


jobs.when_idle(TEND, holds_are_due)


FORGET = "circulation.forget_kept"


def kept_are_due(at: datetime) -> dict[str, object] | None:
    """A dismissed act of an interruption can no longer be looked at again."""
    return {} if overdue(at).exists() else None


@jobs.handles(FORGET)
def forget_kept(_job: Job, _progress: jobs.Progress) -> str:
    """The job: says how many no longer name their reader."""
    return _("Acts of interruptions settled long ago: %(count)s no longer say who stood there.") % {
        "count": forget_dismissed(clock.now())
    }


jobs.when_idle(FORGET, kept_are_due)
