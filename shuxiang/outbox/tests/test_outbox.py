"""Messages: written down, sent to a real mail server, tried again, given up; and the password that is in no backup."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from shuxiang.audit import jobs, reconcile
from shuxiang.audit.models import Operation
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Refused
from shuxiang.libraries.models import Library
from shuxiang.libraries.services import create_library
from shuxiang.outbox import selectors
from shuxiang.outbox.jobs import is_due
from shuxiang.outbox.models import Message, SenderSettings
from shuxiang.outbox.rules import BACK_OFF, one_line, wait_after
from shuxiang.outbox.secrets import password_of
from shuxiang.outbox.services import SenderValues, cancel, choose_sender, queue_message, send_again, send_due

BY = Actor("li", "desk")
AT = datetime(2026, 10, 15, 3, 30, tzinfo=UTC)  # a Thursday, half past eleven in China


@dataclass
class Desk:
    library: Library


def open_desk(code: str = "a") -> Desk:
    return Desk(create_library(code=code, name="榆树小学", kind="primary", by=BY, at=AT))


def later(days: int) -> datetime:
    return AT + timedelta(days=days)


CERTIFICATE = Path(__file__).parent / "data" / "certificate.pem"  # for localhost, with its key: of tests only


class Post:
    """What a mail server took, and whom it refuses."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.refused: dict[str, str] = {}

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _o: Any) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.letters.append(envelope)
        return "250 OK"


def let_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    known = given.login == b"library" and given.password == b"secret-word"
    return AuthResult(success=known, handled=False)


@contextmanager
def mail_server(post: Post, **options: Any) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(post, hostname="127.0.0.1", port=port, **options)
    server.start()
    try:
        yield port
    finally:
        server.stop()


@pytest.fixture
def desk(db: None) -> Desk:
    return open_desk()


@pytest.fixture
def post() -> Post:
    return Post()


def choose(desk: Desk, port: int, **more: Any) -> SenderSettings:
    password = more.pop("password", None)
    values = {"kind": "smtp", "host": "127.0.0.1", "port": port, "security": "plain", **more}
    return choose_sender(
        library=desk.library,
        values=SenderValues(from_address="tushuguan@example.com", **values),
        password=password,
        at=AT,
        by=BY,
    )


def write(desk: Desk, to: str = "laoshi@example.com", **more: Any) -> Message:
    values = {"subject": "催还：三（1）班", "body": "《西游记》已过期。\n", "to_name": "沈老师", **more}
    return queue_message(library=desk.library, to_address=to, at=AT, by=BY, **values)


def test_a_message_goes_to_a_real_server_once(desk: Desk, post: Post) -> None:
    with mail_server(post) as port:
        choose(desk, port)
        message = write(desk)
        tally = send_due(AT)
        assert (tally.due, tally.sent) == (1, 1)
        assert send_due(later(1)).due == 0
    [letter] = post.letters
    assert letter.rcpt_tos == ["laoshi@example.com"]
    text = letter.content.decode()
    assert f"<{message.uuid}@example.com>" in text
    assert "Auto-Submitted: auto-generated" in text
    message.refresh_from_db()
    assert (message.state, message.tries, message.ended_at) == ("sent", 1, AT)


def test_the_way_may_be_protected_and_ask_for_name_and_password(
    desk: Desk, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    options = {
        "authenticator": let_in,
        "auth_required": True,
        "tls_context": context,
        "require_starttls": True,
    }
    with mail_server(post, **options) as port:
        choose(desk, port, host="localhost", security="starttls", username="library", password="secret-word")
        message = write(desk)
        send_due(AT)
        message.refresh_from_db()
        assert (message.state, message.last_error) == ("queued", "not_trusted")
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        assert send_due(later(1)).sent == 1
        choose(desk, port, host="localhost", security="starttls", username="library", password="wrong")
        other = write(desk)
        send_due(later(2))
        other.refresh_from_db()
        assert (other.state, other.last_error) == ("queued", "not_let_in")
    assert len(post.letters) == 1


def test_without_a_network_everything_waits_and_only_one_is_tried(desk: Desk, post: Post) -> None:
    with mail_server(post) as port:
        choose(desk, port)
    first, second = write(desk), write(desk)  # nobody listens on the port any more
    tally = send_due(AT)
    assert (tally.due, tally.waiting, tally.sent) == (2, 2, 0)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.tries, first.last_error, second.tries) == (1, "unreachable", 0)
    assert first.next_try_at == AT + BACK_OFF[0]
    assert is_due(AT + timedelta(seconds=30)) == {}


