"""A machine at a small school, its browser, and what a child does at it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from shuxiang.accounts.devicemodels import Kiosk
from shuxiang.accounts.services import KioskValues, issue_kiosk_code, save_kiosk
from shuxiang.circulation.tests.desk import BY, START, Desk, open_desk
from shuxiang.common import clock
from shuxiang.patrons.models import ClassMembership
from shuxiang.patrons.services import set_code

RIGHT = (3, 7, 7, 12)


@dataclass
class Machine:
    """Its browser; `see()` is what stands on the screen."""

    desk: Desk
    kiosk: Kiosk
    client: Client = field(default_factory=Client)

    def register(self) -> None:
        code = issue_kiosk_code(kiosk=self.kiosk, by=BY, at=clock.now())
        assert self.client.post("/kiosk/register", {"code": code}).status_code == 302

    def post(self, path: str, **sent: Any) -> str:
        answer = self.client.post(f"/kiosk/{path}", sent, follow=True)
        assert answer.status_code == 200, answer.status_code
        self.context = answer.context
        return answer.content.decode()

    def see(self) -> str:
        return self.client.get("/kiosk/").content.decode()

    def scan(self, code: str, **more: str) -> str:
        return self.post("scan", scan=code, **{"operation": str(uuid4()), **more})

    def set(self, **values: Any) -> None:
        plain = {"name": self.kiosk.name, **values}
        save_kiosk(library=self.desk.library, values=KioskValues(**plain), row=self.kiosk, by=BY, at=START)

    def card(self) -> str:
        return str(self.desk.pupil.cards.get().number)

    def code(self, index: int = 0) -> str:
        return str(self.desk.items[index].identifiers.get().value)

    def sign_in(self) -> str:
        return self.scan(self.card())

    @property
    def class_key(self) -> int:
        return ClassMembership.objects.filter(patron=self.desk.pupil).get().school_class_id


@pytest.fixture
def desk(db: None) -> Desk:
    return open_desk()


@pytest.fixture
def machine(desk: Desk) -> Machine:
    kiosk = save_kiosk(
        library=desk.library, values=KioskValues("门口", shows_pinyin=False), row=None, by=BY, at=START
    )
    made = Machine(desk, kiosk)
    made.register()
    return made


@pytest.fixture
def with_code(machine: Machine) -> Machine:
    set_code(patron=machine.desk.pupil, pictures=RIGHT, by=BY, at=START)
    return machine
