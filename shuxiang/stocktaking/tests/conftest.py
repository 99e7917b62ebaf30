import pytest

from shuxiang.circulation.tests.desk import open_desk
from shuxiang.stocktaking.tests.shelves import Shelves, set_up


@pytest.fixture
def shelves(db: None) -> Shelves:
    """Six labelled books, a stocktake that is counting them, one scanner."""
    return set_up(open_desk())
