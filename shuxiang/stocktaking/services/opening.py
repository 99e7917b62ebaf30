"""Open a stocktake, let somebody scan in it, abandon it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import ShelvingLocation
from shuxiang.holdings.rules import sort_key
from shuxiang.libraries.models import Library
from shuxiang.stocktaking.models import Stocktake, StocktakePlace, Stream
from shuxiang.stocktaking.refusals import refuse
from shuxiang.stocktaking.rules import class_prefixes

State = Stocktake.State


def open_stocktake(
    *,
    library: Library,
    name: str,
    by: Actor,
    at: datetime,
    locations: Sequence[ShelvingLocation] = (),
    classes: str = "",
    from_call_number: str = "",
    to_call_number: str = "",
    operation_id: UUID | None = None,
) -> Stocktake:
    """Begin to count these locations, classes and call numbers; all of them left empty is the whole library.

    Refuses a range that ends before it begins, a class that begins with no letter, places of another library.
    """
    first, last = from_call_number.strip()[:100], to_call_number.strip()[:100]
    if any(not prefix[0].isascii() or not prefix[0].isalpha() for prefix in class_prefixes(classes)):
        raise refuse("not_a_class", classes=classes.strip())
    if first and last and sort_key(first) > sort_key(last):
        raise refuse("range_backwards", first=first, last=last)
    if any(location.library_id != library.pk for location in locations):
        raise refuse("place_elsewhere")
    with transaction.atomic():
        begun = operations.begin(
            "stocktaking.open",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request={"name": name, "classes": classes, "first": first, "last": last},
        )
        if begun.repeated:
            return Stocktake.objects.get(pk=begun.operation.result["stocktake"])
        number = Stocktake.objects.filter(library=library).aggregate(last=Max("number"))["last"] or 0
        stocktake = Stocktake.objects.create(
            library=library,
            number=number + 1,
            name=name.strip()[:80] or f"{number + 1}",
            classes=" ".join(class_prefixes(classes))[:200],
            from_call_number=first,
            to_call_number=last,
            opened_at=at,
            opened_by=by.name[:80],
        )
        StocktakePlace.objects.bulk_create(
            StocktakePlace(stocktake=stocktake, location=location) for location in dict.fromkeys(locations)
        )
        operations.finish(
            begun.operation,
            subject=f"stocktaking.stocktake:{stocktake.pk}",
            result={"stocktake": stocktake.pk},
        )
        return stocktake


def begin_stream(
    *,
    stocktake: Stocktake,
    name: str,
    by: Actor,
    at: datetime,
    location: ShelvingLocation | None = None,
    operation_id: UUID | None = None,
) -> Stream:
    """A desk or a telephone begins to scan, perhaps at one named place. Refuses unless the stocktake is counting."""
    if stocktake.state != State.COUNTING:
        raise refuse("not_counting", name=stocktake.name)
    if location is not None and location.library_id != stocktake.library_id:
        raise refuse("place_elsewhere")
    with transaction.atomic():
        begun = operations.begin(
            "stocktaking.begin_stream",
            by=by,
            at=at,
            library_code=stocktake.library.code,
            operation_id=operation_id,
            request={"stocktake": stocktake.pk, "name": name, "location": location.pk if location else None},
        )
        if begun.repeated:
            return Stream.objects.get(pk=begun.operation.result["stream"])
        stream = Stream.objects.create(
            stocktake=stocktake,
            kind=Stream.Kind.SCANNER,
            name=name.strip()[:100] or by.name[:100],
            location=location,
            started_at=at,
            started_by=by.name[:80],
            operation_id=begun.operation.pk,
        )
        operations.finish(
            begun.operation, subject=f"stocktaking.stream:{stream.pk}", result={"stream": stream.pk}
        )
        return stream


def abandon(stocktake: Stocktake, *, by: Actor, at: datetime, operation_id: UUID | None = None) -> Stocktake:
    """Give up counting: nothing comes of it, its scans stay to be read. Refuses one that is closed or being closed."""
    with transaction.atomic():
        begun = operations.begin(
            "stocktaking.abandon",
            by=by,
            at=at,
            library_code=stocktake.library.code,
            operation_id=operation_id,
            request={"stocktake": stocktake.pk},
        )
        if not begun.repeated:
            there = Stocktake.objects.filter(pk=stocktake.pk, state=State.COUNTING)
            if not there.update(state=State.ABANDONED):
                raise refuse("not_counting", name=stocktake.name)
            operations.finish(
                begun.operation,
                subject=f"stocktaking.stocktake:{stocktake.pk}",
                result={"stocktake": stocktake.pk},
            )
    stocktake.refresh_from_db()
    return stocktake
