from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from shuxiang.common.actors import Actor
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.libraries.services import create_library, find_or_open
from shuxiang.patrons.models import Patron
from shuxiang.patrons.services import add_patron, default_categories

BY = Actor("tests", "system")
AT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
TODAY = date(2026, 9, 1)
OCTOBER = date(2026, 10, 12)

MakePatron = Callable[..., Patron]
MakeClass = Callable[..., SchoolClass]


@pytest.fixture
def elm(db: None) -> Library:
    return create_library(code="elm", name="榆树小学", kind="primary", by=BY, at=AT)


@pytest.fixture
def oak(db: None) -> Library:
    return create_library(code="oak", name="橡树小学", kind="primary", by=BY, at=AT)


@pytest.fixture
def make_class(elm: Library) -> MakeClass:
    def make(label: str, library: Library | None = None) -> SchoolClass:
        return find_or_open(library=library or elm, label=label, school_year="2026-2027", by=BY, at=AT)

    return make


@pytest.fixture
def make_patron(elm: Library) -> MakePatron:
    """A pupil of the first school with a card; what is given goes first."""

    def make(name: str = "苏小棠", card: str = "0001", **more: object) -> Patron:
        library = more.pop("library", elm)
        assert isinstance(library, Library)
        values = {"category": default_categories(library)["pupil"], "on": TODAY, **more}
        return add_patron(library=library, name=name, card_number=card, by=BY, at=AT, **values)  # type: ignore[arg-type]

    return make
