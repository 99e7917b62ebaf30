"""On paper what the entries come to stands right behind them; what the period leaves is the last line of a book."""

import io
from datetime import UTC, datetime

import pytest
from django.utils import translation

from shuxiang.printing.tables import Table
from shuxiang.reports.ledgers import pdf
from shuxiang.reports.ledgers.reading import Chosen, Volume
from shuxiang.reports.ledgers.rows import Column, Row
from shuxiang.reports.ledgers.sources import Fixed

COLUMNS = (Column("name", "Name", width=60), Column("volumes", "Volumes", "count", 20, sums=True))
PAGE = 22  # rows of this layout on one page


def _drawn(entries: int, closing: bool, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The first cell of each line, as the pages have them one after the other."""
    lines: list[str] = []
    plain = Table.draw_row

    def noted(self: Table, cells: list[str], *, bold: bool = False, height: float | None = None) -> None:
        lines.append(cells[0] if height is None else f"page {self.number}")
        plain(self, cells, bold=bold, height=height)

    monkeypatch.setattr(Table, "draw_row", noted)
    rows = [Row((n,), {"name": f"entry {n}", "volumes": n}) for n in range(1, entries + 1)]
    last = [
        Row((0,), {"name": "came", "volumes": 1}, "sub"),
        Row((1,), {"name": "held", "volumes": 9}, "sub"),
    ]
    part = Chosen("p", "", "s", COLUMNS, Fixed(rows), "entries", (), last if closing else (), "")
    volume = Volume("l", "t", "p", "l", "", (part,), datetime(2026, 1, 1, tzinfo=UTC))
    with translation.override("en"):
        pdf.write(io.BytesIO(), volume, lambda _count: None)
    return lines


def test_the_sums_stand_between_the_entries_and_what_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _drawn(2, True, monkeypatch)
    assert found == ["page 1", "entry 1", "entry 2", "This page", "Sum", "came", "held"]


@pytest.mark.parametrize(
    ("entries", "behind"),
    [
        (PAGE - 1, ["This page", "Sum", "came", "page 2", "held"]),
        (PAGE, ["This page", "Sum", "page 2", "came", "held"]),
    ],
)
def test_what_is_held_goes_on_a_new_page_without_a_second_sum(
    entries: int, behind: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _drawn(entries, True, monkeypatch)
    assert found[found.index(f"entry {entries}") + 1 :] == behind


def test_a_book_without_closing_lines_ends_with_its_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _drawn(2, False, monkeypatch)
    assert found[2:] == ["entry 2", "This page", "Sum"]
