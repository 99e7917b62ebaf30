"""What every test may lean on."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """Each test begins in the language of a school, whatever a page of the test before was asked in."""
    with translation.override(settings.LANGUAGE_CODE):
        yield
