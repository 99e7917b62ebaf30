"""A stocktake of a whole library: a file of all its barcodes brought, counted and closed."""

import io
import time
from collections.abc import Callable, Iterator

from tools.bench.lines import Line, plain

VOLUMES = 20_000


def count(library_code: str) -> Iterator[Line]:
    """Seconds and process seconds to count a file of 20,000 barcodes and to close; statements are the services' own."""
    from shuxiang.audit import jobs  # noqa: PLC0415  the settings come first
    from shuxiang.common import clock  # noqa: PLC0415
    from shuxiang.common.actors import Actor  # noqa: PLC0415
    from shuxiang.holdings.models import ItemIdentifier  # noqa: PLC0415
    from shuxiang.libraries.models import Library  # noqa: PLC0415
    from shuxiang.stocktaking.services import bring_file, close, open_stocktake  # noqa: PLC0415

    library, by = Library.objects.get(code=library_code), Actor("bench", "system")
    codes = ItemIdentifier.objects.filter(library=library, to_at=None).order_by("pk")
    wanted = list(codes.values_list("value", flat=True)[:VOLUMES])
    take = open_stocktake(library=library, name="bench", by=by, at=clock.now())
    file = io.BytesIO("\n".join(wanted).encode())

    def bring() -> None:
        now = clock.now()
        bring_file(file, stocktake=take, name="bench.txt", counted_at=now, by=by, at=now)
        jobs.run_pending()

    def end() -> None:
        close(take, by=by, at=clock.now())
        jobs.run_pending()

    yield plain("stocktake.codes", len(wanted), "barcodes")
    yield from _timed("stocktake.file", bring)
    yield from _timed("stocktake.close", end)
    take.refresh_from_db()
    if take.state != "closed" or take.totals["missing"] or take.totals["expected"] < len(wanted):
        raise RuntimeError(f"the stocktake did not come out: {take.state} {take.totals}")


def _timed(name: str, work: Callable[[], None]) -> Iterator[Line]:
    began, cpu = time.perf_counter(), time.process_time()
    work()
    yield plain(name, time.perf_counter() - began, "s")
    yield plain(f"{name}.cpu", time.process_time() - cpu, "s")
