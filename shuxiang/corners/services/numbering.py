"""Numbers of boxes, pupils' own and drifting books: one after the other in a library."""

from django.db.models import Max

from shuxiang.corners.besides import DriftBook, OwnBook
from shuxiang.corners.models import Box
from shuxiang.libraries.models import Library


def next_number(library: Library, model: type[Box] | type[OwnBook] | type[DriftBook]) -> int:
    """The number after the last; the caller holds the transaction, and the library's row makes others wait."""
    Library.objects.select_for_update().get(pk=library.pk)
    last = model._default_manager.filter(library=library).aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1
