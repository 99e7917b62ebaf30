"""What is drawn on a label, apart from where it is drawn: millimetres from the label's or the page's upper left corner.

The same shapes become a page of a PDF and the picture of it on the screen. Knows no Django.
"""

from dataclasses import dataclass, replace
from typing import TypeAlias

from shuxiang.printing.font import Family
from shuxiang.printing.pdf import HAIRLINE, Page, text_width


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text that begins at x with its foot at y, sizes in points."""

    x: float
    y: float
    text: str
    size: float
    family: Family = "sans"
    bold: bool = False

    @property
    def length(self) -> float:
        return text_width(self.text, self.size, self.family)


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x: float
    y: float
    to_x: float
    to_y: float
    width: float = HAIRLINE
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Black rectangles (x, y, width, height): a code."""

    boxes: tuple[tuple[float, float, float, float], ...]


Shape: TypeAlias = Text | Line | Bars


def moved(shape: Shape, right: float, down: float) -> Shape:
    """The same shape somewhere else."""
    if isinstance(shape, Text):
        return replace(shape, x=shape.x + right, y=shape.y + down)
    if isinstance(shape, Line):
        return replace(
            shape, x=shape.x + right, y=shape.y + down, to_x=shape.to_x + right, to_y=shape.to_y + down
        )
    return Bars(tuple((x + right, y + down, width, height) for x, y, width, height in shape.boxes))


def frame(x: float, y: float, width: float, height: float, *, dashed: bool = False) -> list[Shape]:
    """Four lines around a box."""
    right, foot = x + width, y + height
    corners = ((x, y, right, y), (right, y, right, foot), (right, foot, x, foot), (x, foot, x, y))
    return [Line(*corner, dashed=dashed) for corner in corners]


def draw(page: Page, shape: Shape, right: float = 0.0, down: float = 0.0) -> None:
    """Put a shape on a page of a PDF."""
    if isinstance(shape, Text):
        page.text(
            shape.x + right,
            shape.y + down,
            shape.text,
            size=shape.size,
            family=shape.family,
            bold=shape.bold,
        )
    elif isinstance(shape, Line):
        page.line(
            shape.x + right,
            shape.y + down,
            shape.to_x + right,
            shape.to_y + down,
            width=shape.width,
            dashed=shape.dashed,
        )
    else:
        page.boxes([(x + right, y + down, width, height) for x, y, width, height in shape.boxes])


def bounds(shape: Shape) -> tuple[float, float, float, float]:
    """Left, head, right and foot of what is inked, for text its ideograph's square."""
    if isinstance(shape, Text):
        high = shape.size * 25.4 / 72
        return shape.x, shape.y - high * 0.88, shape.x + shape.length, shape.y + high * 0.12
    if isinstance(shape, Line):
        return (
            min(shape.x, shape.to_x),
            min(shape.y, shape.to_y),
            max(shape.x, shape.to_x),
            max(shape.y, shape.to_y),
        )
    rights = [x + width for x, _y, width, _height in shape.boxes]
    feet = [y + height for _x, y, _width, height in shape.boxes]
    return min(box[0] for box in shape.boxes), min(box[1] for box in shape.boxes), max(rights), max(feet)
