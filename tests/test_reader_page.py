"""A reader's own page: card and pictures, what is out, waiting, and nothing for anybody else."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from shuxiang.audit import reconcile
from shuxiang.audit.models import Operation
from shuxiang.circulation.holdmodels import Hold
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import check_in
from shuxiang.circulation.tests.desk import BY, START, Desk, open_desk
from shuxiang.common import clock
from shuxiang.patrons.services import block, report_card_lost, set_code, show_history
from shuxiang.urging.services import mark_urged

RIGHT = (3, 7, 7, 12)
SENT = ",".join(map(str, RIGHT))
Travel = Callable[[float], None]


@pytest.fixture
def desk(db: None) -> Desk:
    made = open_desk()
    set_code(patron=made.pupil, pictures=RIGHT, by=BY, at=START)
    return made


@pytest.fixture
def client(desk: Desk) -> Client:
    somebody = Client()
    assert somebody.post("/l/a/me/enter", {"card": "0001", "so_far": SENT}).status_code == 302
    return somebody


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Travel:
    gone = [0.0]
    now: Callable[[], datetime] = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(seconds=gone[0]))
    monkeypatch.setattr("django.core.signing.time.time", lambda: now().timestamp() + gone[0])

    def go(seconds: float) -> None:
        gone[0] += seconds

    return go


def page(client: Client) -> str:
    answer = client.get("/l/a/me")
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.content.decode()


def test_without_scripts_each_picture_is_a_post(desk: Desk) -> None:
    somebody, so_far = Client(), ""
    for picture in RIGHT:
        answer = somebody.post("/l/a/me/enter", {"card": "0001", "so_far": so_far, "picture": picture})
        so_far = answer.context["so_far"] if answer.context else ""
    assert answer.headers["Location"] == "/l/a/me"
    assert desk.pupil.name in page(somebody)


@pytest.mark.parametrize(
    ("card", "pictures"), [("0001", "1,1,1,2"), ("9999", SENT), ("T01", SENT), ("0002", SENT), ("", SENT)]
)
def test_a_wrong_card_and_wrong_pictures_are_answered_alike(desk: Desk, card: str, pictures: str) -> None:
    answer = Client().post("/l/a/me/enter", {"card": card, "so_far": pictures})
    assert answer.status_code == 422
    if card:
        assert "借书证号或图案不对" in answer.content.decode()
    assert desk.pupil.name not in answer.content.decode()


def test_a_lost_card_opens_no_page(desk: Desk) -> None:
    report_card_lost(card=desk.pupil.cards.get(), by=BY, at=clock.now())
    assert Client().post("/l/a/me/enter", {"card": "0001", "so_far": SENT}).status_code == 422


def test_tries_are_slowed_down(desk: Desk) -> None:
    somebody = Client()
    for _time in range(5):
        somebody.post("/l/a/me/enter", {"card": "0001", "so_far": "1,1,1,2"})
    answer = somebody.post("/l/a/me/enter", {"card": "0001", "so_far": SENT})
    assert answer.status_code == 422
    assert "再试" in answer.content.decode()


def test_the_page_shows_what_is_out_and_when_it_is_due(desk: Desk, client: Client) -> None:
    desk.lend(at=clock.now() - timedelta(days=2))
    desk.lend(desk.items[1], desk.other, at=clock.now() - timedelta(days=2))
    shown = page(client)
    assert shown.count('name="loan"') == 1
    assert desk.other.name not in shown
    assert "应还" in shown


def test_the_page_says_how_often_a_book_was_asked_back(desk: Desk, client: Client) -> None:
    loan = desk.lend(at=clock.now() - timedelta(days=30))
    assert "已催还" not in page(client)
    mark_urged(library=desk.library, loans=[loan.pk], way="slip", at=clock.now(), by=BY)
    assert "已催还 1 次" in page(client)


def test_somebody_whose_idle_minutes_are_over_is_signed_out(client: Client, travel: Travel) -> None:
    for _time in range(3):
        travel(240)
        page(client)
    travel(301)
    assert client.get("/l/a/me").headers["Location"] == "/l/a/me/enter"


def test_signing_out_and_a_new_code_end_the_page(desk: Desk, client: Client) -> None:
    kept = client.cookies["reader"].value
    assert client.post("/l/a/me/leave").headers["Location"] == "/l/a/"
    assert client.get("/l/a/me").status_code == 302
    client.cookies["reader"] = kept
    set_code(patron=desk.pupil, pictures=(1, 9, 4, 2), by=BY, at=clock.now())
    assert client.get("/l/a/me").status_code == 302


def test_renewing_ones_own_and_nobody_elses(desk: Desk, client: Client) -> None:
    loan = desk.lend(at=clock.now() - timedelta(days=5))
    other = desk.lend(desk.items[1], desk.other, at=clock.now() - timedelta(days=5))
    sent = {"loan": loan.pk, "operation": str(uuid4())}
    for _time in range(2):
        assert "续借好了" in client.post("/l/a/me/renew", sent, follow=True).content.decode()
    assert "请找馆员" in client.post("/l/a/me/renew", {"loan": loan.pk}, follow=True).content.decode()
    for junk in (other.pk, "", "x", 10**17):
        assert client.post("/l/a/me/renew", {"loan": junk}).status_code == 404
    assert sorted(Loan.objects.values_list("renewals", flat=True)) == [0, 1]
    assert Operation.objects.get(action="circulation.renew").door == "opac"


def test_waiting_for_a_title_and_no_longer(desk: Desk, client: Client) -> None:
    record = desk.item.holding.record
    where = f"/l/a/me/hold?record={record.pk}"
    assert 'class="btn go"' not in client.get(where).content.decode()
    for item in desk.items:
        desk.lend(item, desk.teacher, at=clock.now() - timedelta(days=1))
    assert 'class="btn go"' in client.get(where).content.decode()
    client.post("/l/a/me/hold", {"record": record.pk, "operation": str(uuid4())})
    hold = Hold.objects.get()
    assert hold.patron == desk.pupil
    assert "排在第 1 位" in page(client)
    check_in(library=desk.library, item=desk.item, at=clock.now(), by=BY)
    assert "已到馆" in page(client)
    client.post("/l/a/me/hold/cancel", {"hold": hold.pk, "operation": str(uuid4())})
    hold.refresh_from_db()
    assert hold.state == "cancelled"
    assert reconcile.run("a").differences == ()


def test_nobody_cancels_somebody_elses_waiting(desk: Desk, client: Client) -> None:
    set_code(patron=desk.other, pictures=RIGHT, by=BY, at=START)
    other = Client()
    other.post("/l/a/me/enter", {"card": "0002", "so_far": SENT})
    for item in desk.items:
        desk.lend(item, desk.teacher, at=clock.now() - timedelta(days=1))
    other.post("/l/a/me/hold", {"record": desk.item.holding.record_id})
    hold = Hold.objects.get()
    assert client.post("/l/a/me/hold/cancel", {"hold": hold.pk}).status_code == 404
    assert client.get("/l/a/me/hold?record=999999").status_code == 404


def test_what_was_before_is_shown_only_where_the_library_says_so(desk: Desk, client: Client) -> None:
    desk.lend(at=clock.now() - timedelta(days=5))
    check_in(library=desk.library, item=desk.item, at=clock.now(), by=BY)
    assert "西游记" not in page(client)
    show_history(library=desk.library, shows=True, by=BY, at=clock.now())
    assert "西游记" in page(client)


def test_a_block_is_told_without_its_reason(desk: Desk, client: Client) -> None:
    block(patron=desk.pupil, reason="欠赔书款", by=BY, at=clock.now())
    shown = page(client)
    assert "现在不能借书" in shown
    assert "欠赔" not in shown


def test_the_catalogue_leads_here_and_says_nothing_of_the_reader(desk: Desk, client: Client) -> None:
    for path in ("/l/a/", "/l/a/search", f"/l/a/records/{desk.item.holding.record_id}"):
        shown = client.get(path).content.decode()
        assert 'href="/l/a/me"' in shown
        assert desk.pupil.name not in shown
