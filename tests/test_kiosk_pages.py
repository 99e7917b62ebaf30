"""The pages for self-service machines and picture codes: registering one, codes of a class, what readers see."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from shuxiang.accounts.devicemodels import Kiosk
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.codemodels import PictureCode
from shuxiang.patrons.services import check_code, set_code
from tests.school import BY, START, Cast

BACKEND = "django.contrib.auth.backends.ModelBackend"
FORM = {
    "name": "二楼",
    "room": "",
    "may_lend": "on",
    "may_return": "on",
    "reset_seconds": "45",
    "expires_on": "",
}


@pytest.fixture
def cast(db: None) -> Cast:
    from tests import school  # noqa: PLC0415

    return school.cast()


def as_role(cast: Cast, role: str) -> Client:
    client = Client()
    client.force_login(cast.accounts[role], backend=BACKEND)
    return client


def test_a_machine_is_made_given_a_code_and_taken_out_of_use(cast: Cast) -> None:
    client = as_role(cast, "librarian")
    operation = str(uuid4())
    for _time in range(2):
        assert client.post("/desk/kiosks/new", {**FORM, "operation": operation}).status_code == 302
    kiosk = Kiosk.objects.get(name="二楼")
    assert (kiosk.may_renew, kiosk.reset_seconds, kiosk.library) == (False, 45, cast.a.library)
    page = client.post(f"/desk/kiosks/{kiosk.pk}/code").content.decode()
    code = re.search(r"[0-9A-Z]{5}(-[0-9A-Z]{5}){3}", page)
    assert code is not None
    machine = Client()
    assert machine.post("/kiosk/register", {"code": code[0]}).status_code == 302
    assert machine.get("/kiosk/").status_code == 200
    assert "使用中" in client.get("/desk/kiosks/").content.decode()
    client.post(f"/desk/kiosks/{kiosk.pk}/revoke", {"operation": str(uuid4())})
    assert machine.get("/kiosk/").status_code == 302


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"name": ""}, "必填"),
        ({"name": "榆树借还机"}, "已经有一台"),
        ({"may_lend": "", "may_return": ""}, "至少要选一样"),
        ({"reset_seconds": "7"}, "选"),
        ({"expires_on": "昨天"}, "日期"),
    ],
)
def test_what_cannot_be_is_said_at_the_form(cast: Cast, sent: dict[str, str], words: str) -> None:
    answer = as_role(cast, "librarian").post("/desk/kiosks/new", {**FORM, **sent})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Kiosk.objects.filter(library=cast.a.library).count() == 1


def test_changing_a_machine_keeps_it_registered(cast: Cast) -> None:
    client = as_role(cast, "owner")
    page = client.post(f"/desk/kiosks/{cast.a.kiosk.pk}/code").content.decode()
    code = re.search(r"[0-9A-Z]{5}(-[0-9A-Z]{5}){3}", page)
    assert code is not None
    machine = Client()
    machine.post("/kiosk/register", {"code": code[0]})
    assert client.post(f"/desk/kiosks/{cast.a.kiosk.pk}/", FORM).status_code == 302
    assert machine.get("/kiosk/").status_code == 200
    assert client.get(f"/desk/kiosks/{cast.b.kiosk.pk}/").status_code == 404


def test_codes_of_a_class_are_shown_once(cast: Cast) -> None:
    client = as_role(cast, "class_teacher")
    where = f"/desk/codes/{cast.a.school_class.pk}/"
    assert client.get("/desk/codes/").headers["Location"] == where
    assert "还没有" in client.get(where).content.decode()
    sent = {"who": "without", "operation": str(uuid4())}
    answer = client.post(f"{where}make", sent)
    assert "no-store" in answer.headers["Cache-Control"]
    (card,) = answer.context["cards"]
    pictures = [number for number, _words in card["pictures"]]
    told = check_code(patron=cast.a.patron, pictures=pictures, device="tests", at=START)
    assert told.reasons == ()
    again = client.post(f"{where}make", {**sent, "who": "all"}, follow=True)
    assert "cards" not in (again.context or {}) or again.status_code == 409
    assert PictureCode.objects.count() == 1
    assert "没有生成" in client.post(f"{where}make", {"who": "without"}, follow=True).content.decode()


def test_one_reader_gets_a_new_code_and_the_old_one_ends(cast: Cast) -> None:
    set_code(patron=cast.a.patron, pictures=(3, 7, 7, 12), by=BY, at=START)
    before = PictureCode.objects.get().digest
    where = f"/desk/codes/{cast.a.school_class.pk}/make"
    client = as_role(cast, "librarian")
    assert client.post(where, {"who": cast.a.patron.pk}).status_code == 200
    assert PictureCode.objects.get().digest != before
    for who in (cast.b.patron.pk, "", "x"):
        assert client.post(where, {"who": who}).status_code == 404


def test_a_class_teacher_makes_no_codes_for_others(cast: Cast) -> None:
    client = as_role(cast, "class_teacher")
    assert client.get(f"/desk/codes/{cast.b.school_class.pk}/").status_code == 404
    assert client.post(f"/desk/codes/{cast.b.school_class.pk}/make", {"who": "all"}).status_code == 404
    assert client.get("/desk/kiosks/").status_code == 403
    assert "/desk/codes/" in client.get("/desk/lending/").content.decode()


def test_what_readers_see_is_switched_on_and_off(cast: Cast) -> None:
    client = as_role(cast, "librarian")
    for shows in ("yes", "no"):
        client.post("/desk/kiosks/history", {"shows": shows, "operation": str(uuid4())})
        assert patrons.shows_history(cast.a.library) is (shows == "yes")
