"""Every page of the program is explained in the manual, and its “Help” leads to the section that does."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from shuxiang.desk.manual import place_of
from tests.matrix.routes import address, ask, routes
from tests.school import Cast

OF_THE_MANUAL = {"desk:manual", "desk:manual_page"}


@pytest.fixture
def client(cast: Cast) -> Client:
    somebody = Client()
    somebody.force_login(cast.accounts["owner"], backend="django.contrib.auth.backends.ModelBackend")
    return somebody


def test_every_page_has_its_section_in_the_manual(client: Client, cast: Cast) -> None:
    unexplained = []
    for route in routes():
        response = ask(client, address(route, cast.a))
        is_page = response.status_code == 200 and b"<main" in response.content
        if is_page and route.name not in OF_THE_MANUAL and place_of(route.name) is None:
            unexplained.append(route.name)
    assert unexplained == []


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_help_leads_to_a_section_that_is_there(language: str, client: Client, cast: Cast) -> None:
    client.cookies["django_language"] = language
    page = client.get(reverse("desk:figures")).content.decode()
    found = re.search(r'href="(/desk/help/(\d+)/)#(s\d+)"', page)
    assert found is not None
    assert f'id="{found[3]}"' in client.get(found[1]).content.decode()


def test_the_manual_is_read_without_signing_in_and_has_no_page_ninety_nine(cast: Cast) -> None:
    del cast
    stranger = Client()
    contents = stranger.get(reverse("desk:manual"))
    assert contents.status_code == 200
    for link in re.findall(r'<h2><a href="([^"]+)"', contents.content.decode()):
        assert stranger.get(link).status_code == 200
    assert stranger.get(reverse("desk:manual_page", args=[99])).status_code == 404
