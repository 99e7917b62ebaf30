"""A table over many pages: rows of equal height, headings on every page, a head and a foot drawn by the caller.

    def head(page: Page, number: int) -> None: ...
    table = Table(document, A4_LANDSCAPE, [Column("书名", 80), Column("单价", 20, "right")], head=head, foot=foot)
    for line in lines:
        table.row([line.title, line.price])
    table.end()

`head(page, number)` is called when a page has its headings, `foot(page, number)` when it is full or the table ends. Both may
draw in their bands (Layout.head above, Layout.foot below `table.y`) and rows with `table.draw_row`: what is carried forward,
the page's total; `reserved` says how many such rows a page keeps free. Knows no Django.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shuxiang.printing.fitting import fit, foot_of, line_height
from shuxiang.printing.font import Family
from shuxiang.printing.pdf import Align, Document, Page

PADDING = 0.8  # mm between a cell's line and its text

Callback = Callable[[Page, int], None]


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, a width in mm (all are stretched alike to fill the page), and where text stands."""

    title: str
    width: float
    align: Align = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Millimetres and points of a table. `head` and `foot` are the heights of the bands that the callbacks draw in."""

    left: float = 12.0
    right: float = 12.0
    top: float = 10.0
    bottom: float = 10.0
    head: float = 16.0
    foot: float = 14.0
    row: float = 7.0
    headings: float = 8.0
    size: float = 9.0
    least: float = 5.0
    family: Family = "serif"


class Table:
    """Rows flow in; pages come out. `number` is that of the page being drawn, from 1; `rows` how many it has."""

    def __init__(
        self,
        document: Document,
        paper: tuple[float, float],
        columns: Sequence[Column],
        *,
        layout: Layout | None = None,
        head: Callback | None = None,
        foot: Callback | None = None,
        reserved: int = 0,
        first_page: int = 1,
    ) -> None:
        self.document, self.paper, self.layout = document, paper, layout or Layout()
        self.number, self.rows, self.reserved = first_page - 1, 0, reserved
        self._head, self._foot = head, foot
        stretch = self.width / sum(column.width for column in columns)
        self.columns = [Column(c.title, c.width * stretch, c.align) for c in columns]
        self.page: Page | None = None
        self._y = 0.0

    @property
    def width(self) -> float:
        """Of the table, in mm."""
        return self.paper[0] - self.layout.left - self.layout.right

    @property
    def rows_a_page(self) -> int:
        """How many rows a page takes, those of `head` and `foot` not counted: so the number of pages is known ahead."""
        layout = self.layout
        room = self.paper[1] - layout.top - layout.head - layout.headings - layout.foot - layout.bottom
        return max(1, int(room / layout.row + 1e-6) - self.reserved)

    @property
    def y(self) -> float:
        """Where the next row begins: in `foot`, the lower end of the rows, in mm from the head of the page."""
        return self._y

    def row(self, cells: Sequence[str], *, bold: bool = False) -> None:
        """One row, on a new page when this one is full."""
        if self.page is None or self.rows >= self.rows_a_page:
            self._turn()
        self.draw_row(cells, bold=bold)
        self.rows += 1

    def end(self) -> None:
        """Finish the last page; a table without rows still has a page that says so by its head and foot."""
        if self.page is None:
            self._turn()
        if self._foot and self.page:
            self._foot(self.page, self.number)
        self.page = None

    def draw_row(self, cells: Sequence[str], *, bold: bool = False, height: float | None = None) -> None:
        """A row where the table stands, outside the count: sums and what is carried forward."""
        if self.page is None:
            raise ValueError("a row is drawn on a page: call row() or draw from head and foot")
        layout, page = self.layout, self.page
        high, x = height or layout.row, layout.left
        for column, text in zip(self.columns, cells, strict=True):
            page.frame(x, self._y, column.width, high)
            self._cell(column, text, x, high, bold=bold)
            x += column.width
        self._y += high

    def _cell(self, column: Column, text: str, x: float, high: float, *, bold: bool) -> None:
        """Text in the middle of the height, smaller or on two lines when it is long."""
        layout, page = self.layout, self.page
        if not text or page is None:
            return
        fitted = fit(
            text,
            width=column.width - 2 * PADDING,
            height=high - 0.4,
            size=layout.size,
            least=layout.least,
            family=layout.family,
        )
        at = {"left": x + PADDING, "centre": x + column.width / 2, "right": x + column.width - PADDING}[
            column.align
        ]
        y = self._y + (high - fitted.height) / 2 + foot_of(fitted.size)
        for line in fitted.lines:
            page.text(at, y, line, size=fitted.size, family=layout.family, align=column.align, bold=bold)
            y += line_height(fitted.size)

    def _turn(self) -> None:
        """The foot of this page, the head and the headings of the next."""
        if self.page is not None and self._foot:
            self._foot(self.page, self.number)
        layout = self.layout
        self.page = self.document.page(*self.paper)
        self.number, self.rows = self.number + 1, 0
        self._y = layout.top + layout.head
        titles = [column.title for column in self.columns]
        columns, self.columns = self.columns, [Column(c.title, c.width, "centre") for c in self.columns]
        self.draw_row(titles, bold=True, height=layout.headings)
        self.columns = columns
        if self._head:
            self._head(self.page, self.number)


def paragraph(
    page: Page, text: str, *, x: float, y: float, width: float, size: float = 10.5, family: Family = "serif"
) -> float:
    """Text set in lines no longer than a width, its head at y; returns where its foot ends, in mm."""
    fitted = fit(text, width=width, height=page.height, size=size, least=size, family=family, lines=10_000)
    foot = y + foot_of(size)
    for line in fitted.lines:
        page.text(x, foot, line, size=size, family=family)
        foot += line_height(size)
    return y + fitted.height
