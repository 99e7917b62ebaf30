"""Acts: a library sets itself a target."""

from datetime import datetime

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.figures import registry
from shuxiang.figures.models import Target
from shuxiang.figures.rules import read_target
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import Library


@transaction.atomic
def set_target(
    *, library: Library, figure: str, period: str, written: str, by: Actor, at: datetime
) -> Target | None:
    """Set what a figure shall reach in a period, or with nothing written take the target back.

    Raises Refused for what is no number or finer than the figure is shown, UnknownFigure, BadPeriod.
    """
    value = read_target(written, registry.get(figure).decimals)
    code = libraries.period(library, period).code
    begun = operations.begin("figures.set_target", by=by, at=at, library_code=library.code)
    row: Target | None = None
    if value is None:
        Target.objects.filter(library=library, figure=figure, period=code).delete()
    else:
        row, _made = Target.objects.update_or_create(
            library=library, figure=figure, period=code, defaults={"value": value, "set_at": at}
        )
    detail = {"figure": figure, "period": code, "value": None if value is None else str(value)}
    operations.finish(begun.operation, subject="figures.target", detail=detail)
    return row
