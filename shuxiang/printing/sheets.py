"""Sheets of labels: where each label lies on the paper. Millimetres. Shipped ones are rows here; a library adds its own.

Knows no Django.
"""

from dataclasses import dataclass

from shuxiang.printing.labels import Box

UNPRINTED = 4.5  # mm along the edges of a sheet that office printers leave white


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """`across` and `down` lead from the left (upper) edge of a label to that of the next.

    A roll is a sheet with as many labels as lie side by side. `cut`: blank paper, so each label gets a line to cut along.
    """

    code: str
    page_width: float
    page_height: float
    columns: int
    rows: int
    left: float
    top: float
    width: float
    height: float
    across: float
    down: float
    padding: float = 1.5
    is_roll: bool = False
    cut: bool = False
    name: str = ""

    @property
    def labels(self) -> int:
        """How many there are on one sheet."""
        return self.columns * self.rows

    def corner(self, place: int) -> tuple[float, float]:
        """Upper left corner of a label on its sheet; places count from 0, row by row."""
        row, column = divmod(place % self.labels, self.columns)
        return self.left + column * self.across, self.top + row * self.down

    @property
    def inside(self) -> Box:
        """Where a label may be printed on, from its own corner: the same for all, so that the lines of all stand alike."""
        edge = 0.0 if self.is_roll else UNPRINTED
        right = self.page_width - self.left - (self.columns - 1) * self.across - self.width
        foot = self.page_height - self.top - (self.rows - 1) * self.down - self.height
        x = max(self.padding, edge - min(self.left, right))
        y = max(self.padding, edge - min(self.top, foot))
        return Box(x, y, self.width - 2 * x, self.height - 2 * y)


def _sheet(
    code: str,
    page: tuple[float, float],
    grid: tuple[int, int],
    *lengths: float,
    padding: float = 1.5,
    cut: bool = False,
) -> Sheet:
    """Lengths: left, top, width, height, and across and down where labels do not touch."""
    left, top, width, height, *steps = lengths
    across, down = steps or (width, height)
    return Sheet(
        code=code,
        page_width=page[0],
        page_height=page[1],
        columns=grid[0],
        rows=grid[1],
        left=left,
        top=top,
        width=width,
        height=height,
        across=across,
        down=down,
        padding=padding,
        cut=cut,
    )


def _roll(code: str, width: float, height: float, side_by_side: int = 1) -> Sheet:
    """A roll of labels with 2 mm of backing paper between them."""
    page = side_by_side * (width + 2) - 2
    return Sheet(
        code=code,
        page_width=page,
        page_height=height,
        columns=side_by_side,
        rows=1,
        left=0,
        top=0,
        width=width,
        height=height,
        across=width + 2,
        down=height,
        is_roll=True,
    )


_A4, _WIDE = (210.0, 297.0), (297.0, 210.0)
SHIPPED: tuple[Sheet, ...] = (
    _sheet("a4-3x8", _A4, (3, 8), 0, 0.5, 70, 37),
    _sheet("a4-3x8-gap", _A4, (3, 8), 7.2, 12.9, 63.5, 33.9, 66.05, 33.9),
    _sheet("a4-4x10", _A4, (4, 10), 8, 21.5, 48.5, 25.4),
    _sheet("a4-5x13", _A4, (5, 13), 4.75, 10.7, 38.1, 21.2, 40.6, 21.2),
    _roll("roll-30x20", 30, 20),
    _roll("roll-30x20-3", 30, 20, 3),
    _roll("roll-40x30", 40, 30),
    _roll("roll-50x30", 50, 30),
    _roll("roll-60x40", 60, 40),
    _sheet("a4-cards", _A4, (2, 5), 14.4, 13.5, 85.6, 54, 95.6, 54, padding=3, cut=True),
    _sheet("a4-catalogue", _WIDE, (2, 2), 23.5, 30, 125, 75, padding=5, cut=True),
    _sheet("card-125x75", (125.0, 75.0), (1, 1), 0, 0, 125, 75, padding=5),
    _sheet("a4-bookcards", _A4, (2, 2), 30, 23.5, 75, 125, padding=4, cut=True),
    _sheet("card-75x125", (75.0, 125.0), (1, 1), 0, 0, 75, 125, padding=4),
    _sheet("a4-pockets", _WIDE, (2, 1), 20, 12, 120, 186, 137, 186, padding=0, cut=True),
    _sheet("a4-strips", _A4, (1, 8), 10, 12.5, 190, 34, padding=3, cut=True),
    _sheet("a4-signs", _WIDE, (1, 1), 0, 0, 297, 210, padding=12),
    _sheet("a4-signs-2", _A4, (1, 2), 0, 0, 210, 148.5, padding=10, cut=True),
)
BY_CODE = {sheet.code: sheet for sheet in SHIPPED}
