"""What a device sends after an interruption, and the page where the rest is settled."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client

from shuxiang.accounts import shipped
from shuxiang.accounts.models import Role
from shuxiang.accounts.services import create_account, grant
from shuxiang.circulation.keptmodels import KeptAct
from shuxiang.circulation.models import Loan
from shuxiang.circulation.tests.desk import BY, START, Desk, open_desk
from shuxiang.desk import queued

NOW = datetime.now(UTC)
MS = int(NOW.timestamp() * 1000)


@pytest.fixture
def desk(db: None) -> Desk:
    shipped.install(Role)
    return open_desk()


@pytest.fixture
def client(desk: Desk) -> Client:
    """A librarian, as the page's script asks."""
    account = create_account(username="guanyuan", display_name="馆员", by=BY, at=START)
    grant(account=account, role="librarian", library=desk.library, from_on=START.date(), by=BY, at=START)
    found = Client(headers={"hx-request": "true"})
    found.force_login(account, "django.contrib.auth.backends.ModelBackend")
    return found


def entry(code: str, ago: int = 60, **more: object) -> dict[str, object]:
    """One scan, so many seconds ago."""
    at = int(datetime.now(UTC).timestamp() * 1000) - ago * 1000
    return {
        "kind": "scan",
        "operation": str(uuid4()),
        "at": at,
        "behind": 0,
        "code": code,
        "dropped": False,
    } | more


def send(client: Client, *entries: dict[str, object], **more: str) -> dict[str, object]:
    now = str(int(datetime.now(UTC).timestamp() * 1000))
    fields = {"acts": json.dumps(entries), "now": now, "patron": "", "certain": "1", **more}
    answer = client.post("/desk/offline/replay", fields)
    assert answer.status_code == 200, answer.content
    found: dict[str, object] = answer.json()
    return found


def code_of(desk: Desk, n: int) -> str:
    return desk.items[n].identifiers.get().value


def test_a_queue_is_done_and_the_answer_holds_no_name(desk: Desk, client: Client) -> None:
    answer = send(
        client,
        entry("0001", 50),
        entry(code_of(desk, 0), 40),
        entry("", 35, kind="next"),
        entry("8888888", 30),
    )
    assert answer == {"done": 1, "kept": 1, "patron": None, "certain": False, "open": 1}
    loan = Loan.objects.get()
    assert loan.patron == desk.pupil
    assert 35 <= (datetime.now(UTC) - loan.out_at).total_seconds() < 100


def test_the_reader_goes_on_from_one_request_to_the_next(desk: Desk, client: Client) -> None:
    first = send(client, entry("0002"))
    assert first["patron"] == desk.other.pk
    send(client, entry(code_of(desk, 1)), patron=str(first["patron"]))
    assert Loan.objects.get().patron == desk.other


def test_two_codes_in_one_line_are_two_acts(desk: Desk, client: Client) -> None:
    answer = send(client, entry(f"T01\n{code_of(desk, 0)}\n{code_of(desk, 1)}"))
    assert (answer["done"], Loan.objects.count()) == (2, 2)


OPERATION = "01a203ee-b064-74eb-981a-03b01e8d929f"  # the same in every process that runs the tests


@pytest.mark.parametrize(
    "acts",
    ["", "x", "{}", "[1]", '[{"at": 1}]', "null", "[" * 5000, '[{"at": 1, "operation": "no"}]',
     json.dumps([{"at": -1, "operation": OPERATION}]), json.dumps([{"at": 10**30, "operation": OPERATION}]),
     json.dumps([{"at": 1, "operation": OPERATION, "code": "\x00"}]),
     json.dumps([{"at": 1, "operation": OPERATION, "code": "1" * 201}])],
)  # fmt: skip
def test_what_the_page_never_writes_is_not_understood(client: Client, acts: str) -> None:
    answer = client.post("/desk/offline/replay", {"acts": acts, "now": str(MS)})
    assert answer.status_code == 422
    assert KeptAct.objects.count() == 0