def test_an_address_that_is_refused_for_good_is_given_up_at_once_and_may_be_tried_anew(
    desk: Desk, post: Post
) -> None:
    post.refused["weg@example.com"] = "550 no such user"
    post.refused["voll@example.com"] = "450 mailbox busy"
    with mail_server(post) as port:
        choose(desk, port)
        gone, busy, fine = write(desk, "weg@example.com"), write(desk, "voll@example.com"), write(desk)
        tally = send_due(AT)
        assert (tally.sent, tally.failed, tally.waiting) == (1, 1, 1)
        for message in (gone, busy, fine):
            message.refresh_from_db()
        assert (gone.state, gone.last_error, gone.error_text) == ("failed", "address_refused", "no such user")
        assert (busy.state, fine.state) == ("queued", "sent")
        post.refused.clear()
        assert send_again(gone, at=later(1), by=BY).state == "queued"
        assert send_due(later(1)).sent == 2
    with pytest.raises(Refused):
        send_again(fine, at=AT, by=BY)


def test_tries_come_later_and_later_and_end(desk: Desk) -> None:
    assert [wait_after(n) for n in (1, 2, len(BACK_OFF))] == [BACK_OFF[0], BACK_OFF[1], BACK_OFF[-1]]
    assert wait_after(len(BACK_OFF) + 1) is None
    choose(desk, 1)
    message = write(desk)
    at = AT
    for _ in range(len(BACK_OFF) + 1):
        send_due(at)
        at += timedelta(days=1)
    message.refresh_from_db()
    assert (message.state, message.tries) == ("failed", len(BACK_OFF) + 1)


def test_a_message_that_has_not_gone_can_be_cancelled(desk: Desk, post: Post) -> None:
    with mail_server(post) as port:
        choose(desk, port)
        cancelled, sent = write(desk), write(desk, "b@example.com")
        assert cancel(cancelled, at=AT, by=BY).state == "cancelled"
        assert send_due(AT).sent == 1
        with pytest.raises(Refused):
            cancel(sent, at=AT, by=BY)


def test_a_library_that_sends_nothing_says_so_and_a_bad_address_is_refused(desk: Desk) -> None:
    for prepare, code in ((lambda: None, "no_sender"), (lambda: choose(desk, 25), "bad_address")):
        prepare()
        with pytest.raises(Refused) as refused:
            write(desk, "kein Ort")
        assert refused.value.codes == (code,)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"host": ""}, "no_host"), ({"host": "a b"}, "no_host"), ({"port": 0}, "bad_port"), ({"port": 70000}, "bad_port"),
        ({"security": "none"}, "bad_security"), ({"from_address": "x"}, "bad_address"),
    ],
)  # fmt: skip
def test_half_a_sender_is_refused(desk: Desk, values: dict[str, Any], code: str) -> None:
    whole: dict[str, Any] = {"kind": "smtp", "host": "h", "port": 25, "from_address": "a@example.com"}
    with pytest.raises(Refused) as refused:
        choose_sender(library=desk.library, values=SenderValues(**(whole | values)), at=AT, by=BY)
    assert refused.value.codes == (code,)


def test_the_password_is_in_a_file_of_its_owner_and_in_no_table(desk: Desk) -> None:
    choose(desk, 25, username="library", password="secret-word")
    assert password_of(desk.library.code) == "secret-word"
    everything = str(list(SenderSettings.objects.values())) + str(list(Operation.objects.values()))
    assert "secret-word" not in everything
    choose(desk, 26)
    assert password_of(desk.library.code) == "secret-word"
    choose(desk, 26, password="")
    assert password_of(desk.library.code) == ""


def test_no_header_can_be_smuggled_in(desk: Desk, post: Post) -> None:
    assert one_line("a\r\nBcc: b@example.com") == "a Bcc: b@example.com"
    with mail_server(post) as port:
        choose(desk, port)
        write(desk, subject="催还\r\nBcc: b@example.com", to_name="x\nCc: c@example.com")
        assert send_due(AT).sent == 1
    assert b"\nBcc" not in post.letters[0].content


def test_the_job_sends_and_says_what_it_did(desk: Desk, post: Post) -> None:
    with mail_server(post) as port:
        choose(desk, port)
        write(desk)
        write(desk, "b@example.com")
        assert jobs.run_pending() == 1
    assert len(post.letters) == 2


def test_the_same_act_twice_is_one_message(desk: Desk) -> None:
    choose(desk, 25)
    key = uuid4()
    assert write(desk, operation_id=key).pk == write(desk, operation_id=key).pk


def test_bodies_are_forgotten_after_ninety_days(desk: Desk) -> None:
    choose(desk, 25)
    message = cancel(write(desk), at=AT, by=BY)
    send_due(later(89))
    message.refresh_from_db()
    assert message.body
    assert is_due(later(91)) == {}
    send_due(later(91))
    message.refresh_from_db()
    assert (message.body, is_due(later(91))) == ("", None)


def test_messages_of_one_school_are_not_those_of_another_and_what_is_stuck_is_named(desk: Desk) -> None:
    other = open_desk("b")
    choose(desk, 25)
    message = write(desk)
    assert selectors.message_of(other.library, message.pk) is None
    assert not selectors.messages_of(other.library)
    choose_sender(library=desk.library, values=SenderValues("none"), at=AT, by=BY)
    assert send_due(AT).due == 0
    outcome = reconcile.run()
    assert outcome.is_clean
    assert {d.code for d in outcome.exceptions} >= {"no_way_out"}
