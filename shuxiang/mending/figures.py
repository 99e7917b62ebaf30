"""Figures of mending: volumes mended and bound, what it cost, who helped."""

from collections.abc import Callable
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.figures.registry import Drill, Figure, Part, Rows, Scope, Split, Value, register
from shuxiang.mending.messages import KINDS
from shuxiang.mending.models import Round, Task

Tasks = Callable[[Scope], QuerySet[Task]]


def _mended(scope: Scope) -> QuerySet[Task]:
    """Tasks that ended well in the period, whatever was done."""
    return Task.objects.filter(library=scope.library, outcome=Task.Outcome.MENDED, ended_on__range=scope.days)


def _repaired(scope: Scope) -> QuerySet[Task]:
    return _mended(scope).exclude(kind=Task.Kind.BINDING)


def _bound(scope: Scope) -> QuerySet[Task]:
    return _mended(scope).filter(kind=Task.Kind.BINDING)


def _away(scope: Scope) -> QuerySet[Task]:
    """Taken in by the last day and not finished by then."""
    came = Task.objects.filter(library=scope.library, came_on__lte=scope.last_day)
    return came.filter(Q(ended_on=None) | Q(ended_on__gt=scope.last_day))


def _afternoons(scope: Scope) -> QuerySet[Round]:
    return Round.objects.filter(library=scope.library, kind=Round.Kind.AFTERNOON, on__range=scope.days)


def _by_kind(tasks: Tasks) -> Split:
    def parts(scope: Scope) -> list[Part]:
        counted = dict(tasks(scope).values_list("kind").annotate(n=Count("pk")).order_by("kind"))
        return [
            Part(kind, str(words), Value.count(counted[kind]))
            for kind, words in KINDS.items()
            if kind in counted
        ]

    return parts


def _drill(tasks: Tasks) -> Drill:
    def rows(scope: Scope, part: str, first: int, many: int) -> Rows:
        by, _colon, key = part.partition(":")
        found = tasks(scope).filter(kind=key) if by == "kind" else tasks(scope)
        page = found.select_related("item__holding__record").order_by("ended_on", "came_on", "pk")
        return Rows(
            (_("Title"), pgettext_lazy("mending", "Kind"), _("Came on"), _("Finished on"), _("Cost")),
            [
                (
                    task.item.holding.record.title,
                    str(KINDS[task.kind]),
                    task.came_on,
                    task.ended_on,
                    None if task.cost_fen is None else Decimal(task.cost_fen) / 100,
                )
                for task in page[first : first + many]
            ],
            found.count(),
        )

    return rows


def _rounds(scope: Scope, _part: str, first: int, many: int) -> Rows:
    found = (
        _afternoons(scope)
        .select_related("school_class")
        .annotate(volumes=Count("tasks"))
        .order_by("on", "pk")
    )
    return Rows(
        (_("Day"), _("Name"), _("Helpers"), _("Volumes")),
        [(one.on, one.name, one.helpers, one.volumes) for one in found[first : first + many]],
        found.count(),
    )


def register_all() -> None:
    register(
        Figure(
            "mending.volumes",
            _("Volumes mended"),
            _("volumes"),
            _("Volumes whose mending ended well in the period; what was bound is counted apart."),
            lambda scope: Value.count(_repaired(scope).count()),
            parts={"kind": _by_kind(_repaired)},
            rows=_drill(_repaired),
            is_evidence=True,
        )
    )
    register(
        Figure(
            "mending.bound",
            _("Volumes bound"),
            _("volumes"),
            _("Volumes that came back bound in the period."),
            lambda scope: Value.count(_bound(scope).count()),
            rows=_drill(_bound),
            is_evidence=True,
        )
    )
    register(
        Figure(
            "mending.cost",
            _("Cost of mending and binding"),
            _("yuan"),
            _("Sum of the known costs of what was mended and bound in the period."),
            lambda scope: Value(Decimal(_mended(scope).aggregate(fen=Sum("cost_fen"))["fen"] or 0) / 100),
            decimals=2,
            rows=_drill(_mended),
        )
    )
    _register_state()


def _register_state() -> None:
    register(
        Figure(
            "mending.away",
            _("Volumes being mended or bound"),
            _("volumes"),
            _("Volumes taken in by the period's last day and not finished by then."),
            lambda scope: Value.count(_away(scope).count()),
            rows=_drill(_away),
        )
    )
    register(
        Figure(
            "mending.afternoons",
            _("Repair afternoons"),
            _("times"),
            _("Afternoons on which pupils repaired, held in the period."),
            lambda scope: Value.count(_afternoons(scope).count()),
            rows=_rounds,
            is_evidence=True,
        )
    )


register_all()
