"""The bar at the head of a page says where one is."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from shuxiang.desk.frame import WITHIN
from tests.school import Cast

ROUTES = [(hub, route) for hub, parts in WITHIN.items() for route in (hub, *parts)]


@pytest.mark.parametrize(("hub", "route"), ROUTES)
def test_a_part_of_a_hub_is_in_the_hub(hub: str, route: str, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.accounts["owner"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse(route)).content.decode()
    marked = re.findall(r'<a href="([^"]+)" aria-current="page"', page)
    assert reverse(hub) in marked
