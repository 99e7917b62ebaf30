"""TLS for the server: the port, the certificate and its renewal, and what the pages are told of it."""

import socket
from contextlib import ExitStack
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from shuxiang.cli import certificates
from shuxiang.cli.outcome import NotDone
from shuxiang.cli.server import Secure, take_port
from shuxiang.cli.tls import Keeper
from shuxiang.common import clock
from shuxiang.common.trust import FOLDER


def open_secure(stack: ExitStack, host: str, port: int, plain: socket.socket) -> Secure:
    """Take the port, make or renew the certificates. Raises NotDone."""
    home = Path(settings.HOME)
    listener = stack.enter_context(take_port(host, port))
    ports = int(plain.getsockname()[1]), int(listener.getsockname()[1])

    def renew() -> None:
        """For the addresses of now, which a network may have changed since the start."""
        for address in certificates.own_addresses():
            name = f"[{address}]" if ":" in address else address
            if name not in settings.ALLOWED_HOSTS:
                settings.ALLOWED_HOSTS.append(name)
        names = certificates.ensure(home, settings.ALLOWED_HOSTS, clock.now())
        certificates.tell_pages(home, names, *ports)

    try:
        renew()
    except (OSError, ValueError) as problem:
        raise NotDone(
            _(
                "The certificates in %(folder)s cannot be used (%(problem)s). Move that folder away and start again; "
                "every device must then be given the new certificate."
            )
            % {"folder": home / FOLDER, "problem": problem}
        ) from problem
    return Secure(listener, Keeper(home / FOLDER / certificates.SERVER, renew))
