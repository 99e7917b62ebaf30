from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from pytest_django import Settings

from shuxiang.accounts.models import Account, Role
from shuxiang.accounts.services import create_account, grant
from shuxiang.accounts.shipped import install
from shuxiang.common.actors import Actor
from shuxiang.libraries.models import Library
from shuxiang.libraries.services import create_library

BY = Actor("tests", "system")
AT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
TODAY = date(2026, 9, 1)
PASSWORD = "jiu-yue-kaixue-9"

MakeAccount = Callable[..., Account]


@pytest.fixture
def elm(db: None) -> Library:
    install(Role)
    return create_library(code="elm", name="榆树小学", kind="primary", by=BY, at=AT)


@pytest.fixture
def oak(elm: Library) -> Library:
    return create_library(code="oak", name="橡树小学", kind="primary", by=BY, at=AT)


@pytest.fixture
def make_account(elm: Library) -> MakeAccount:
    """An account with a password and, unless told otherwise, the librarian's role in the first library."""

    def make(username: str = "lin", role: str | None = "librarian", **where: object) -> Account:
        account = create_account(username=username, display_name=username.upper(), by=BY, at=AT)
        account.set_password(PASSWORD)
        account.save()
        if role is not None:
            scope = {"library": elm, "from_on": TODAY, **where}
            grant(account=account, role=role, by=BY, at=AT, **scope)  # type: ignore[arg-type]
        return account

    return make


@pytest.fixture
def pages(settings: Settings, elm: Library) -> Client:
    """A browser before this room's own addresses, without what the doors above put around a page."""
    engine = settings.TEMPLATES[0]
    processors = engine["OPTIONS"]["context_processors"]
    ours = [name for name in processors if not name.startswith("shuxiang.desk")]
    settings.TEMPLATES = [{**engine, "OPTIONS": {**engine["OPTIONS"], "context_processors": ours}}]
    settings.ROOT_URLCONF = "shuxiang.accounts.tests.urls"
    return Client(headers={"Accept-Language": "en"})
