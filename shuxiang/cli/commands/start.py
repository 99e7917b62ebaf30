"""shuxiang start: bring the database up to date, then serve pages until told to stop."""

import argparse

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.cli.outcome import DONE
from shuxiang.cli.server import prepare, serve, take_port

NAME = "start"
HELP = gettext_lazy("start the server of this library")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen; the environment's SHUXIANG_HOST and PORT unless said here."""
    parser.add_argument("--host", default=settings.LISTEN_HOST, help=_("address to listen on"))
    parser.add_argument("--port", type=int, default=settings.LISTEN_PORT, help=_("port to listen on"))


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    with take_port(args.host, args.port) as listener:
        prepare()
        serve(listener, greet)
    return DONE


def greet(address: str) -> None:
    """Tell where the library is to be found."""
    print(_("The library is open at %(address)s   (Ctrl-C closes it)") % {"address": address}, flush=True)
