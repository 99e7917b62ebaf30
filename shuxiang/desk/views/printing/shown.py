"""What the pages of printing show: the first sheet as a drawing, what is told of it, and lines of the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuxiang.desk.views.printing import kinds
from shuxiang.desk.views.printing.compose import Lacking
from shuxiang.patrons.selectors import categories_of
from shuxiang.printing import selectors
from shuxiang.printing.making import Told, first_sheet
from shuxiang.printing.messages import why_left_out
from shuxiang.printing.pdf import POINTS
from shuxiang.printing.shapes import Bars, Shape, Text, frame

if TYPE_CHECKING:
    from shuxiang.desk.views.printing.setting import Setting
    from shuxiang.holdings.models import AccessionBatch
    from shuxiang.libraries.models import Library
    from shuxiang.printing.labels import Label
    from shuxiang.printing.models import PrintRun
    from shuxiang.printing.sheets import Sheet

MOST_NAMED = 8  # labels that a remark lists


@dataclass(frozen=True, slots=True)
class Letters:
    """A line of text of the drawing, numbers written out."""

    x: str
    y: str
    size: str
    length: str
    text: str
    serif: bool
    bold: bool


@dataclass(slots=True)
class Drawing:
    """A sheet as SVG takes it, millimetres: outlines of labels, those used already, what is printed."""

    width: str
    height: str
    outlines: str = ""
    used: list[tuple[str, str, str, str]] = field(default_factory=list)
    lines: str = ""
    dashes: str = ""
    bars: str = ""
    letters: list[Letters] = field(default_factory=list)


@dataclass(slots=True)
class Seen:
    """What the page of a run says: the drawing (none while something is wrong) and remarks with their seals' kinds."""

    drawing: Drawing | None = None
    told: Told = field(default_factory=Told)
    remarks: list[dict[str, str]] = field(default_factory=list)


def labels(library: Library, run: PrintRun, chosen: Setting, day: date) -> tuple[list[Label], list[Lacking]]:
    """The labels of the chosen part, and what gets none."""
    made = kinds.made(library, run, run.subjects[chosen.first - 1 : chosen.last], day)
    return [one for one in made if not isinstance(one, Lacking)], [
        one for one in made if isinstance(one, Lacking)
    ]


def looked_at(library: Library, run: PrintRun, chosen: Setting, day: date) -> Seen:
    """The first sheet and everything to be known before paper is used."""
    seen = Seen()
    if chosen.problems or chosen.sheet is None:
        return seen
    found, lacking = labels(library, run, chosen, day)
    shapes, seen.told = first_sheet(found, chosen.sheet, start=chosen.start)
    seen.drawing = _drawing(chosen.sheet, shapes, chosen.start)
    gone = chosen.last - chosen.first + 1 - len(found) - len(lacking)
    seen.remarks = _remarks(seen.told, lacking, gone)
    return seen


def _remarks(told: Told, lacking: list[Lacking], gone: int) -> list[dict[str, str]]:
    found: list[tuple[str, str]] = []
    for why in dict.fromkeys(one.why for one in lacking):
        names = [one.name for one in lacking if one.why == why]
        found.append(
            ("ask", _("Left out, because it %(why)s: %(names)s.") % {"why": why, "names": _named(names)})
        )
    if gone:
        text = ngettext(
            "%(count)d is left out because it is not there any more.",
            "%(count)d are left out because they are not there any more.",
            gone,
        )
        found.append(("ask", text % {"count": gone}))
    found += [("refuse", f"{placed.name}: {why_left_out(placed)}") for placed in told.left_out[:MOST_NAMED]]
    if len(told.left_out) > MOST_NAMED:
        more = len(told.left_out) - MOST_NAMED
        found.append(("refuse", _("%(count)d more are left out for the same reason.") % {"count": more}))
    if told.cut:
        text = _("Too long for the label, so the end is cut (…): %(names)s.")
        found.append(("noted", text % {"names": _named([placed.name for placed in told.cut])}))
    if told.missing:
        text = _("The font does not have these signs; 〓 is printed, write them in by hand: %(signs)s")
        found.append(("ask", text % {"signs": " ".join(told.missing)}))
    return [{"kind": kind, "text": text} for kind, text in found]


def _named(names: list[str]) -> str:
    return "，".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")


def _drawing(sheet: Sheet, shapes: list[Shape], start: int) -> Drawing:
    """The shapes of one sheet, sorted by how they are drawn."""
    found = Drawing(_n(sheet.page_width), _n(sheet.page_height))
    size = _n(sheet.width), _n(sheet.height)
    for place in range(sheet.labels):
        x, y = sheet.corner(place)
        found.outlines += "".join(_stroke(line) for line in frame(x, y, sheet.width, sheet.height))
        if place < start - 1:
            found.used.append((_n(x), _n(y), *size))
    for shape in shapes:
        if isinstance(shape, Text):
            high = shape.size / POINTS
            serif = shape.family == "serif"
            found.letters.append(
                Letters(_n(shape.x), _n(shape.y), _n(high), _n(shape.length), shape.text, serif, shape.bold)
            )
        elif isinstance(shape, Bars):
            found.bars += "".join(
                f"M{_n(x)} {_n(y)}h{_n(width)}v{_n(height)}h-{_n(width)}z"
                for x, y, width, height in shape.boxes
            )
        elif shape.dashed:
            found.dashes += _stroke(shape)
        else:
            found.lines += _stroke(shape)
    return found


def _stroke(line: Shape) -> str:
    if isinstance(line, Text | Bars):
        return ""
    return f"M{_n(line.x)} {_n(line.y)}L{_n(line.to_x)} {_n(line.to_y)}"


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def batch_words(batch: AccessionBatch) -> str:
    """A batch in a list to choose from."""
    number = _("Batch %(number)s") % {"number": batch.number} if batch.number else _("Not yet entered")
    volumes = ngettext("%(count)d volume", "%(count)d volumes", batch.volumes) % {"count": batch.volumes}
    return " · ".join(filter(None, (number, batch.received_on.isoformat(), volumes, batch.supplier)))


def logged(library: Library, run: PrintRun) -> dict[str, object]:
    """A line of the log."""
    return {
        "run": run,
        "kind": kinds.BY_CODE[run.kind].words,
        "source": source_words(library, run),
        "sheet": selectors.name_of(library, run.sheet),
        "part": "" if (run.first, run.last) == (1, run.total) else f"{run.first}–{run.last}",
    }


def source_words(library: Library, run: PrintRun) -> str:
    """How what is printed was chosen; signs are called by their first words."""
    source = run.source
    if source.get("by") == "category":
        names = {one.pk: one.name for one in categories_of(library)}
        return names.get(source.get("category"), _("A kind of readers"))
    name = _SOURCES.get(source.get("by", ""))
    if name is None:
        texts = [str(one).partition("|")[0].strip() for one in run.subjects[:3]]
        return "，".join(texts) + (" …" if run.total > len(texts) else "")
    return name(source)


def _list(source: dict[str, Any]) -> str:
    listed = int(source.get("listed", 0))
    return ngettext("A list of %(count)d number", "A list of %(count)d numbers", listed) % {"count": listed}


_SOURCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "batch": lambda source: (
        _("Batch %(number)s") % {"number": source["batch"]} if source["batch"] else _("A batch")
    ),
    "accession": lambda source: _("Accession numbers %(first)s to %(last)s") % source,
    "barcode": lambda source: _("Barcodes %(first)s to %(last)s") % source,
    "class": lambda source: _("Class %(clc)s") % source if source["clc"] else _("All of a place"),
    "school-class": lambda source: str(source["school_class"]),
    "list": _list,
}
