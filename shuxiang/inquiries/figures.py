"""Figures of the service desk: requests by kind, those answered, the time they took."""

from collections.abc import Callable

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.figures.registry import Drill, Figure, Part, Rows, Scope, Value, register
from shuxiang.inquiries.messages import KINDS, STATES
from shuxiang.inquiries.models import Inquiry

Found = Callable[[Scope], QuerySet[Inquiry]]


def _asked(scope: Scope) -> QuerySet[Inquiry]:
    asked = Inquiry.objects.filter(library=scope.library, asked_on__range=scope.days)
    return asked.exclude(state=Inquiry.State.DROPPED)


def _answered(scope: Scope) -> QuerySet[Inquiry]:
    return _asked(scope).filter(state=Inquiry.State.ANSWERED)


def _by_kind(scope: Scope) -> list[Part]:
    counted = dict(_asked(scope).order_by().values_list("kind").annotate(n=Count("pk")))
    return [
        Part(kind, str(words), Value.count(counted[kind])) for kind, words in KINDS.items() if kind in counted
    ]


def _drill(of: Found) -> Drill:
    """Without who asked."""

    def rows(scope: Scope, part: str, first: int, many: int) -> Rows:
        by, _colon, key = part.partition(":")
        found = of(scope).filter(kind=key) if by == "kind" else of(scope)
        return Rows(
            (_("Day"), pgettext_lazy("inquiry", "Kind"), _("Question"), _("State"), _("Minutes")),
            [
                (one.asked_on, str(KINDS[one.kind]), one.question, str(STATES[one.state]), one.minutes)
                for one in found.order_by("asked_on", "pk")[first : first + many]
            ],
            found.count(),
        )

    return rows


def register_all() -> None:
    register(
        Figure(
            "inquiries.asked",
            _("Requests at the service desk"),
            pgettext_lazy("unit", "requests"),
            _(
                "Reference questions, searches, copies, deliveries and others asked in the period, without those dropped."
            ),
            lambda scope: Value.count(_asked(scope).count()),
            parts={"kind": _by_kind},
            rows=_drill(_asked),
            is_evidence=True,
        )
    )
    register(
        Figure(
            "inquiries.answered",
            _("Requests answered"),
            "%",
            _("Of the requests asked in the period those answered by now ÷ all of them."),
            lambda scope: Value.quotient(_answered(scope).count(), _asked(scope).count(), 100),
            decimals=1,
            rows=_drill(_answered),
        )
    )
    register(
        Figure(
            "inquiries.minutes",
            _("Minutes spent on requests"),
            pgettext_lazy("unit", "minutes"),
            _("Sum of the minutes noted with the answers to requests asked in the period."),
            lambda scope: Value.count(_answered(scope).aggregate(n=Sum("minutes"))["n"] or 0),
            rows=_drill(_answered),
        )
    )


register_all()
