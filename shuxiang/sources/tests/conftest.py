"""A library, and records as other catalogues write them."""

from datetime import UTC, datetime

import pytest

from shuxiang import marc
from shuxiang.common.actors import Actor
from shuxiang.libraries.models import Library
from shuxiang.libraries.services import create_library

AT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
BY = Actor("test", "desk")


def cnmarc(title: str, isbn: str = "", clc: str = "", author: str = "曹文轩") -> marc.MarcRecord:
    """A CNMARC record as another library would give it."""
    return marc.build_record(
        marc.Projection(
            title=title,
            isbns=(marc.Isbn(isbn),) if isbn else (),
            clc=clc,
            authors=(marc.Author(author, "著"),),
            publisher="人民文学出版社",
            date="2011",
        ),
        "cnmarc",
    )


@pytest.fixture
def library(db: None) -> Library:
    return create_library(code="xx", name="杏坛小学", kind="primary", by=BY, at=AT)
