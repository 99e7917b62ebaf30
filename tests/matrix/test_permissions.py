"""Every role at every address: what the table says is what happens, and nothing is missing from the table."""

import pytest
from django.test import Client
from django.urls import get_resolver

from shuxiang.accounts.shipped import ROLES
from tests.matrix.routes import address, ask, judged, may_open, routes, table
from tests.school import Cast


def test_the_table_names_every_address_and_no_other() -> None:
    assert sorted(table()["routes"]) == [route.name for route in routes()]


def test_the_table_names_only_roles_that_exist() -> None:
    named = {role for who in table()["routes"].values() if isinstance(who, list) for role in who}
    assert named <= ROLES.keys()


@pytest.mark.parametrize("role", [None, *ROLES])
def test_each_role_gets_where_it_may_and_nowhere_else(role: str | None, cast: Cast) -> None:
    verdicts, expected = {}, {}
    for route in routes():
        client = Client()
        if role is not None:
            client.force_login(cast.accounts[role], backend="django.contrib.auth.backends.ModelBackend")
        verdicts[route.name] = judged(route, ask(client, address(route, cast.a)))
        expected[route.name] = may_open(route.name, role)
    assert verdicts == expected


def test_every_view_says_whom_it_serves() -> None:
    """Wearing @public, @needs or @signed_in, so that a forgotten decorator is seen here and not by a pupil."""
    below = {"set_theme"}  # ui stands below accounts and cannot wear its marks; the table calls it public
    marks = ("is_public", "permission", "is_signed_in", "is_kiosk", "is_reader")
    bare = [
        name
        for name, view in our_views(get_resolver().url_patterns)
        if name not in below and not any(hasattr(view, mark) for mark in marks)
    ]
    assert bare == []


def our_views(patterns: object) -> list[tuple[str, object]]:
    """Name and function of every route of our own rooms; the REST interface guards itself and is asked above."""
    found: list[tuple[str, object]] = []
    for pattern in patterns:  # type: ignore[attr-defined]
        if hasattr(pattern, "url_patterns"):
            if not str(pattern.namespace or "").startswith("api"):
                found += our_views(pattern.url_patterns)
        elif pattern.callback.__module__.startswith("shuxiang."):
            found.append((pattern.name, pattern.callback))
    return found
