"""Which importers there are: each room registers its own when first asked for, so this room knows none of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from shuxiang.audit.discovery import Discovery
from shuxiang.imports.models import Run
from shuxiang.imports.shapes import Exporter, Foreseen, Importer

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Rests = Callable[[Run, Run], bool]
"""Whether what a later run made, and has not been undone, keeps some of an earlier run from being undone."""

Foresight = Callable[[Run], Foreseen]
"""What an undo of a run would take back and what would stay, as things stand now; reads only."""

_importers: dict[str, Importer] = {}
_exporters: dict[str, Exporter] = {}
_words: dict[str, StrOrPromise] = {}
_rests: list[Rests] = []
_foresights: dict[str, Foresight] = {}
_discover = Discovery("imports", "imports.foreseen")  # the rooms above register there; none is named here


def register(importer: Importer, words: Mapping[str, StrOrPromise]) -> None:
    """Make a kind importable; `words` are the sentences (lazy translations) for the codes in its notes."""
    _importers[importer.kind] = importer
    _words.update(words)


def get(kind: str) -> Importer:
    """The importer of that kind. Raises KeyError."""
    _discover()
    return _importers[kind]


def kinds() -> tuple[str, ...]:
    _discover()
    return tuple(sorted(_importers))


def words(code: str) -> StrOrPromise | None:
    _discover()
    return _words.get(code)


def register_exporter(kind: str, exporter: Exporter) -> None:
    _exporters[kind] = exporter


def exporter(kind: str) -> Exporter:
    """The exporter of that kind. Raises KeyError."""
    _discover()
    return _exporters[kind]


def export_kinds() -> tuple[str, ...]:
    _discover()
    return tuple(sorted(_exporters))


def register_rest(rests: Rests) -> None:
    _rests.append(rests)


def rests_on(earlier: Run, later: Run) -> bool:
    _discover()
    return any(rests(earlier, later) for rests in _rests)


def register_foresight(kind: str, foresight: Foresight) -> None:
    _foresights[kind] = foresight


def foresee(run: Run) -> Foreseen:
    """What an undo of the run would do now. Raises KeyError for a kind whose room does not say."""
    _discover()
    return _foresights[run.kind](run)
