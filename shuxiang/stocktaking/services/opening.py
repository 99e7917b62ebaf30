"""Open a stocktake, let somebody scan in it, abandon it."""

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Extent:
    """What is to be counted; all of it left empty is the whole library."""

    locations: Sequence[ShelvingLocation] = ()
    classes: str = ""
    first: str = ""  # call numbers
    last: str = ""

    def refuse_unfit(self, library: Library) -> None:
        """Raises Refused for a range that ends before it begins, a class without a letter, another library's place."""
        if any(not prefix[0].isascii() or not prefix[0].isalpha() for prefix in class_prefixes(self.classes)):
            raise refuse("not_a_class", classes=self.classes.strip())
        first, last = self.first.strip(), self.last.strip()
        if first and last and sort_key(first) > sort_key(last):
            raise refuse("range_backwards", first=first, last=last)
        if any(location.library_id != library.pk for location in self.locations):
            raise refuse("place_elsewhere")

    def request(self) -> dict[str, object]:
        """What makes a repeated call the same one."""
        places = sorted({location.pk for location in self.locations})
        return {"classes": self.classes, "first": self.first, "last": self.last, "places": places}


def open_stocktake(
    *,
    library: Library,
    name: str,
    by: Actor,
    at: datetime,
    extent: Extent | None = None,
    operation_id: UUID | None = None,
) -> Stocktake:
    """Begin to count; a stocktake without a name is called by its number. Refuses an unfit extent."""
    extent = extent or Extent()
    extent.refuse_unfit(library)
    with transaction.atomic():
        begun = operations.begin(
            "stocktaking.open",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request={"name": name} | extent.request(),
        )
        if begun.repeated:
            return Stocktake.objects.get(pk=begun.operation.result["stocktake"])
        number = _next_number(library)
        stocktake = Stocktake.objects.create(
            library=library,
            number=number,
            name=name.strip()[:80] or str(number),
            classes=" ".join(class_prefixes(extent.classes))[:200],
            from_call_number=extent.first.strip()[:100],
            to_call_number=extent.last.strip()[:100],
            opened_at=at,
            opened_by=by.name[:80],
        )
        StocktakePlace.objects.bulk_create(
            StocktakePlace(stocktake=stocktake, location=location)
            for location in dict.fromkeys(extent.locations)
        )
        operations.finish(
            begun.operation,
            subject=f"stocktaking.stocktake:{stocktake.pk}",
            result={"stocktake": stocktake.pk},
        )
        return stocktake


def _next_number(library: Library) -> int:
    """One more than the last; who opens another at this moment waits until the transaction ends, nobody else does."""
    Library.objects.select_for_update(no_key=True).get(pk=library.pk)
    last = Stocktake.objects.filter(library=library).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


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
