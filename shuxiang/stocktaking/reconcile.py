"""What must agree in this room: frozen lines and their sums, scans and their library, settlements and their lines."""

from collections.abc import Iterator

from django.db.models import Count, F, Q

from shuxiang.audit.reconcile import Difference, check, words
from shuxiang.stocktaking.messages import speak
from shuxiang.stocktaking.models import Line, Scan, Settlement, Stocktake
from shuxiang.stocktaking.rules import ALL_HEAPS


def _scope(code: str | None, path: str) -> Q:
    return Q() if code is None else Q(**{f"{path}__code": code})


@check("stocktaking.closings")
def closings_are_whole(library_code: str | None) -> Iterator[Difference]:
    """A closed stocktake's sums are those of its lines; one that is being closed is a known exception."""
    takes = Stocktake.objects.filter(_scope(library_code, "library")).select_related("library")
    for take in takes.filter(state=Stocktake.State.CLOSING).order_by("pk"):
        yield Difference(
            "stocktaking.closings",
            take.library.code,
            f"stocktaking.stocktake:{take.pk}",
            "closing_unfinished",
            {"name": take.name},
            allowed=True,
        )
    for take in takes.filter(state=Stocktake.State.CLOSED).order_by("pk"):
        counted = dict(
            Line.objects.filter(stocktake=take).values_list("heap").annotate(n=Count("pk")).order_by()
        )
        for heap in ALL_HEAPS:
            written = take.totals.get(heap, 0)
            if written != counted.get(heap, 0):
                params = {
                    "name": take.name,
                    "heap": heap,
                    "written": written,
                    "counted": counted.get(heap, 0),
                }
                subject = f"stocktaking.stocktake:{take.pk}"
                yield Difference(
                    "stocktaking.closings", take.library.code, subject, "heap_miscounted", params
                )


@check("stocktaking.scans")
def scans_stay_in_their_library(library_code: str | None) -> Iterator[Difference]:
    """What was counted belongs to the library that counts."""
    scans = Scan.objects.filter(_scope(library_code, "stocktake__library"), item__isnull=False)
    wrong = scans.exclude(item__library=F("stocktake__library"))
    for pk, code, name, item in wrong.order_by("pk").values_list(
        "pk", "stocktake__library__code", "stocktake__name", "item_id"
    ):
        params: dict[str, object] = {"name": name, "item": f"#{item}"}
        yield Difference("stocktaking.scans", code, f"stocktaking.scan:{pk}", "scan_elsewhere", params)


@check("stocktaking.settlements")
def settlements_add_up(library_code: str | None) -> Iterator[Difference]:
    """Proposed = done + kept, once a settlement has ended; and its lines say the same."""
    ended = Settlement.objects.filter(
        _scope(library_code, "stocktake__library"), state=Settlement.State.DONE
    ).annotate(counted=Count("lines", filter=~Q(lines__outcome="")))
    wrong = ended.filter(~Q(counted=F("proposed")) | ~Q(proposed=F("done") + F("kept")))
    for row in wrong.select_related("stocktake__library").order_by("pk"):
        params = {"name": row.stocktake.name, "written": row.done + row.kept, "counted": row.counted}
        subject = f"stocktaking.settlement:{row.pk}"
        code = row.stocktake.library.code
        yield Difference("stocktaking.settlements", code, subject, "settlement_miscounted", params)


words("stocktaking", speak)
