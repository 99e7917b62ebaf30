"""A book on paper: every page with its total, what was carried forward and is carried on, and lines to sign."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import pgettext

from shuxiang.printing.pdf import A4_LANDSCAPE, Document, Page
from shuxiang.printing.tables import Column as Set
from shuxiang.printing.tables import Layout, Table
from shuxiang.reports.ledgers.rows import Adder, Column, Row, Sums
from shuxiang.reports.ledgers.sources import stream
from shuxiang.reports.ledgers.words import cell_text, plus, sum_values, value_text

if TYPE_CHECKING:
    from shuxiang.reports.ledgers.reading import Chosen, Volume

LAYOUT = Layout(left=18, right=10, top=9, bottom=8, head=17, foot=11, row=6.2, headings=8, size=8, least=4.5)
RESERVED = 3  # brought over, this page, carried over
Tell = Callable[[int], None]


def write(out: BinaryIO, volume: "Volume", tell: Tell) -> int:
    """Write the book, page after page; returns how many entries. `tell` is called with the entries written so far."""
    written = 0
    with Document(out, title=volume.title, author=volume.library, at=volume.at) as document:
        page = 1
        for part in volume.parts:
            sheet = _Printed(document, volume, part, first_page=page)
            written = sheet.fill(written, tell)
            page = sheet.table.number + 1
    return written


class _Printed:
    """The pages of one part."""

    def __init__(self, document: Document, volume: "Volume", part: "Chosen", *, first_page: int) -> None:
        self._volume, self._part = volume, part
        self._columns: Sequence[Column] = part.columns
        self._is_summed = any(column.sums for column in self._columns)
        columns = [
            Set(str(column.title), column.width, "right" if column.is_number else "left")
            for column in self._columns
        ]
        self.table = Table(
            document,
            A4_LANDSCAPE,
            columns,
            layout=LAYOUT,
            head=self._head,
            foot=self._foot,
            reserved=RESERVED if self._is_summed else 0,
            first_page=first_page,
        )
        self._first = first_page
        self._before: Sums = {}
        self._page = Adder(self._columns)
        self._is_last = False
        self._pages = self._foreseen()

    def _foreseen(self) -> int | None:
        """How many pages the whole part takes, where the number of rows is known before it is read."""
        count = self._part.source.count()
        if count is None or len(self._volume.parts) > 1:
            return None
        rows = max(1, count + len(self._part.opening) + len(self._part.closing))
        return -(-rows // self.table.rows_a_page)

    def fill(self, written: int, tell: Tell) -> int:
        """Opening, entries, closing; returns how many entries there are with those before."""
        for row in self._part.opening:
            self._put(row)
        count = written
        for row in stream(self._part.source):
            self._put(row)
            self._page.add(row)
            written += row.look != "sub"
            if not written % 500:
                tell(written)
        if count == written and not self._part.opening:
            self._put(Row((0,), {self._wide(): pgettext("ledger", "No entries in this period.")}, "sub"))
        if self._is_summed and self._part.closing:
            self._add_up(pgettext("ledger", "Sum"))
            self._is_summed = False  # what is held at the end is the last line of the book
        for row in self._part.closing:
            self._put(row)
        self._is_last = True
        self.table.end()
        return written

    def _wide(self) -> str:
        return max((column for column in self._columns if not column.is_number), key=lambda c: c.width).key

    def _put(self, row: Row) -> None:
        self.table.row([cell_text(column, row) for column in self._columns], bold=row.look == "sub")

    def _sum(self, label: str, sums: Sums) -> None:
        values = sum_values(self._columns, sums, label, self._part.unit)
        cells = [value_text(column, value) for column, value in zip(self._columns, values, strict=True)]
        self.table.draw_row(cells, bold=True)

    def _add_up(self, label: str) -> None:
        """What the page comes to, and what all pages so far come to."""
        self._sum(pgettext("ledger", "This page"), self._page.sums)
        self._before = plus(self._before, self._page.sums)
        self._sum(label, self._before)
        self._page = Adder(self._columns)

    def _head(self, page: Page, number: int) -> None:
        volume, layout = self._volume, LAYOUT
        middle, right = page.width / 2, page.width - layout.right
        page.text(middle, layout.top + 7, volume.title, size=16, family="serif", align="centre", bold=True)
        page.text(layout.left, layout.top + 14.5, volume.left, size=9, family="serif")
        if len(volume.parts) > 1:
            page.text(middle, layout.top + 14.5, self._part.title, size=9, family="serif", align="centre")
        page.text(right, layout.top + 14.5, volume.period, size=9, family="serif", align="right")
        if self._is_summed and number > self._first:
            self._sum(pgettext("ledger", "Brought over"), self._before)

    def _foot(self, page: Page, number: int) -> None:
        if self._is_summed:
            self._add_up(pgettext("ledger", "Sum") if self._is_last else pgettext("ledger", "Carried over"))
        y = page.height - LAYOUT.bottom
        page.text(LAYOUT.left, y - 2, self._volume.signatures, size=9, family="serif")
        if self._is_last and self._part.note:
            page.text(LAYOUT.left, y + 2.5, self._part.note, size=7, family="serif")
        pages = f" / {self._pages}" if self._pages else ""
        page.text(page.width - LAYOUT.right, y - 2, f"{number}{pages}", size=9, family="serif", align="right")
