"""The server program: one process with eight threads for pages. The same on Linux, Windows and macOS."""

import signal
import socket
from collections.abc import Callable
from types import FrameType

import waitress
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.utils.translation import gettext as _

from shuxiang.cli.dispatch import NotDone

PAGE_THREADS = 8  # more gain nothing: on SQLite one writer works at a time, and a PC has few cores


def prepare() -> None:
    """Bring the database to this program's schema and gather the files that browsers fetch."""
    print(_("Preparing the database …"), flush=True)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)


def take_port(host: str, port: int) -> socket.socket:
    """The listening socket; taken first, so that a second start cannot touch the data of a running one. Raises NotDone."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, OverflowError):
        raise NotDone(
            _("Port %(port)s of %(host)s is in use or cannot be used; choose another one with --port.")
            % {"port": port, "host": host}
        ) from None


def serve(listener: socket.socket, greet: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or a stop signal, then finish open requests. `greet` is told the address."""
    host, port = listener.getsockname()[:2]
    server = waitress.create_server(
        get_wsgi_application(), sockets=[listener], threads=PAGE_THREADS, ident="shuxiang"
    )
    for name in ("SIGTERM", "SIGBREAK"):  # the second is how Windows asks
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _stop)
    greet(f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}/")  # noqa: S104  compared, not bound
    try:
        server.run()
    finally:
        server.close()
    print(_("Stopped."), flush=True)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
