"""What the tests of this room lean on."""

import pytest

from shuxiang.holdings.tests.builders import School


@pytest.fixture
def school(db: None) -> School:
    """An empty library."""
    return School()
