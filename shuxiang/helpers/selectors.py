"""Reads for pupil librarians: who helps, what was trained, the roster, what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum

from shuxiang.accounts.models import Account
from shuxiang.audit.models import Operation
from shuxiang.common.clock import DEFAULT_TIMEZONE
from shuxiang.helpers import rules
from shuxiang.helpers.models import Award, Duty, Helper, Served, Training
from shuxiang.libraries import selectors as ground
from shuxiang.libraries.models import Library, RotationSlot
from shuxiang.patrons.selectors import labels_on

State = Helper.State
ACTS = ("circulation.check_out", "circulation.check_in", "circulation.renew")


def helpers_of(library: Library) -> QuerySet[Helper]:
    rows = Helper.objects.filter(library=library)
    return rows.select_related("patron__category", "school_class__stage", "account", "library")


def proposed(library: Library) -> list[Helper]:
    """Proposals that wait, by class and votes."""
    rows = helpers_of(library).filter(state=State.PROPOSED)
    return list(rows.order_by("school_class__entry_year", "school_class__position", "-votes", "pk"))


def appointed(library: Library, day: date) -> list[Helper]:
    """Who helps on a day or will soon, by class and name; who left the school is left out."""
    rows = helpers_of(library).filter(state=State.APPOINTED, to_on__gte=day, patron__left_on=None)
    return list(
        rows.order_by("-school_class__entry_year", "school_class__position", "patron__name_pinyin", "pk")
    )


def run_out(library: Library, day: date) -> list[Helper]:
    """Appointments that are over but not ended by anybody, those of leavers among them."""
    rows = (
        helpers_of(library)
        .filter(state=State.APPOINTED)
        .filter(Q(to_on__lt=day) | Q(patron__left_on__isnull=False))
    )
    return list(rows.order_by("to_on", "pk"))


def helper_of(library: Library, pk: int) -> Helper | None:
    return helpers_of(library).filter(pk=pk).first()


def mine(account: Account, library: Library, day: date) -> Helper | None:
    """The appointment with which somebody who is signed in helps on a day."""
    rows = helpers_of(library).filter(
        account=account, state=State.APPOINTED, from_on__lte=day, to_on__gte=day
    )
    return rows.order_by("-from_on").first()


def labels(library: Library, helpers: Sequence[Helper], day: date) -> dict[int, str]:
    """The class of each helper on a day by the helper's key; '' for none."""
    by_patron = labels_on(library, [one.patron for one in helpers], day)
    return {one.pk: by_patron.get(one.patron_id, "") for one in helpers}


def trainings_of(library: Library) -> QuerySet[Training]:
    rows = Training.objects.filter(library=library).annotate(count=Count("present"))
    return rows.order_by("-on", "-pk")


def training_of(library: Library, pk: int) -> Training | None:
    return Training.objects.filter(library=library, pk=pk).select_related("library").first()


@dataclass(frozen=True, slots=True)
class Cell:
    """A time of the roster: where, when, and who is on duty then."""

    room_id: int
    room: str
    weekday: int
    week: str
    starts: time
    ends: time
    duties: tuple[Duty, ...]

    @property
    def key(self) -> str:
        """The cell in a form."""
        return f"{self.room_id}-{self.weekday}-{self.week}-{self.starts:%H%M}-{self.ends:%H%M}"


def roster(library: Library, day: date) -> list[Cell]:
    """The times of the rotation table in force on a day, with who is on duty; and duties at other times."""
    rows = RotationSlot.objects.filter(library=library, valid_from__lte=day).exclude(activity="closed")
    rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=day))
    times = set(rows.values_list("room_id", "room__name", "weekday", "week", "starts", "ends"))
    duties = Duty.objects.filter(
        helper__library=library,
        helper__state=State.APPOINTED,
        helper__to_on__gte=day,
        helper__patron__left_on=None,
    ).select_related("helper__patron", "room")
    keeping: dict[tuple[int, str, int, str, time, time], list[Duty]] = {one: [] for one in times}
    for duty in duties.order_by("helper__patron__name_pinyin", "pk"):
        key = (duty.room_id, duty.room.name, duty.weekday, duty.week, duty.starts, duty.ends)
        keeping.setdefault(key, []).append(duty)
    cells = [Cell(*key, tuple(found)) for key, found in keeping.items()]
    return sorted(cells, key=lambda cell: (cell.weekday, cell.starts, cell.ends, cell.week, cell.room))


