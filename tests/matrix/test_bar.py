"""The bar at the head of a page says where one is."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from shuxiang.desk.stock import PARTS
from tests.school import Cast

ROUTES = [part.route for part in PARTS] + ["desk:stock", "desk:missing"]


@pytest.mark.parametrize("route", ROUTES)
def test_a_part_of_the_stock_room_is_in_the_stock_room(route: str, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.accounts["owner"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse(route)).content.decode()
    marked = re.findall(r'<a href="([^"]+)" aria-current="page"', page)
    assert reverse("desk:stock") in marked
