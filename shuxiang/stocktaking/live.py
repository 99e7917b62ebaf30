"""A heap while the stocktake runs: asked of the books now, page by page, nothing frozen."""

from collections.abc import Iterator, Sequence
from typing import Any, overload

from shuxiang.holdings.models import Item
from shuxiang.stocktaking.facts import Found, expected, foreign_codes, found, strangers
from shuxiang.stocktaking.models import Stocktake
from shuxiang.stocktaking.rules import MISPLACED

MOST = 30_000  # volumes judged for one page: about half a second; beyond, the heaps are listed after closing
_SOME = 1000


class Rows(Sequence[Found]):
    """The volumes of a heap in shelf order, then the foreign codes."""

    def __init__(self, rows: list[Found], *, is_too_large: bool = False) -> None:
        self._rows, self.is_too_large = rows, is_too_large

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Found: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Found]: ...
    def __getitem__(self, index: Any) -> Any:
        return self._rows[index]


def rows(stocktake: Stocktake, heap: str) -> Rows:
    """What lies in a heap now."""
    if expected(stocktake).count() > MOST:
        return Rows([], is_too_large=True)
    there = [one for one in _all(stocktake) if one.heap == heap]
    there.sort(key=lambda one: (one.call_number_sort, one.item_id))
    if heap == MISPLACED:
        there += [_foreign(row) for row in foreign_codes(stocktake)]
    return Rows(there)


def _all(stocktake: Stocktake) -> Iterator[Found]:
    for items, is_expected in ((expected(stocktake), True), (strangers(stocktake), False)):
        keys = list(items.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(keys), _SOME):
            some = Item.objects.filter(pk__in=keys[start : start + _SOME])
            yield from found(some, stocktake, is_expected=is_expected)


def _foreign(row: dict[str, Any]) -> Found:
    return Found(
        item_id=row["item"] or 0,
        heap=MISPLACED,
        reason=row["verdict"],
        is_expected=False,
        account="",
        code=row["code"],
        number="",
        record_id=0,
        title=row["detail"],
        call_number="",
        call_number_sort="",
        clc="",
        place="",
        home_id=0,
        found_at_id=None,
        price_fen=None,
        scanned_at=None,
    )
