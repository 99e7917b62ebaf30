"""A label: blocks one below another, each with its share of the height, placed in a box that nothing leaves.

Knows no books and no Django: who prints says which words stand where.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from shuxiang.printing import codes
from shuxiang.printing.fitting import Fitted, fit, foot_of, line_height
from shuxiang.printing.font import Family
from shuxiang.printing.pdf import Align, text_width
from shuxiang.printing.shapes import Line, Shape, Text

CAPTION = 8.0  # points of the number below a code
GAP = 0.6  # mm between two blocks
BETWEEN = 2.0  # mm between two columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Text as large as fits its share, from `size` down to `least` points; what does not fit even then is cut and named."""

    text: str
    share: float = 1.0
    size: float = 12.0
    least: float = 5.0
    lines: int = 2
    align: Align = "centre"
    bold: bool = False
    family: Family = "sans"
    at_head: bool = False  # else in the middle of its share


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code with its text in plain signs below."""

    symbology: codes.Symbology
    text: str
    share: float = 2.0
    caption: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A line across."""

    share: float = 0.0
    dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Columns to be written in by hand, under headings; as many rows as there is room for."""

    headings: tuple[str, ...]
    widths: tuple[float, ...]  # relative
    share: float = 1.0
    row: float = 7.0  # mm


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Two stacks side by side; `ratio` is the left one's part of the width."""

    left: tuple["Block", ...]
    right: tuple["Block", ...]
    ratio: float = 0.5
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A part of paper that is folded: a dashed line above, flaps to be glued at both sides, blocks on what is left."""

    blocks: tuple["Block", ...]
    share: float = 1.0
    flap: float = 0.0  # mm
    inset: float = 5.0  # mm between a fold and what is printed


Block: TypeAlias = Words | Code | Rule | Grid | Beside | Panel


@dataclass(frozen=True, slots=True)
class Label:
    """One label; `name` is what messages call it by."""

    name: str
    blocks: tuple[Block, ...]


@dataclass(slots=True)
class Placed:
    """The shapes of a label from its own upper left corner; `cut` texts were too long. With `refused` it is not printed."""

    name: str
    shapes: list[Shape] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    refused: ValueError | None = None
    code: str = ""  # the text that could not be coded
    white: float = 0.0  # mm beside the box: a code's own white edge may lie there
    dots: tuple[float, ...] = codes.OFFICE


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, mm."""

    x: float
    y: float
    width: float
    height: float


def place(label: Label, box: Box, *, dots: tuple[float, ...] = codes.OFFICE) -> Placed:
    """Everything that is drawn for a label inside the box, for printers with such dots (codes.OFFICE, codes.ROLL)."""
    placed = Placed(label.name, white=box.x, dots=dots)
    try:
        _stack(label.blocks, box, placed)
    except (codes.NotCodable, codes.CodeTooLarge) as problem:
        placed.refused, placed.shapes = problem, []
    return placed


def _stack(blocks: tuple[Block, ...], box: Box, placed: Placed) -> None:
    """Share the height out and place block after block."""
    shown = [block for block in blocks if not (isinstance(block, Words) and not block.text)]
    if not shown:
        return
    total = sum(block.share for block in shown)
    free = box.height - GAP * (len(shown) - 1)
    y = box.y
    for block in shown:
        high = free * block.share / total if total else 0.0
        _place(block, Box(box.x, y, box.width, high), placed)
        y += high + GAP


def _place(block: Block, box: Box, placed: Placed) -> None:
    if isinstance(block, Words):
        _words(block, box, placed)
    elif isinstance(block, Code):
        _code(block, box, placed)
    elif isinstance(block, Rule):
        placed.shapes.append(Line(box.x, box.y, box.x + box.width, box.y, dashed=block.dashed))
    elif isinstance(block, Grid):
        _grid(block, box, placed)
    elif isinstance(block, Panel):
        _panel(block, box, placed)
    else:
        white, placed.white = placed.white, 0.0  # there is no white paper between two columns
        left = (box.width - BETWEEN) * block.ratio
        _stack(block.left, Box(box.x, box.y, left, box.height), placed)
        right = box.x + left + BETWEEN
        _stack(block.right, Box(right, box.y, box.width - BETWEEN - left, box.height), placed)
        placed.white = white


def _words(block: Words, box: Box, placed: Placed) -> None:
    fitted = fit(
        block.text,
        width=box.width,
        height=box.height,
        size=block.size,
        least=block.least,
        family=block.family,
        lines=block.lines,
    )
    if not fitted.is_whole:
        placed.cut.append(block.text)
    head = box.y if block.at_head else box.y + (box.height - fitted.height) / 2
    placed.shapes += _lines(fitted, block, box, head)


def _lines(fitted: Fitted, block: Words, box: Box, head: float) -> list[Shape]:
    foot, found = head + foot_of(fitted.size), list[Shape]()
    for line in fitted.lines:
        free = box.width - text_width(line, fitted.size, block.family)
        x = box.x + free * {"left": 0.0, "centre": 0.5, "right": 1.0}[block.align]
        if line:
            found.append(Text(x, foot, line, fitted.size, block.family, block.bold))
        foot += line_height(fitted.size)
    return found


def _code(block: Code, box: Box, placed: Placed) -> None:
    """The bars above, their text below. Raises NotCodable, CodeTooLarge."""
    placed.code = block.text
    code = codes.symbol(block.symbology, block.text)
    caption = fit(block.text, width=box.width, height=4.0, size=CAPTION, least=4.0, lines=1)
    below = caption.height + 0.3 if block.caption else 0.0
    placed.shapes.append(
        codes.bars(
            code,
            x=box.x,
            y=box.y,
            width=box.width,
            height=box.height - below,
            white=placed.white,
            dots=placed.dots,
        )
    )
    if block.caption:
        line = Box(box.x, box.y + box.height - caption.height, box.width, caption.height)
        placed.shapes += _lines(caption, Words(text=block.text), line, line.y)


def _panel(block: Panel, box: Box, placed: Placed) -> None:
    """The folds, then what stands between them."""
    right, foot = box.x + box.width, box.y + box.height
    placed.shapes.append(Line(box.x, box.y, right, box.y, dashed=True))
    if block.flap:
        for x in (box.x + block.flap, right - block.flap):
            placed.shapes.append(Line(x, box.y, x, foot, dashed=True))
    away = block.flap + block.inset
    inner = Box(box.x + away, box.y + block.inset, box.width - 2 * away, box.height - 2 * block.inset)
    _stack(block.blocks, inner, placed)


def _grid(block: Grid, box: Box, placed: Placed) -> None:
    """Headings and empty rows."""
    rows = max(2, int(box.height / block.row + 1e-6))
    high = box.height / rows
    total, x, edges = sum(block.widths), box.x, [box.x]
    for heading, width in zip(block.headings, block.widths, strict=True):
        wide = box.width * width / total
        _words(
            Words(text=heading, size=9, least=4, lines=2),
            Box(x + 0.5, box.y + 0.3, wide - 1, high - 0.6),
            placed,
        )
        x += wide
        edges.append(x)
    foot, right = box.y + rows * high, box.x + box.width
    placed.shapes += [Line(edge, box.y, edge, foot) for edge in edges]
    placed.shapes += [Line(box.x, box.y + n * high, right, box.y + n * high) for n in range(rows + 1)]
