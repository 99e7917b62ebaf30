"""What shall be printed: a form says a batch, a range, a list, a class; answered with keys and what was not found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuxiang.catalogue.clc import name_of
from shuxiang.desk.views.printing.kinds import CLASSES, PATRONS, TEXTS, VOLUMES, Kind
from shuxiang.holdings import labels as stock
from shuxiang.holdings.choosing import read_codes
from shuxiang.libraries import selectors as ground
from shuxiang.patrons import labels as people
from shuxiang.patrons.selectors import readers_of

if TYPE_CHECKING:
    from shuxiang.libraries.models import Library

MOST_NAMED = 12  # codes that a message lists
LONGEST_SIGN = 200  # signs of one line
WAYS = {
    VOLUMES: ("batch", "accession", "barcode", "list", "class"),
    PATRONS: ("school-class", "category", "list"),
    CLASSES: ("classes",),
    TEXTS: ("texts",),
}
Given = Mapping[str, str]


@dataclass(slots=True)
class Chosen:
    """Keys or texts in their order, how they were chosen, and sentences about what was asked for and is not there."""

    subjects: list[int | str] = field(default_factory=list)
    source: dict[str, object] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def way_of(kind: Kind, given: Given) -> str:
    """How it is chosen: as given, or the first way of the kind."""
    ways = WAYS[kind.of]
    return given.get("by", "") if given.get("by", "") in ways else ways[0]


def choose(library: Library, kind: Kind, given: Given, today: date) -> Chosen:
    """Read the form. Nothing chosen is a problem with a sentence of its own."""
    way = way_of(kind, given)
    found = _READ[way](library, kind, given, today)
    found.source = {"by": way, **found.source}
    if kind.of == VOLUMES and not found.problems:
        keys = [key for key in found.subjects if isinstance(key, int)]
        order = given.get("order", "")
        if order in stock.ORDERS:
            keys = stock.in_order(library, keys, order)
        found.subjects = list(stock.one_of_each_title(library, keys) if kind.code == "catalogue" else keys)
    if not found.subjects and not found.problems:
        found.problems.append(_("Nothing that was chosen is there to be printed."))
    return found


def _batch(library: Library, _kind: Kind, given: Given, _today: date) -> Chosen:
    wanted = _whole(given.get("batch", ""))
    found = next((one for one in stock.batches(library) if one.pk == wanted), None)
    if found is None:
        return Chosen(problems=[_("Choose a batch.")])
    return Chosen([*stock.of_batch(library, found.pk)], {"batch": found.number})


def _accession(library: Library, _kind: Kind, given: Given, _today: date) -> Chosen:
    first, last = given.get("accession_first", "").strip(), given.get("accession_last", "").strip()
    found = stock.of_accessions(library, first, last)
    if found is None:
        return Chosen(problems=[_("Give two accession numbers of one series, such as B101 and B250.")])
    return Chosen([*found], {"first": first, "last": last or first})


def _barcode(library: Library, _kind: Kind, given: Given, _today: date) -> Chosen:
    first, last = given.get("barcode_first", "").strip(), given.get("barcode_last", "").strip()
    found = stock.of_barcodes(library, first, last)
    if found is None:
        return Chosen(
            problems=[_("Give two barcodes with the same number of signs, such as 0000101 and 0000250.")]
        )
    return Chosen([*found], {"first": first, "last": last or first})


def _list(library: Library, kind: Kind, given: Given, _today: date) -> Chosen:
    codes = read_codes(given.get("list", ""))
    if not codes:
        return Chosen(problems=[_("Scan or paste at least one number into the list.")])
    keys, unknown = (stock if kind.of == VOLUMES else people).of_list(library, codes)
    return Chosen([*keys], {"listed": len(codes)}, _unknown(unknown))


def _unknown(codes: list[str]) -> list[str]:
    if not codes:
        return []
    named = " ".join(codes[:MOST_NAMED]) + (" …" if len(codes) > MOST_NAMED else "")
    return [
        ngettext(
            "%(count)d number on the list is on nothing that can be printed here: %(codes)s. Take it out of the list.",
            "%(count)d numbers on the list are on nothing that can be printed here: %(codes)s. Take them out of the list.",
            len(codes),
        )
        % {"count": len(codes), "codes": named}
    ]


def _class(library: Library, _kind: Kind, given: Given, _today: date) -> Chosen:
    clc, place = given.get("clc", "").strip().upper()[:60], _whole(given.get("place", ""))
    if not clc and place is None:
        return Chosen(problems=[_("Give a class, such as I287, or choose a place.")])
    return Chosen([*stock.of_class(library, clc, place)], {"clc": clc, "place": place})


def _school_class(library: Library, _kind: Kind, given: Given, today: date) -> Chosen:
    wanted = _whole(given.get("school_class", ""))
    found = next((one for one in ground.classes_on(library, today) if one.pk == wanted), None)
    if found is None:
        return Chosen(problems=[_("Choose a class.")])
    return Chosen(
        [one.pk for one in readers_of(found, today) if one.left_on is None],
        {"school_class": ground.label_of(found, today)},
    )


def _category(library: Library, _kind: Kind, given: Given, _today: date) -> Chosen:
    wanted = _whole(given.get("category", ""))
    if wanted is None:
        return Chosen(problems=[_("Choose a kind of readers.")])
    return Chosen([*people.of_category(library, wanted)], {"category": wanted})


def _classes(_library: Library, _kind: Kind, given: Given, _today: date) -> Chosen:
    codes = [code.upper() for code in read_codes(given.get("classes", ""))]
    unknown = [code for code in codes if not name_of(code)]
    if unknown:
        return Chosen(
            problems=[
                _("These are no classes of the classification: %(codes)s.")
                % {"codes": " ".join(unknown[:MOST_NAMED])}
            ]
        )
    return Chosen([*codes], {})


def _texts(_library: Library, _kind: Kind, given: Given, _today: date) -> Chosen:
    lines = [line.strip()[:LONGEST_SIGN] for line in given.get("texts", "").splitlines()]
    return Chosen([line for line in lines if line.strip("| ")], {})


def _whole(text: str) -> int | None:
    """A key; None for what is none."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


_READ: dict[str, Callable[[Library, Kind, Given, date], Chosen]] = {
    "batch": _batch,
    "accession": _accession,
    "barcode": _barcode,
    "list": _list,
    "class": _class,
    "school-class": _school_class,
    "category": _category,
    "classes": _classes,
    "texts": _texts,
}