def test_a_hundred_acts_are_taken_at_once_and_no_more() -> None:
    assert len(queued.read(json.dumps([entry("1")] * queued.MOST_ACTS), str(MS))) == queued.MOST_ACTS
    with pytest.raises(queued.NotUnderstood):
        queued.read(json.dumps([entry("1")] * (queued.MOST_ACTS + 1)), str(MS))


def kept(desk: Desk, client: Client) -> KeptAct:
    """A volume of which it is not certain who took it."""
    send(client, entry("0001"), entry("8888888"), entry(code_of(desk, 0)))
    return KeptAct.objects.get(code=code_of(desk, 0))


def test_what_was_kept_is_lent_after_all(desk: Desk, client: Client) -> None:
    waiting = kept(desk, client)
    fields = {
        "what": "lend",
        "card": "周予安",
        "code": waiting.code,
        "when": "then",
        "operation": str(uuid4()),
    }
    answer = client.post(f"/desk/offline/kept/{waiting.pk}/settle", fields, follow=True)
    assert "已借给周予安" in answer.content.decode()
    loan = Loan.objects.get()
    assert (loan.patron, loan.out_at) == (desk.other, waiting.at)
    waiting.refresh_from_db()
    assert waiting.state == "done"


def test_what_the_books_ask_is_asked_and_done_with_a_yes(desk: Desk, client: Client) -> None:
    waiting = kept(desk, client)
    desk.lend(desk.item, desk.other)
    url = f"/desk/offline/kept/{waiting.pk}/settle"
    fields = {"what": "lend", "card": "0001", "code": waiting.code, "when": "now", "operation": str(uuid4())}
    asked = client.post(url, fields)
    assert asked.status_code == 422
    assert 'name="confirm" value="lent_to_other"' in asked.content.decode()
    client.post(url, fields | {"confirm": "lent_to_other", "operation": str(uuid4())})
    assert Loan.objects.get(in_at=None).patron == desk.pupil


@pytest.mark.parametrize("card", ["", "nobody", "\x00"])
def test_without_a_reader_nothing_is_lent(desk: Desk, client: Client, card: str) -> None:
    waiting = kept(desk, client)
    answer = client.post(
        f"/desk/offline/kept/{waiting.pk}/settle", {"what": "lend", "card": card, "code": waiting.code}
    )
    assert (answer.status_code, Loan.objects.count()) == (422, 0)


def test_a_line_is_dismissed_with_a_reason_only_and_looked_at_again(desk: Desk, client: Client) -> None:
    waiting = kept(desk, client)
    client.post(f"/desk/offline/kept/{waiting.pk}/dismiss", {"reason": " "})
    waiting.refresh_from_db()
    assert waiting.state == "open"
    answer = client.post(f"/desk/offline/kept/{waiting.pk}/dismiss", {"reason": "书还在架上"}, follow=True)
    assert "书还在架上" in answer.content.decode()
    client.post(f"/desk/offline/kept/{waiting.pk}/reopen")
    waiting.refresh_from_db()
    assert waiting.state == "open"


def test_the_kept_page_for_later_knows_nobody(client: Client) -> None:
    page = client.get("/desk/offline").content.decode()
    assert "data-offline" in page
    for secret in ("guanyuan", "馆员</", "榆树小学", "data-secret"):
        assert secret not in page


def test_without_tls_the_certificates_page_says_how_to_begin(desk: Desk) -> None:
    anybody = Client()
    assert "--tls" in anybody.get("/desk/certificate").content.decode()
    assert anybody.get("/desk/certificate/shuxiang-ca.crt").status_code == 404


def test_the_staff_find_the_way_back_and_the_help_from_the_certificates_page(client: Client) -> None:
    told = client.get("/desk/certificate").content.decode()
    assert '<a href="/desk/lending/">' in told
    assert "/desk/help/26/" in told
    assert (
        "/desk/lending/" not in Client().get("/desk/certificate").content.decode()
    )  # nor is anybody else led astray
