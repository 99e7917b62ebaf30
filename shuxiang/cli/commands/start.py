"""shuxiang start: bring the database up to date, then serve pages until told to stop."""

import argparse
from contextlib import ExitStack

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.cli.outcome import DONE
from shuxiang.cli.server import Secure, prepare, serve, take_port
from shuxiang.common import trust

NAME = "start"
HELP = gettext_lazy("start the server of this library")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen; the environment's settings unless said here."""
    parser.add_argument("--host", default=settings.LISTEN_HOST, help=_("address to listen on"))
    parser.add_argument("--port", type=int, default=settings.LISTEN_PORT, help=_("port to listen on"))
    parser.add_argument(
        "--tls",
        action="store_true",
        default=settings.TLS,
        help=_(
            "speak HTTPS too, with a certificate of this library's own, so that other desks can work safely"
        ),
    )
    parser.add_argument("--tls-port", type=int, default=settings.TLS_PORT, help=_("port to speak HTTPS on"))


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    with ExitStack() as stack:
        listener = stack.enter_context(take_port(args.host, args.port))
        secure = None
        if args.tls:
            from shuxiang.cli.secure import open_secure  # noqa: PLC0415  a start without TLS need not load it

            secure = open_secure(stack, args.host, args.tls_port, listener)
        prepare()
        serve(listener, lambda address: greet(address, secure), secure)
    return DONE


def greet(address: str, secure: Secure | None) -> None:
    """Tell where the library is to be found."""
    print(_("The library is open at %(address)s   (Ctrl-C closes it)") % {"address": address}, flush=True)
    told = trust.read(settings.HOME) if secure else None
    if told is None:
        return
    others = told.addresses[0]
    print(_("Other computers: %(address)s/") % {"address": told.url("https", others)}, flush=True)
    page = told.url("http", others) + reverse("desk:certificate")
    print(_("Their certificate, once for each: %(address)s") % {"address": page}, flush=True)
