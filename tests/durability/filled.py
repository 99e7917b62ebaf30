"""A small installation with a row in nearly every table, and a fingerprint of every table."""

import hashlib
import io
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper as PostgresWrapper
from django.test import override_settings

from shuxiang.catalogue import index
from shuxiang.catalogue.services import keep_original
from shuxiang.circulation.services import check_in, mark_lost, renew
from shuxiang.circulation.tests.desk import AT, BY, ON, START, Desk, add_book, later, open_desk
from shuxiang.config import environment
from shuxiang.config.sqlite.base import DatabaseWrapper
from shuxiang.files import services as files
from shuxiang.holdings.services import mark_missing, withdraw
from shuxiang.patrons.services import block
from shuxiang.safekeeping.dump import kept_models
from tests import school

PICTURE = os.urandom(5000)  # an attachment that no compression makes smaller
RECORD = b"00150nam2 2200073   450 200\x1f1 \x1fa\xe6\xa5\xa0\x1d"
DATABASE = "shuxiang.sqlite3"


def fill() -> Desk:
    """Three schools, accounts of every role, loans open, returned, renewed and lost, an original and a kept file."""
    school.cast()
    desk = open_desk("c")
    first, second, third = desk.items
    renew(loan=desk.lend(first), at=later(1), by=BY)
    desk.lend(second, desk.teacher)
    check_in(library=desk.library, item=second, at=AT + timedelta(hours=1), by=BY)
    mark_lost(loan=desk.lend(third, desk.other), at=later(2), by=BY)
    old, gone, _kept = add_book(desk.library, "千字文：插图本", copies=3, price_text="2.50元")
    withdraw([old], reason="worn", by=BY, at=later(3), on=ON)
    mark_missing(gone, by=BY, at=later(3), on=ON)
    block(patron=desk.other, reason="赔偿未办", by=BY, at=AT)
    files.store(io.BytesIO(PICTURE), name="照片.jpg", library=desk.library, by=BY, at=START)
    keep_original(
        first.holding.record,
        library=desk.library,
        format="iso2709",
        content=RECORD,
        at=START,
        profile="cnmarc",
    )
    return desk


def fingerprints() -> dict[str, str]:
    """Table → digest of all its values; the same on both engines."""
    found = {}
    for model in kept_models(apps):
        digest = hashlib.sha256()
        for row in model._base_manager.order_by("pk").values_list():
            digest.update(repr([_plain(value) for value in row]).encode())
        found[model._meta.label_lower] = digest.hexdigest()
    return found


def _plain(value: object) -> object:
    """PostgreSQL gives bytes as a view, and keeps the keys of JSON in an order of its own."""
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True)
    return bytes(value) if isinstance(value, memoryview) else value


def attachments() -> dict[str, bytes]:
    """Name → bytes of every kept file."""
    folder = Path(settings.MEDIA_ROOT)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@contextmanager
def data_folder(home: Path, postgres_url: str = "") -> Iterator[None]:
    """This process works in another data folder, with a SQLite file of its own or on that PostgreSQL database."""
    home.mkdir(parents=True, exist_ok=True)
    if postgres_url:
        database = environment.postgres_database(postgres_url)
    else:
        database = environment.sqlite_database(home / DATABASE, "OFF")
    database |= {"ATOMIC_REQUESTS": False, "AUTOCOMMIT": True, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
    database |= {"TIME_ZONE": None, "TEST": {"MIGRATE": True}}
    database = {"USER": "", "PASSWORD": "", "HOST": "", "PORT": ""} | database
    wrapper = PostgresWrapper if postgres_url else DatabaseWrapper
    usual = connections["default"]
    connections["default"] = wrapper(database, alias="default")
    try:
        with override_settings(HOME=home, MEDIA_ROOT=home / "files"):
            yield
    finally:
        connections["default"].close()
        connections["default"] = usual


def make(home: Path) -> None:
    """A filled data folder."""
    with data_folder(home):
        make_here()


def make_here() -> None:
    """The tables and the schools, in the data folder in which this process works."""
    call_command("migrate", verbosity=0, interactive=False)
    index.ensure_current(at=START)
    fill()


def copy(source: Path, target: Path) -> Path:
    """A data folder as a copy of another one that nobody has open."""
    shutil.copytree(source, target, dirs_exist_ok=True)
    return target
