"""Which library a command means: the one named, or the only one there is."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shuxiang.cli.outcome import NotDone
from shuxiang.libraries import selectors

if TYPE_CHECKING:
    from shuxiang.libraries.models import Library


def add_library_argument(parser: argparse.ArgumentParser) -> None:
    """--library CODE, needed only where there are several."""
    parser.add_argument("--library", metavar="CODE", help=_("code of the library, where there are several"))


def chosen(code: str | None) -> Library:
    """The library of that code, or the only one. Raises NotDone, naming those there are."""
    libraries = selectors.all_libraries()
    if code:
        found = selectors.find_library(code)
        if found is None:
            names = ", ".join(library.code for library in libraries)
            raise NotDone(
                _("There is no library %(code)s. There are: %(names)s") % {"code": code, "names": names}
            )
        return found
    if not libraries:
        raise NotDone(_("There is no library yet. Found one with: shuxiang setup"))
    if len(libraries) > 1:
        names = ", ".join(library.code for library in libraries)
        raise NotDone(_("Say which library with --library: %(names)s") % {"names": names})
    return libraries[0]
