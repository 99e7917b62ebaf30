"""The pages of places and of carrying volumes, as a librarian uses them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from shuxiang.audit import jobs
from shuxiang.common import clock
from shuxiang.holdings.models import Item, ShelvingGroup, ShelvingLocation
from shuxiang.holdings.placemodels import Carriage
from tests.doors import add_book
from tests.school import Cast, cast

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(name="cast")
def _cast(db: None) -> Cast:
    found = cast()
    add_book(found.a.library, "榆树新书", copies=3, barcode="AB")
    return found


@pytest.fixture
def client(cast: Cast) -> Client:
    somebody = Client()
    somebody.force_login(cast.accounts["librarian"], backend=BACKEND)
    return somebody


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"desk:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


PLACE = {"code": "X1", "name": "新书架", "lending": "out", "position": "3"}


def make_place(client: Client, cast: Cast, **more: str) -> ShelvingLocation:
    group = ShelvingGroup.objects.get(library=cast.a.library, code="main")
    answer = client.post(reverse("desk:place_new"), PLACE | {"group": str(group.pk)} | more, follow=True)
    assert answer.status_code == 200
    return ShelvingLocation.objects.get(library=cast.a.library, code=more.get("code", "X1"))


def test_a_place_is_made_measured_and_its_shelves_are_laid_out_and_signed(client: Client, cast: Cast) -> None:
    main = ShelvingLocation.objects.get(library=cast.a.library, code="main")
    answer = client.post(
        reverse("desk:place_edit", args=[main.pk]),
        {
            "code": "main",
            "name": main.name,
            "lending": "out",
            "group": str(main.group_id),
            "bays": "1",
            "shelves_per_bay": "2",
            "volumes_per_shelf": "10",
        },
    )
    assert answer.status_code == 302
    assert "I242.4/1" in page(client, "place", main.pk)
    client.post(reverse("desk:place_lay_out", args=[main.pk]))
    signs = page(client, "place_signs", main.pk)
    assert "1-1" in signs
    assert "I242.4/1" in signs
    assert main.name in page(client, "places")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"code": ""}, 422),
        ({"bays": "-3"}, 422),
        ({"bays": "三"}, 422),
        ({"until_on": "2026-13-40"}, 422),
        ({"code": "main"}, 422),
    ],
)
def test_what_is_no_place_is_said_and_kept(
    client: Client, cast: Cast, change: dict[str, str], status: int
) -> None:
    group = ShelvingGroup.objects.get(library=cast.a.library, code="main")
    answer = client.post(reverse("desk:place_new"), PLACE | {"group": str(group.pk)} | change)
    assert answer.status_code == status
    assert "新书架" in answer.content.decode()
    assert not ShelvingLocation.objects.filter(library=cast.a.library, name="新书架").exists()


def test_volumes_are_carried_for_now_seen_on_the_page_of_today_and_carried_back(
    client: Client, cast: Cast
) -> None:
    yesterday = clock.local_date(clock.now()) - timedelta(days=1)
    new = make_place(client, cast, until_on=yesterday.isoformat())
    sent = {"codes": "AB1\nAB2\nAB2\n999", "to": str(new.pk), "how": "now"}
    answer = client.post(reverse("desk:carry"), sent, follow=True)
    assert "999" in answer.content.decode()
    carriage = Carriage.objects.get(library=cast.a.library, volumes=2)
    assert Item.objects.filter(current=new).count() == 0
    client.post(reverse("desk:carriage_go", args=[carriage.pk]))
    assert carriage.state == "foreseen"
    page(client, "carriage", carriage.pk)
    page(client, "carriage_progress", carriage.pk)
    jobs.run_pending()
    assert Item.objects.filter(current=new).count() == 2
    assert "新书架" in page(client, "home")
    assert "新书架" in page(client, "places")
    page(client, "carriage", carriage.pk)
    client.post(reverse("desk:carriage_back", args=[carriage.pk]))
    jobs.run_pending()
    assert Item.objects.filter(current=new).count() == 0
    assert "新书架" not in page(client, "home")


def test_a_choice_of_nothing_is_said(client: Client, cast: Cast) -> None:
    place = make_place(client, cast)
    answer = client.post(reverse("desk:carry"), {"to": str(place.pk), "how": "now"})
    assert answer.status_code == 422
    answer = client.post(reverse("desk:carry"), {"to": str(place.pk), "how": "now", "clc": "X"})
    assert answer.status_code == 422


def test_an_empty_place_can_be_removed_and_a_used_one_not(client: Client, cast: Cast) -> None:
    place = make_place(client, cast)
    client.post(reverse("desk:place_remove", args=[place.pk]))
    assert not ShelvingLocation.objects.filter(pk=place.pk).exists()
    main = ShelvingLocation.objects.get(library=cast.a.library, code="main")
    client.post(reverse("desk:place_remove", args=[main.pk]))
    assert ShelvingLocation.objects.filter(pk=main.pk).exists()


def test_groups_are_made_and_renamed(client: Client, cast: Cast) -> None:
    client.post(reverse("desk:group_new"), {"code": "r", "name": "工具书"})
    group = ShelvingGroup.objects.get(library=cast.a.library, code="r")
    client.post(reverse("desk:group_edit", args=[group.pk]), {"code": "r", "name": "参考"})
    assert "参考" in page(client, "places")
    answer = client.post(reverse("desk:group_new"), {"code": "r", "name": "又一个"})
    assert answer.status_code == 422
    assert "参考" in answer.content.decode()
    client.post(reverse("desk:group_remove", args=[group.pk]))
    assert not ShelvingGroup.objects.filter(pk=group.pk).exists()
