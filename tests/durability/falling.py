"""A desk that is hit by what hits computers, while acts come in by its HTTP door. One process: Django is loaded once.

python -m tests.durability.falling kills N ACTS    acts over a real connection to a server that is killed N times
python -m tests.durability.falling unsynced        acts without end on a disk whose power can be cut
python -m tests.durability.falling full BYTES      acts until the disk has no room, then with room again; prints JSON

The first two print the operation id of each act once it was answered as done, a line each.
"""

import http.client
import json
import os
import random
import signal
import socket
import sys
import time
import urllib.parse
import uuid
from typing import Any

import django

CHANCE = random.Random(20260901)  # noqa: S311  moments, no secrets


class Acts:
    """Even acts lend a volume to the teacher, the odd one after it takes it back; a few volumes are out at any time."""

    def __init__(self) -> None:
        from shuxiang.holdings.models import ItemIdentifier  # noqa: PLC0415
        from shuxiang.patrons.models import Card  # noqa: PLC0415

        self.codes = list(ItemIdentifier.objects.order_by("pk").values_list("value", flat=True))
        self.reader = Card.objects.get(number="T01").patron_id

    def form(self, number: int) -> dict[str, str]:
        pair, is_return = divmod(number, 2)
        fields = {"scan": self.codes[pair % len(self.codes)], "operation": str(uuid.uuid4()), "patron": ""}
        return fields if is_return else fields | {"patron": str(self.reader), "confirm": "returned_today"}


def _client() -> Any:
    from django.test import Client  # noqa: PLC0415

    from shuxiang.accounts.models import Account  # noqa: PLC0415

    found = Client(headers={"hx-request": "true"})
    found.force_login(Account.objects.get(username="librarian"), "django.contrib.auth.backends.ModelBackend")
    return found


def _is_done(status: int, text: str) -> bool:
    return (
        status == 200 and "data-count=" in text
    )  # the answer to an act that was done counts today's figures on


def kills(times: int, most: int) -> None:
    """Send acts until all are answered; whatever was not answered is sent again with its id."""
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    from shuxiang.cli import server  # noqa: PLC0415

    acts, cookie = Acts(), _client().cookies["sessionid"].value
    listener = socket.create_server(("127.0.0.1", 0))
    answer = get_wsgi_application()
    connections.close_all()

    def begin() -> int:
        if pid := os.fork():
            return pid
        server._answer_pages(listener, answer, 3, None)
        os._exit(0)

    when = sorted(CHANCE.sample(range(most), times))
    running, token = begin(), "x" * 32
    port = listener.getsockname()[1]
    for number in range(most):
        fields = acts.form(number) | {"csrfmiddlewaretoken": token}
        if when and number == when[0]:
            when.pop(0)
            _send(port, cookie, token, fields, wait=False)
            time.sleep(CHANCE.random() * 0.03)  # before it, in the middle of it, or after it
            os.kill(running, signal.SIGKILL)
            os.waitpid(running, 0)
            running = begin()
        for _try in range(5):
            answered = _send(port, cookie, token, fields)
            if answered is not None:
                break
        assert answered is not None
        assert _is_done(*answered), answered
        print(fields["operation"], flush=True)
    os.kill(running, signal.SIGKILL)
    os.waitpid(running, 0)


def _send(
    port: int, cookie: str, token: str, fields: dict[str, str], *, wait: bool = True
) -> tuple[int, str] | None:
    """One request; None when the server fell meanwhile."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {
        "Cookie": f"sessionid={cookie}; csrftoken={token}",
        "Content-Type": "application/x-www-form-urlencoded",
        "HX-Request": "true",
    }
    try:
        connection.request("POST", "/desk/scan", urllib.parse.urlencode(fields), headers)
        if not wait:
            return None
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        if wait:
            connection.close()
        else:
            _left.append(connection)  # not closed: the server shall go on with it


_left: list[http.client.HTTPConnection] = []


def unsynced() -> None:
    client, acts, number = _client(), Acts(), 0
    while True:
        fields = acts.form(number)
        answer = client.post("/desk/scan", fields)
        assert _is_done(answer.status_code, answer.content.decode()), answer.content.decode()[:2000]
        print(fields["operation"], flush=True)
        number += 1


def full(disk: Any, room: int) -> None:
    """After the disk is full every act is answered with 507 and not done; with room again the next ones are done."""
    client, acts = _client(), Acts()
    done: list[str] = []
    refused: list[tuple[int, str]] = []
    number = 0
    disk.room = room
    while len(refused) < 5:
        fields = acts.form(number)
        answer = client.post("/desk/scan", fields)
        if answer.status_code == 200:
            done.append(fields["operation"])
            number += 1
        else:
            refused.append((answer.status_code, fields["operation"]))
    disk.room = None
    for _ in range(5):
        fields = acts.form(number)
        answer = client.post("/desk/scan", fields)
        assert _is_done(answer.status_code, answer.content.decode())
        done.append(fields["operation"])
        number += 1
    print(json.dumps({"done": done, "refused": refused}))


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "shuxiang.config.settings"
    what, *more = sys.argv[1:]
    below = None
    if what != "kills":
        from tests.durability.disk import Disk

        below = Disk()
    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS.append("testserver")
    if what == "kills":
        kills(*map(int, more))
    elif what == "full":
        full(below, int(more[0]))
    else:
        unsynced()
    sys.stdout.flush()
    os._exit(0)  # SQLite still calls the layer when Python takes itself apart
