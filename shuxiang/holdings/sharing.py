"""A record is shared by every library that holds it: who may change it (decision 0001)."""

from collections.abc import Set as AbstractSet

from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.holdings.refusals import refuse
from shuxiang.libraries.models import Library

NAMED = 3  # libraries in a sentence


def others_with(record: BibliographicRecord, library: Library) -> list[Library]:
    """The other libraries that hold a record, by name."""
    held = Library.objects.filter(holdings__record=record).exclude(pk=library.pk)
    return list(held.distinct().order_by("name", "code"))


def refuse_shared(record: BibliographicRecord, library: Library, reach: AbstractSet[int] | None) -> None:
    """Raise Refused when a library outside of `reach` holds the record; None reaches the whole installation."""
    if reach is None:
        return
    outside = [one.name for one in others_with(record, library) if one.pk not in reach]
    if outside:
        names = "、".join(outside[:NAMED])
        raise refuse("shared_record", title=record.title, libraries=names, count=len(outside))
