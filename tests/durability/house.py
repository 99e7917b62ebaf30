"""A small school with its server as processes of their own, to be killed and started again.

python -m tests.durability.house prepare    the school in the data folder of the environment; prints JSON
python -m tests.durability.house state      prints {"loans": […], "kept": […], "acts": n, "wrong": […]}
"""

import atexit
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import django

from tests.durability.processes import environment, kill, run, start


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@dataclass
class House:
    """One data folder with its server."""

    env: Mapping[str, str]
    port: int = field(default_factory=free_port)
    words: tuple[str, ...] = ()  # further words of the command line
    process: subprocess.Popen[str] | None = None
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def prepare(self) -> None:
        """The school; what it is called by is in `told`. On SQLite it is made once in a run of the tests, and copied."""
        home = Path(self.env["SHUXIANG_HOME"])
        if "DATABASE_URL" in self.env:
            self.told = _made(self.env)
        else:
            template, told = _template()
            shutil.copytree(template, home, dirs_exist_ok=True)
            self.told = dict(told)

    def open(self) -> None:
        """Start the server and wait until it answers."""
        self.process = start(self.env, "shuxiang", "start", "--port", str(self.port), *self.words)
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                assert self.process.poll() is None, self.process.communicate()
                time.sleep(0.1)
        raise AssertionError("the server does not answer")

    def fall(self) -> None:
        """As a power cut would end it."""
        if self.process is not None:
            kill(self.process)
            self.process = None

    def state(self) -> dict[str, Any]:
        """What the books say now; the server must not run."""
        status, out, err = run(self.env, "tests.durability.house", "state", seconds=600)
        assert status == 0, err
        found: dict[str, Any] = json.loads(out)
        return found


def _made(env: Mapping[str, str]) -> dict[str, Any]:
    status, out, err = run(env, "tests.durability.house", "prepare", seconds=600)
    assert status == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


@cache
def _template() -> tuple[Path, dict[str, Any]]:
    folder = Path(tempfile.mkdtemp(prefix="house-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder, _made(environment(folder))


def _prepare() -> None:
    from django.core.management import call_command  # noqa: PLC0415  needs the settings
    from django.utils import timezone  # noqa: PLC0415

    from shuxiang.accounts import shipped  # noqa: PLC0415
    from shuxiang.accounts.models import Role  # noqa: PLC0415
    from shuxiang.accounts.services import create_account, grant, issue_sign_in_code  # noqa: PLC0415
    from shuxiang.circulation.tests.desk import BY, START, add_book, open_desk  # noqa: PLC0415

    call_command("migrate", verbosity=0, interactive=False)
    shipped.install(Role)
    desk = open_desk()
    volumes = [*desk.items, *add_book(desk.library, "草房子", copies=20)]
    links = {}
    for name, role in (("librarian", "librarian"), ("second", "librarian"), ("owner", "owner")):
        account = create_account(username=name, display_name="馆员", by=BY, at=START)
        grant(account=account, role=role, library=desk.library, from_on=START.date(), by=BY, at=START)
        code = issue_sign_in_code(account=account, by=BY, at=timezone.now(), is_reusable=True)
        links[name] = f"/desk/enter/{code}"
    codes = [item.identifiers.get().value for item in volumes]
    print(json.dumps({"links": links, "volumes": codes, "cards": ["0001", "0002", "T01"]}))


def _state() -> None:
    from shuxiang.audit import reconcile  # noqa: PLC0415
    from shuxiang.audit.models import Operation  # noqa: PLC0415
    from shuxiang.circulation.keptmodels import KeptAct  # noqa: PLC0415
    from shuxiang.circulation.models import Loan  # noqa: PLC0415

    loans = Loan.objects.order_by("pk").values_list(
        "patron__cards__number",
        "item__identifiers__value",
        "out_at",
        "in_at",
        "out_operation",
        "in_operation",
    )
    acts = Operation.objects.filter(action__in=["circulation.check_out", "circulation.check_in"])
    found = {
        "loans": [[str(value) if value is not None else None for value in row] for row in loans],
        "kept": list(KeptAct.objects.order_by("at", "pk").values_list("code", "outcome", "state")),
        "acts": acts.count(),
        "operations": [str(pk) for pk in acts.values_list("pk", flat=True)],
        "wrong": [reconcile.describe(one) for one in reconcile.run().differences],
    }
    print(json.dumps(found))


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "shuxiang.config.settings"
    django.setup()
    {"prepare": _prepare, "state": _state}[sys.argv[1]]()
