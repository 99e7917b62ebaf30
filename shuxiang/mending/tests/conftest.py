import pytest

from shuxiang.circulation.tests.desk import Desk, open_desk


@pytest.fixture
def desk(db: None) -> Desk:
    """A small school, books posted, nobody has anything."""
    return open_desk()
