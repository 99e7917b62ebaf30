"""Codes that scanners read: a text becomes dark and light modules, and these a shape of a size. Knows no Django."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, cast

import zxingcpp

from shuxiang.printing.shapes import Bars

Symbology = Literal["code128", "code39", "ean", "qr"]
SYMBOLOGIES: tuple[Symbology, ...] = ("code128", "code39", "ean", "qr")
# mm between the dots of printers: laser and ink jet 300 or 600 to the inch, label printers mostly 203. Modules are whole
# dots, or some bars come out a dot wider than others.
OFFICE: tuple[float, ...] = (25.4 / 300,)
ROLL: tuple[float, ...] = (25.4 / 203, 25.4 / 300)
LEAST_MODULE = {"code128": 0.165, "code39": 0.165, "ean": 0.249, "qr": 0.33}  # mm, for hand scanners
MOST_MODULE = {"code128": 0.4, "code39": 0.35, "ean": 0.35, "qr": 0.95}
QUIET = {
    "code128": 10,
    "code39": 10,
    "ean": 11,
    "qr": 4,
}  # light modules that the symbology asks for at each end
LEAST_HEIGHT = 4.0  # mm of bars; a hand scanner finds lower ones badly
_TAKEN = {
    "code128": re.compile(r"[\x20-\x7e]{1,60}"),
    "code39": re.compile(r"[0-9A-Z .$/+%-]{1,40}"),
    "ean": re.compile(r"\d{8}|\d{13}"),
    "qr": re.compile(r".{1,300}", re.DOTALL),
}


class NotCodable(ValueError):
    """A text that a symbology cannot hold, or holds only with a right check digit."""


class CodeTooLarge(ValueError):
    """A code that does not fit the room it was given; lengths in mm."""

    def __init__(self, needs_width: float, needs_height: float) -> None:
        super().__init__(f"needs {needs_width:.1f} × {needs_height:.1f} mm")
        self.needs_width, self.needs_height = needs_width, needs_height


@dataclass(frozen=True, slots=True)
class Symbol:
    """Rows of modules, 1 dark; a code of bars has one row."""

    symbology: Symbology
    text: str
    rows: tuple[str, ...]

    @property
    def across(self) -> int:
        """Modules of the width, the light ones at both ends among them."""
        return len(self.rows[0]) + 2 * QUIET[self.symbology]

    def least(self) -> tuple[float, float]:
        """The least room in mm."""
        width = self.across * LEAST_MODULE[self.symbology]
        return width, width if self.symbology == "qr" else LEAST_HEIGHT


@lru_cache(maxsize=4096)
def symbol(symbology: Symbology, text: str) -> Symbol:
    """The modules of a text. Raises NotCodable."""
    if not _TAKEN[symbology].fullmatch(text):
        raise NotCodable(text)
    if symbology == "qr":
        import segno  # noqa: PLC0415  not before the first page of the program

        rows = tuple(
            "".join("1" if dark else "0" for dark in row) for row in segno.make_qr(text, error="m").matrix
        )
        return Symbol(symbology, text, rows)
    kinds = {
        "code128": zxingcpp.BarcodeFormat.Code128,
        "code39": zxingcpp.BarcodeFormat.Code39,
        "ean": zxingcpp.BarcodeFormat.EAN13 if len(text) == 13 else zxingcpp.BarcodeFormat.EAN8,
    }
    try:
        image = zxingcpp.create_barcode(text, kinds[symbology]).to_image(
            scale=1, add_quiet_zones=False, add_hrt=False
        )
    except ValueError as problem:  # a wrong check digit
        raise NotCodable(text) from problem
    shades = memoryview(cast(Any, image))
    width = shades.shape[1] if shades.shape else 0
    return Symbol(symbology, text, ("".join("0" if shades[0, x] else "1" for x in range(width)),))


def bars(
    code: Symbol,
    *,
    x: float,
    y: float,
    width: float,
    height: float,
    white: float = 0.0,
    dots: tuple[float, ...] = OFFICE,
) -> Bars:
    """The code in the middle of a box, as large as it may be. Raises CodeTooLarge.

    `white` is how much white paper stands at either side of the box, which the code's own white edge may use; `dots` are
    the distances of printers' dots, of which the first is taken that gives modules wide enough.
    """
    least_width, least_height = code.least()
    if code.symbology == "qr":  # words may stand above and below it
        room, white = min(width, height), 0.0
    else:
        room = width
    module = next((found for dot in dots if (found := _module(code, room, white, dot))), 0.0)
    if not module or height < least_height - 1e-6:
        raise CodeTooLarge(least_width, least_height)
    left = x + (width - len(code.rows[0]) * module) / 2
    if code.symbology != "qr":
        return Bars(tuple(_runs(code.rows[0], left, y, module, height)))
    head = y + (height - len(code.rows) * module) / 2
    boxes = [
        box
        for number, row in enumerate(code.rows)
        for box in _runs(row, left, head + number * module, module, module)
    ]
    return Bars(tuple(boxes))


def _module(code: Symbol, room: float, white: float, dot: float) -> float:
    """The widest module of whole dots for a room in mm; 0 when none is wide enough."""
    with_white = (room + 2 * white) / code.across * 1.02  # a white edge 2 per cent short is still read
    widest = min(room / len(code.rows[0]), with_white, MOST_MODULE[code.symbology])
    module = int(widest / dot + 1e-6) * dot
    return module if module >= LEAST_MODULE[code.symbology] else 0.0


def _runs(
    row: str, left: float, head: float, module: float, height: float
) -> list[tuple[float, float, float, float]]:
    """Neighbouring dark modules as one rectangle each."""
    return [
        (left + dark.start() * module, head, len(dark[0]) * module, height) for dark in re.finditer("1+", row)
    ]