def duty_of(library: Library, pk: int) -> Duty | None:
    return Duty.objects.filter(helper__library=library, pk=pk).select_related("helper").first()


@dataclass(frozen=True, slots=True)
class Today:
    """A turn of today, and whether it is noted as kept."""

    duty: Duty
    served: Served | None


def duties_on(library: Library, day: date, helper: Helper | None = None) -> list[Today]:
    """Turns of a day, of one helper or of all, by time and name."""
    week = ground.week_on(library, day)
    rows = Duty.objects.filter(
        helper__library=library, helper__state=State.APPOINTED, helper__from_on__lte=day, helper__to_on__gte=day,
        helper__patron__left_on=None, weekday=day.isoweekday(),
    ).select_related("helper__patron", "helper__library", "room")  # fmt: skip
    if helper is not None:
        rows = rows.filter(helper=helper)
    done = {
        (one.helper_id, one.starts): one for one in Served.objects.filter(helper__library=library, on=day)
    }
    return [
        Today(one, done.get((one.helper_id, one.starts)))
        for one in rows.order_by("starts", "helper__patron__name_pinyin", "pk")
        if rules.Turn(one.weekday, one.week, one.starts, one.ends).is_on(day, week)
    ]


def served_of(library: Library, pk: int) -> Served | None:
    return Served.objects.filter(helper__library=library, pk=pk).select_related("helper").first()


def work_of(library: Library, first: date, last: date, *, only: int | None = None) -> list[rules.Work]:
    """What every helper who was appointed in a period did in it: acts at the desk, minutes on duty, trainings."""
    rows = helpers_of(library).filter(from_on__lte=last, to_on__gte=first).exclude(state=State.DECLINED)
    helpers = list(rows.filter(pk=only) if only is not None else rows)
    acts = _acts(library, helpers, first, last)
    minutes = dict(
        Served.objects.filter(helper__in=helpers, on__range=(first, last))
        .values_list("helper")
        .annotate(total=Sum("minutes"))
        .order_by("helper")
    )
    trained = dict(
        Helper.objects.filter(pk__in=[one.pk for one in helpers], trainings__on__range=(first, last))
        .values_list("pk")
        .annotate(n=Count("trainings"))
        .order_by("pk")
    )
    named = labels(library, helpers, last)
    return [
        rules.Work(
            one.pk, one.patron.name, named[one.pk],
            acts.get(one.account.username if one.account else "", 0), minutes.get(one.pk, 0), trained.get(one.pk, 0),
        )
        for one in helpers
    ]  # fmt: skip


def _acts(library: Library, helpers: Sequence[Helper], first: date, last: date) -> dict[str, int]:
    """Loans, returns and renewals by who did them; acts that were undone count as none."""
    names = [one.account.username for one in helpers if one.account is not None]
    zone = ZoneInfo(DEFAULT_TIMEZONE)
    begins = datetime.combine(first, time.min, zone)
    ends = datetime.combine(last + timedelta(days=1), time.min, zone)
    done = Operation.objects.filter(
        library_code=library.code,
        at__gte=begins,
        at__lt=ends,
        action__in=ACTS,
        actor__in=names,
        undone_by=None,
    )
    return dict(done.values_list("actor").annotate(n=Count("pk")).order_by("actor"))


def awards_of(library: Library) -> QuerySet[Award]:
    rows = Award.objects.filter(helper__library=library)
    return rows.select_related("helper__patron", "helper__library").order_by(
        "-on", "helper__patron__name_pinyin"
    )


def award_of(library: Library, pk: int) -> Award | None:
    return awards_of(library).filter(pk=pk).first()
