"""The table routes.toml, the program's own routes, and how a request is judged."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.school import School

BY_OTHER_WAYS = ("key", "kiosk", "reader")
IN, SIGN_IN, REFUSED = "let in", "asked to sign in", "refused"


@dataclass(frozen=True)
class Route:
    """One address: its name, with namespaces, and the names of its variable parts."""

    name: str
    parts: tuple[str, ...]


@cache
def table() -> dict[str, Any]:
    """routes.toml."""
    return tomllib.loads((Path(__file__).parent / "routes.toml").read_text(encoding="utf-8"))


@cache
def routes() -> tuple[Route, ...]:
    """Every route that the resolver knows, once a name."""
    found = {route.name: route for route in _walk(get_resolver().url_patterns, "", ())}
    return tuple(found[name] for name in sorted(found))


def _walk(patterns: list[URLPattern | URLResolver], space: str, parts: tuple[str, ...]) -> Iterator[Route]:
    for pattern in patterns:
        here = parts + tuple(pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, inner, here)
        else:
            assert pattern.name, f"the address {pattern.pattern} has no name"
            yield Route(f"{space}{pattern.name}", here)


def may_open(route: str, role: str | None) -> str:
    """The verdict the table expects; role None is somebody who is not signed in."""
    who = table()["routes"].get(route)
    assert who is not None, f"routes.toml says nothing of {route}"
    if who == "public":
        return IN
    if role is None or who in BY_OTHER_WAYS:  # an account is no key, no machine and no reader
        return SIGN_IN
    return IN if who == "signed in" or role in who else REFUSED


def address(route: Route, school: School) -> str:
    """The route's address for things of this school."""
    samples = table()["samples"]
    kwargs = {}
    for part in route.parts:
        path = samples.get(route.name, {}).get(part) or samples.get(part)
        assert isinstance(path, str | int), f"routes.toml: what stands for <{part}> in {route.name}?"
        value: Any = path
        if isinstance(path, str):
            value = school
            for step in path.split("."):
                value = getattr(value, step)
        kwargs[part] = value
    return reverse(route.name, kwargs=kwargs)


def ask(client: Client, url: str) -> HttpResponse:
    """GET, or an empty POST where only that is allowed."""
    response = client.get(url)
    return cast(HttpResponse, client.post(url) if response.status_code == 405 else response)


def judged(route: Route, response: HttpResponse) -> str:
    """What a response means for who asked."""
    if response.status_code < 400 and table()["routes"].get(route.name) == "public":
        return IN  # signing out, too, ends on the page for signing in
    if response.status_code == 403:
        return REFUSED
    if response.status_code == 401:
        return SIGN_IN
    to = response.headers.get("Location", "") + response.headers.get("HX-Redirect", "")
    asks = (
        to.startswith(reverse("accounts:sign_in"))
        or to == reverse("kiosk:register")
        or to.endswith("/me/enter")
    )
    return SIGN_IN if asks else IN
