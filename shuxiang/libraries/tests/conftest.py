from datetime import UTC, datetime

import pytest

from shuxiang.common.actors import Actor
from shuxiang.libraries.models import Library, Standard
from shuxiang.libraries.services import create_library
from shuxiang.libraries.standards import install

BY = Actor("tests", "system")
AT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def school(db: None) -> Library:
    """A primary school without anything set."""
    install(Standard)
    return create_library(code="elm", name="榆树小学", kind="primary", by=BY, at=AT)
