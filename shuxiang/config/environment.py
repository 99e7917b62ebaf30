"""Our own settings, read from the environment: one table, printed in docs/settings.md."""

import os
import secrets
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from platformdirs import user_data_path

from shuxiang.common import locks


class BadSetting(ImproperlyConfigured):
    """A setting in the environment cannot be understood; the message names it and the remedy."""


@dataclass(frozen=True)
class Setting:
    """One variable of the environment: its name, kind of value, default and what it is for."""

    name: str
    kind: str
    default: str
    sentence: str


SETTINGS = (
    Setting(
        "SHUXIANG_HOME",
        "folder",
        "",
        "Data folder: database, files, backups, secret key. Default: the user's own data folder.",
    ),
    Setting(
        "DATABASE_URL",
        "address",
        "",
        "postgresql://user:password@host:port/name; empty means the SQLite file in SHUXIANG_HOME.",
    ),
    Setting(
        "SHUXIANG_HOST",
        "address",
        "127.0.0.1",
        "Address the server listens on; 0.0.0.0 lets the other computers of the school in.",
    ),
    Setting(
        "PORT",
        "number",
        "8000",
        "Port the server listens on.",
    ),
    Setting(
        "SHUXIANG_TLS",
        "yes/no",
        "no",
        "yes: start speaks HTTPS too, with a certificate of this installation's own, as with --tls.",
    ),
    Setting(
        "SHUXIANG_TLS_PORT",
        "number",
        "8443",
        "Port on which HTTPS is spoken then.",
    ),
    Setting(
        "SHUXIANG_ALLOWED_HOSTS",
        "list",
        "",
        "Further names, separated by commas, under which browsers may reach the server.",
    ),
    Setting(
        "SHUXIANG_HTTPS",
        "yes/no",
        "no",
        "yes where browsers reach the server through HTTPS; cookies are then sent over it only.",
    ),
    Setting(
        "SHUXIANG_TIME_ZONE",
        "name",
        "Asia/Shanghai",
        "Time zone of the installation; local dates are reckoned in it.",
    ),
    Setting(
        "SHUXIANG_BACKUP_SECOND",
        "folder",
        "",
        "Folder on a second disk that gets a copy of every daily backup.",
    ),
    Setting(
        "SHUXIANG_SQLITE_SYNCHRONOUS",
        "FULL or NORMAL",
        "FULL",
        "NORMAL is faster on old disks, but a power cut may then lose the last acts.",
    ),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}


def text(name: str) -> str:
    """The setting's value as given, or its default."""
    return os.environ.get(name, "").strip() or _BY_NAME[name].default


def number(name: str) -> int:
    """A whole number. Raises BadSetting."""
    value = text(name)
    if not value.isdecimal():
        raise BadSetting(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def flag(name: str) -> bool:
    """yes or no. Raises BadSetting."""
    value = text(name).lower()
    if value not in {"yes", "no"}:
        raise BadSetting(f"{name} must be yes or no, not {value!r}.")
    return value == "yes"


def home() -> Path:
    """The data folder, made when missing and closed to other users of the computer."""
    folder = Path(text("SHUXIANG_HOME") or user_data_path("shuxiang", appauthor=False)).expanduser().resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path) -> str:
    """The key that signs sessions: made at first use, readable by its owner only, the same for all who begin at once."""
    path = folder / "secret.key"
    deadline = time.monotonic() + 10
    while not path.exists():
        try:
            with locks.alone(folder / "locks" / "secret-key"):
                if not path.exists():
                    _write_key(path)
        except locks.Taken:
            if time.monotonic() > deadline:
                raise BadSetting(
                    f"Another program has been making {path} for ten seconds: try again."
                ) from None
            time.sleep(0.01)
    if key := path.read_text(encoding="ascii").strip():
        return key
    raise BadSetting(f"{path} is empty: delete it and start again; everybody signs in anew.")


def _write_key(path: Path) -> None:
    """Under its name only once it is whole: nobody reads half a key, and a power cut leaves none."""
    draft = path.with_name("secret.key.new")
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii"
    ) as file:
        file.write(secrets.token_urlsafe(50))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def allowed_hosts() -> list[str]:
    """Names a request may ask for: this computer's own, its address, SHUXIANG_ALLOWED_HOSTS."""
    names = ["localhost", "127.0.0.1", "[::1]", socket.gethostname().lower()]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a datagram socket sends nothing here; it only picks the address
            names.append(probe.getsockname()[0])
        except OSError:
            pass  # no network at all: the loopback names are enough
    return names + [name.strip() for name in text("SHUXIANG_ALLOWED_HOSTS").split(",") if name.strip()]


def sqlite_database(path: Path, synchronous: str) -> dict[str, Any]:
    """The embedded database: what is answered is on the disk, and writers queue (docs/decisions)."""
    if synchronous not in {"FULL", "NORMAL", "OFF"}:
        raise BadSetting(f"SHUXIANG_SQLITE_SYNCHRONOUS must be FULL or NORMAL, not {synchronous!r}.")
    return {
        "ENGINE": "shuxiang.config.sqlite",
        "NAME": path,
        "CONN_MAX_AGE": None,  # a thread keeps its connection: opening one costs as much as an act
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "cached_statements": 256,
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA cache_size=-4096",
        },
    }


def postgres_database(url: str) -> dict[str, Any]:
    """A PostgreSQL address as Django wants it; a query string becomes driver options. Raises BadSetting."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise BadSetting("DATABASE_URL must look like postgresql://user:password@host:5432/name.")
    options: Mapping[str, str] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.get("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {key: value for key, value in options.items() if key != "host"},
    }


def database(folder: Path) -> dict[str, Any]:
    """The one database of this installation."""
    if url := text("DATABASE_URL"):
        return postgres_database(url)
    return sqlite_database(folder / "shuxiang.sqlite3", text("SHUXIANG_SQLITE_SYNCHRONOUS").upper())
