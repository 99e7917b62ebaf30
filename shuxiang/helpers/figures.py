"""Figures of pupil librarians: how many helped, what they were trained in, how long they served."""

from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.figures.registry import Figure, Rows, Scope, Value, register
from shuxiang.helpers.messages import TOPICS
from shuxiang.helpers.models import Helper, Served, Training
from shuxiang.helpers.selectors import trainings_of


def _helpers(scope: Scope) -> QuerySet[Helper]:
    """Appointed on any day of the period so far."""
    rows = Helper.objects.filter(library=scope.library, from_on__lte=scope.last_day)
    return rows.filter(
        to_on__gte=scope.period.starts_on, state__in=[Helper.State.APPOINTED, Helper.State.ENDED]
    )


def _trainings(scope: Scope) -> QuerySet[Training]:
    return trainings_of(scope.library).filter(on__range=scope.days)


def _served(scope: Scope) -> QuerySet[Served]:
    return Served.objects.filter(helper__library=scope.library, on__range=scope.days)


def _hours(scope: Scope) -> Value:
    return Value(Decimal(_served(scope).aggregate(n=Sum("minutes"))["n"] or 0) / 60)


def _helper_rows(scope: Scope, _part: str, first: int, many: int) -> Rows:
    found = _helpers(scope).select_related("patron").order_by("from_on", "patron__name_pinyin", "pk")
    rows = [(one.patron.name, one.from_on, one.to_on) for one in found[first : first + many]]
    return Rows((pgettext_lazy("person", "Name"), _("From"), _("To")), rows, found.count(), personal=(0,))


def _training_rows(scope: Scope, _part: str, first: int, many: int) -> Rows:
    found = _trainings(scope)
    rows = [
        (one.on, str(TOPICS[one.topic]), one.trainer, getattr(one, "count", 0))
        for one in found[first : first + many]
    ]
    return Rows((_("Day"), _("Topic"), _("Trainer"), _("Present")), rows, found.count())


def _served_rows(scope: Scope, _part: str, first: int, many: int) -> Rows:
    found = _served(scope).select_related("helper__patron").order_by("on", "starts", "pk")
    rows = [(one.on, one.helper.patron.name, one.minutes) for one in found[first : first + many]]
    return Rows(
        (_("Day"), pgettext_lazy("person", "Name"), pgettext_lazy("on duty", "Minutes")),
        rows,
        found.count(),
        personal=(1,),
    )


def register_all() -> None:
    register(
        Figure(
            "helpers.count",
            _("Pupil librarians"),
            _("pupils"),
            _("Pupils appointed as librarians on any day of the period."),
            lambda scope: Value.count(_helpers(scope).values("patron").distinct().count()),
            rows=_helper_rows,
            is_evidence=True,
        )
    )
    register(
        Figure(
            "helpers.trainings",
            _("Trainings of pupil librarians"),
            _("times"),
            _("Trainings and meetings of pupil librarians held in the period."),
            lambda scope: Value.count(_trainings(scope).count()),
            rows=_training_rows,
            is_evidence=True,
        )
    )
    register(
        Figure(
            "helpers.hours",
            _("Hours on duty"),
            _("hours"),
            _("Sum of the turns of pupil librarians that were noted as kept in the period."),
            _hours,
            decimals=1,
            rows=_served_rows,
            is_evidence=True,
        )
    )


register_all()
