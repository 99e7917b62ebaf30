"""shuxiang demo: a filled demonstration school, with one sign-in link per role."""

import argparse
import json
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuxiang.cli.outcome import DONE, NotDone
from shuxiang.cli.server import prepare, serve, take_port
from shuxiang.common import clock
from shuxiang.demo.fill import NotEmpty, fill, is_filled

NAME = "demo"
HELP = gettext_lazy("start a demonstration school with invented people")
LINKS = "demo-links.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument("--host", default=settings.LISTEN_HOST, help=_("address to listen on"))
    parser.add_argument("--port", type=int, default=settings.LISTEN_PORT, help=_("port to listen on"))


def run(args: argparse.Namespace) -> int:
    """Fill the data folder if it is empty, print the links, serve. Raises NotDone for a folder with a real library."""
    with take_port(args.host, args.port) as listener:
        prepare()
        links = _links()
        serve(listener, lambda address: greet(address, links))
    return DONE


def _links() -> dict[str, str]:
    """{who: path}; kept in the data folder, because only digests of the codes are in the database."""
    kept = Path(settings.HOME) / LINKS
    if kept.is_file() and is_filled():
        found: dict[str, str] = json.loads(kept.read_text(encoding="utf-8"))
        return found
    print(_("Filling the demonstration school; this takes less than a minute …"), flush=True)
    try:
        made = fill(clock.now(), lambda line: print(f"  {line}", flush=True))
    except NotEmpty as others:
        raise NotDone(
            _(
                "There are libraries already (%(codes)s) in %(folder)s. "
                "Delete it or choose another SHUXIANG_HOME."
            )
            % {"codes": others, "folder": settings.HOME}
        ) from others
    links = {link.who: reverse("accounts:enter", args=[link.code]) for link in made}
    kept.write_text(json.dumps(links, ensure_ascii=False, indent=1), encoding="utf-8")
    return links


def greet(address: str, links: dict[str, str]) -> None:
    """Tell where the library is, and how to come in as whom."""
    base = address.rstrip("/")
    print(_("The demonstration is open at %(address)s   (Ctrl-C closes it)") % {"address": address})
    print(_("Come in as:"))
    for who, path in links.items():
        print(f"  {who}  {base}{path}")
    print(end="", flush=True)
