"""The kinds of things that are printed: who may, what they are made of, what can be chosen about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.desk.views.printing import compose
from shuxiang.holdings import labels as stock
from shuxiang.patrons import labels as people

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from shuxiang.libraries.models import Library
    from shuxiang.printing.models import PrintRun

STOCK, READERS = "catalogue.edit", "patrons.edit"
VOLUMES, PATRONS, CLASSES, TEXTS = "volumes", "readers", "classes", "texts"


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose; the first choice is taken unless another is."""

    code: str
    words: StrPromise
    choices: tuple[tuple[str, StrPromise], ...]

    def read(self, given: str) -> str:
        """The choice as given, or the first one."""
        return given if given in dict(self.choices) else self.choices[0][0]


@dataclass(frozen=True, slots=True)
class Kind:
    """`least` is the room in mm that what is printed needs; `sheets` are proposed, the first before all."""

    code: str
    words: StrPromise
    sentence: StrPromise
    of: str
    make: Callable[[Any, compose.Options, str], compose.Made]
    least: tuple[float, float]
    sheets: tuple[str, ...]
    options: tuple[Option, ...] = ()

    @property
    def permission(self) -> str:
        return READERS if self.of == PATRONS else STOCK


_BARS = (("code128", _("Code 128")), ("code39", _("Code 39")), ("ean", _("EAN")), ("qr", _("QR code")))
_LABELS = ("a4-5x13", "a4-4x10", "a4-3x8-gap", "a4-3x8", "roll-30x20", "roll-40x30")
KINDS: tuple[Kind, ...] = (
    Kind(
        "spine",
        _("Spine labels"),
        _("Class and book number, on two or three lines, with a code if you wish."),
        VOLUMES,
        compose.spine,
        (14, 9),
        _LABELS,
        (
            Option("lines", _("Lines"), (("2", _("two: class, book number")), ("3", _("three")))),
            Option(
                "third", _("Third line"), (("mark", _("part and copy")), ("place", _("code of the place")))
            ),
            Option("code", _("Code on the label"), (("none", pgettext_lazy("code", "none")), *_BARS)),
        ),
    ),
    Kind(
        "barcode",
        _("Barcodes and QR codes"),
        _("The volume's own number, as scanners read it."),
        VOLUMES,
        compose.barcode,
        (24, 12),
        _LABELS,
        (
            Option("symbology", _("Kind of code"), _BARS),
            Option(
                "title", _("Title above the code"), (("yes", _("with title")), ("no", _("without title")))
            ),
        ),
    ),
    Kind(
        "book-card",
        _("Book cards"),
        _("A card in the pocket of each volume, with lines for who has it."),
        VOLUMES,
        compose.book_card,
        (60, 100),
        ("a4-bookcards", "card-75x125"),
    ),
    Kind(
        "pocket",
        _("Book pockets"),
        _("To be cut out, folded and glued into the volume."),
        VOLUMES,
        compose.pocket,
        (100, 150),
        ("a4-pockets",),
    ),
    Kind(
        "catalogue",
        _("Catalogue cards"),
        _("One card for each title, described as GB/T 3792 prescribes."),
        VOLUMES,
        compose.catalogue_card,
        (100, 55),
        ("a4-catalogue", "card-125x75"),
        (
            Option(
                "heading",
                _("Kind of card"),
                (
                    ("main", _("main card")),
                    ("title", _("title card")),
                    ("author", _("author card")),
                    ("subject", _("subject card")),
                    ("class", _("class card")),
                ),
            ),
        ),
    ),
    Kind(
        "ownership",
        _("Ownership marks"),
        _("Whose the volume is, its accession number and since when."),
        VOLUMES,
        compose.ownership,
        (24, 14),
        ("a4-4x10", "a4-3x8-gap", "a4-5x13", "a4-3x8", "roll-40x30"),
    ),
    Kind(
        "reader-card",
        _("Readers' cards"),
        _("For a class, for a kind of readers, or for those on a list."),
        PATRONS,
        compose.reader_card,
        (60, 40),
        ("a4-cards",),
        (Option("symbology", _("Kind of code"), (_BARS[0], _BARS[1], _BARS[3])),),
    ),
    Kind(
        "class-sign",
        _("Class signs"),
        _("A class with its name, for the head of a case or the edge of a shelf."),
        CLASSES,
        compose.class_sign,
        (60, 18),
        ("a4-strips", "a4-signs", "a4-signs-2"),
        (Option("below", _("Classes below it"), (("no", _("not listed")), ("yes", _("listed")))),),
    ),
    Kind(
        "sign",
        _("Shelf signs"),
        _("Whatever a shelf, a case or a door shall say."),
        TEXTS,
        compose.sign,
        (60, 18),
        ("a4-strips", "a4-signs", "a4-signs-2"),
    ),
)
BY_CODE = {kind.code: kind for kind in KINDS}


def made(library: Library, run: PrintRun, subjects: Sequence[Any], day: date) -> list[compose.Made]:
    """The labels of some subjects of a run, as the library knows them today; what is not there any more is left out."""
    kind = BY_CODE[run.kind]
    things: Sequence[Any] = subjects
    if kind.of == VOLUMES:
        things = stock.volumes(library, [key for key in subjects if isinstance(key, int)])
    elif kind.of == PATRONS:
        things = people.readers(library, [key for key in subjects if isinstance(key, int)], day)
    return [kind.make(thing, run.options, library.name) for thing in things]
