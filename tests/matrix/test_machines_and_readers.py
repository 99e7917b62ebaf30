"""Who comes in otherwise than by an account: a self-service machine, a reader on the public pages. Each gets there only."""

import pytest
from django.test import Client

from shuxiang.accounts.services import KioskValues, issue_kiosk_code, save_kiosk
from shuxiang.common import clock
from shuxiang.kiosk.gate import COOKIE as MACHINE
from shuxiang.opac.reader import COOKIE as READER
from shuxiang.patrons.services import set_code
from tests.matrix.routes import IN, SIGN_IN, Route, address, ask, judged, routes, table
from tests.school import BY, CANARY, START, Cast, School

CODE = (3, 7, 7, 12)


def machine(school: School) -> Client:
    """A browser registered as a machine of that school, with its pupil signed in."""
    values = KioskValues(f"{school.library.name}门口", shows_pinyin=False)
    kiosk = save_kiosk(library=school.library, values=values, row=None, by=BY, at=START)
    client = Client()
    code = issue_kiosk_code(kiosk=kiosk, by=BY, at=clock.now())
    assert client.post("/kiosk/register", {"code": code}).status_code == 302
    return client


def reader(school: School) -> Client:
    """The school's pupil, signed in by card and pictures."""
    set_code(patron=school.patron, pictures=CODE, by=BY, at=START)
    client = Client()
    card = school.patron.cards.get().number
    sent = {"card": card, "so_far": ",".join(map(str, CODE))}
    assert client.post(f"/l/{school.library.code}/me/enter", sent).status_code == 302
    return client


def who(route: Route) -> object:
    return table()["routes"][route.name]


def test_a_machine_gets_to_its_own_pages_and_to_what_is_public(cast: Cast) -> None:
    verdicts, expected = {}, {}
    for route in routes():
        client = machine_again(cast.a)
        verdicts[route.name] = judged(route, ask(client, address(route, cast.a)))
        expected[route.name] = IN if who(route) in ("public", "kiosk") else SIGN_IN
    assert verdicts == expected


_keys: dict[str, str] = {}


@pytest.fixture(autouse=True)
def forget_keys() -> None:
    _keys.clear()


def machine_again(school: School) -> Client:
    """The same machine in a fresh browser that has its key: what one page left behind does not help the next."""
    code = school.library.code
    if code not in _keys:
        _keys[code] = machine(school).cookies[MACHINE].value
    client = Client()
    client.cookies[MACHINE] = _keys[code]
    return client


def test_a_reader_gets_to_the_own_page_and_to_what_is_public(cast: Cast) -> None:
    kept = reader(cast.a).cookies[READER].value
    verdicts, expected = {}, {}
    for route in routes():
        client = Client()
        client.cookies[READER] = kept
        verdicts[route.name] = judged(route, ask(client, address(route, cast.a)))
        expected[route.name] = IN if who(route) in ("public", "reader") else SIGN_IN
    assert verdicts == expected


def test_a_reader_of_one_school_is_nobody_at_the_other(cast: Cast) -> None:
    kept = reader(cast.a).cookies[READER]
    assert kept["path"] == "/l/a/"
    assert kept["httponly"]
    for route in routes():
        if who(route) == "reader":
            client = Client()
            client.cookies[READER] = kept.value
            assert judged(route, ask(client, address(route, cast.b))) == SIGN_IN


def test_a_machine_of_one_school_says_nothing_of_the_other(cast: Cast) -> None:
    client = machine_again(cast.a)
    told = [client.post("/kiosk/scan", {"scan": code}, follow=True) for code in ("B0001", "鹭鸶小朋友")]
    told.append(client.post("/kiosk/classes", follow=True))
    for path, name, value in (
        ("class", "class", cast.b.school_class.pk),
        ("reader", "reader", cast.b.patron.pk),
    ):
        told.append(client.post(f"/kiosk/{path}", {name: value}, follow=True))
    client.post("/kiosk/scan", {"scan": cast.a.patron.cards.get().number})
    told.append(client.post("/kiosk/renew", {"loan": cast.b.loan.pk}, follow=True))
    told.append(client.get("/kiosk/"))
    assert all(CANARY not in answer.content.decode() for answer in told)
    cast.b.loan.refresh_from_db()
    assert cast.b.loan.renewals == 0


def test_a_reader_neither_renews_nor_reads_what_is_of_the_other_school(cast: Cast) -> None:
    client = reader(cast.a)
    assert client.post("/l/a/me/renew", {"loan": cast.b.loan.pk}).status_code == 404
    assert client.get("/l/a/me/hold", {"record": cast.b.record.pk}).status_code == 404
    assert CANARY not in client.get("/l/a/me").content.decode()


def test_who_is_signed_in_as_staff_is_no_reader_and_no_machine(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.accounts["owner"], backend="django.contrib.auth.backends.ModelBackend")
    for route in routes():
        if who(route) in ("reader", "kiosk"):
            assert judged(route, ask(client, address(route, cast.a))) == SIGN_IN
