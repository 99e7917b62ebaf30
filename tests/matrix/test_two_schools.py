"""Nothing of one school is seen from the other: not on any page, not by asking for the other's things by name."""

from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from shuxiang.audit.models import Operation
from tests.matrix.routes import address, ask, routes
from tests.school import CANARY, Cast, School

OF_ALL_LIBRARIES = {
    "opac:root",
    "api:libraries",
    "api:records",
    "sru:all",
}  # public, and of the whole installation
# A description belongs to the whole installation (decision 0001): who catalogues may open any, and sees no more of others.
DESCRIPTIONS = "desk:cataloguing_"


@pytest.fixture(params=["owner", "librarian", "class_teacher"])
def client(request: pytest.FixtureRequest, cast: Cast) -> Client:
    """Somebody of school A."""
    assert cast.b.waiting.hold.pk  # somebody waits there too
    assert cast.b.turns.helper.pk
    assert cast.b.owing.case.pk  # and owes something
    somebody = Client()
    somebody.force_login(cast.accounts[request.param], backend="django.contrib.auth.backends.ModelBackend")
    return somebody


def test_no_page_of_school_a_shows_school_b(client: Client, cast: Cast) -> None:
    leaks = [
        route.name
        for route in routes()
        if route.name not in OF_ALL_LIBRARIES
        and CANARY in ask(client, address(route, cast.a)).content.decode("utf-8", "replace")
    ]
    assert leaks == []


def test_asking_for_things_of_school_b_by_their_number_gives_nothing_away(client: Client, cast: Cast) -> None:
    leaks = [
        route.name
        for route in routes()
        if route.parts and not is_public_page(address(route, cast.b))
        if CANARY in _without_description(route.name, client, cast.b, address(route, cast.b))
    ]
    assert leaks == []


def _without_description(name: str, client: Client, school: School, url: str) -> str:
    """What a page says; of a page on a description, what it says besides the title and who holds it."""
    text = ask(client, url).content.decode("utf-8", "replace")
    if name.startswith(DESCRIPTIONS):
        text = text.replace(school.record.title, "").replace(school.library.name, "")
    return text


def test_nobody_of_school_a_changes_anything_in_school_b(client: Client, cast: Cast) -> None:
    before = everything_of(cast.b)
    for route in routes():
        if route.parts:
            client.post(address(route, cast.b))
    assert everything_of(cast.b) == before


def everything_of(school: School) -> list[dict[str, Any]]:
    """The rows of a school that a page can name, and how many acts were ever done in it."""
    parts = (
        school.library,
        school.school_class,
        school.patron,
        school.record,
        school.item,
        school.loan,
        school.draft,
        school.run,
        school.kiosk,
        school.waiting.hold,
        school.waiting.recall,
        school.waiting.vacation,
        school.waiting.block,
        school.turns.opening,
        school.turns.clearance,
        school.turns.helper,
        school.turns.duty,
        school.owing.case,
        school.owing.entry,
        school.owing.inquiry,
        school.owing.contact,
        school.owing.message,
    )
    things: list[Model] = list(parts)
    rows = [dict(type(thing)._default_manager.filter(pk=thing.pk).values().get()) for thing in things]
    return [*rows, {"acts": Operation.objects.filter(library_code=school.library.code).count()}]


def is_public_page(url: str) -> bool:
    """School B's own public pages may of course speak of school B, and so may a record asked for in all libraries."""
    return url.startswith(("/l/", "/sru/", "/api/v1/records/"))
