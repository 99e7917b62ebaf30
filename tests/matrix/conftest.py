import pytest

from tests import school


@pytest.fixture
def cast(db: None) -> school.Cast:
    """Two schools and an account for every role."""
    return school.cast()
