"""Opening a stocktake: one number each, one stocktake for one request."""

import pytest

from shuxiang.audit.operations import OperationMismatch
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.holdings.services import ensure_location
from shuxiang.holdings.tests.builders import make_library
from shuxiang.holdings.tests.test_races import at_once
from shuxiang.stocktaking.models import Stocktake
from shuxiang.stocktaking.services import Extent, open_stocktake
from shuxiang.stocktaking.tests.shelves import BY, Shelves


def test_desks_that_open_one_at_the_same_moment_get_a_number_each(transactional_db: None) -> None:
    library = make_library()

    def desk() -> None:
        for _round in range(5):
            open_stocktake(library=library, name="期末", by=BY, at=clock.now())

    assert at_once(*[desk] * 4) == []
    assert sorted(Stocktake.objects.values_list("number", flat=True)) == list(range(1, 21))


def test_the_same_request_is_one_stocktake_and_another_place_is_another_request(shelves: Shelves) -> None:
    library, act = shelves.desk.library, uuid7()
    place = ensure_location(library, "A架")
    extent = Extent(locations=[place, place], classes="I")
    first = open_stocktake(
        library=library, name="期末", extent=extent, by=BY, at=clock.now(), operation_id=act
    )
    again = open_stocktake(
        library=library, name="期末", extent=extent, by=BY, at=clock.now(), operation_id=act
    )
    assert (again, [row.location for row in first.places.all()]) == (first, [place])
    with pytest.raises(OperationMismatch):
        other = Extent(locations=[ensure_location(library, "B架")], classes="I")
        open_stocktake(library=library, name="期末", extent=other, by=BY, at=clock.now(), operation_id=act)


@pytest.mark.parametrize(
    ("extent", "code"),
    [
        (Extent(classes="I 247"), "not_a_class"),
        (Extent(first="K1", last="B2"), "range_backwards"),
    ],
)
def test_what_cannot_be_counted_is_refused(shelves: Shelves, extent: Extent, code: str) -> None:
    with pytest.raises(Refused, match=code):
        open_stocktake(library=shelves.desk.library, name="", extent=extent, by=BY, at=clock.now())
