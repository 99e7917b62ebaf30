"""What a sheet, a printer and a print run may be: facts in, answer out. Lengths in mm."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from shuxiang.common.decisions import Decision, Reason, Weight
from shuxiang.printing.sheets import Sheet

MOST_LABELS = 5000  # of one print run
LARGEST_PAGE, SMALLEST_PAGE = 1200.0, 10.0
SMALLEST_LABEL = (15.0, 8.0)
MOST_IN_A_ROW = 100
MOST_OFF = 15.0  # mm that a printer may be off before the measurement itself is doubted
MOST_STRETCH = 0.03
NEAR = 20.0  # of the crosses on the test sheet from the left and upper edge; 5 on small paper
_SLACK = 0.05  # mm: what makers round


@dataclass(frozen=True, slots=True)
class Correction:
    """What a printer does to a page: moves it (mm to the right and down) and stretches it."""

    right: float = 0.0
    down: float = 0.0
    wider: float = 1.0
    taller: float = 1.0

    @property
    def shift(self) -> tuple[float, float, float, float]:
        """What undoes it: right, down, wider, taller, as a page is shifted."""
        return -self.right / self.wider, -self.down / self.taller, 1 / self.wider, 1 / self.taller


@dataclass(frozen=True, slots=True)
class Marks:
    """Where the test sheet has its crosses: the first from the left and upper edge, and how far the second is from it."""

    x: float
    y: float
    wide: float
    high: float


def marks_of(page_width: float, page_height: float) -> Marks:
    """The crosses on paper of a size, whole numbers so that a ruler is enough."""
    x = NEAR if page_width >= 100 else 5.0
    y = NEAR if page_height >= 100 else 5.0
    return Marks(
        x,
        y,
        (page_width - 2 * x) // 10 * 10 or page_width - 2 * x,
        (page_height - 2 * y) // 10 * 10 or page_height - 2 * y,
    )


def measured(
    marks: Marks, *, left: float, top: float, wide: float | None = None, high: float | None = None
) -> tuple[Correction, Decision]:
    """The correction out of what was measured on a test sheet that was printed without one."""
    wider = wide / marks.wide if wide else 1.0
    taller = high / marks.high if high else 1.0
    found = Correction(left - marks.x * wider, top - marks.y * taller, wider, taller)
    stretched = max(abs(found.wider - 1), abs(found.taller - 1))
    return found, Decision.of([
        Reason("test_sheet_scaled", Weight.REFUSE, {"percent": f"{(wider if wide else taller) * 100:.1f}"})
        if stretched > MOST_STRETCH else None,
        Reason("test_sheet_far_off", Weight.REFUSE, {"most": f"{MOST_OFF:g}", "x": f"{marks.x:g}", "y": f"{marks.y:g}"})
        if stretched <= MOST_STRETCH and max(abs(found.right), abs(found.down)) > MOST_OFF else None,
    ])  # fmt: skip


def judge_sheet(sheet: Sheet, name: str) -> Decision:
    """Whether a sheet can be: sizes, and that its labels lie on the paper and beside each other."""
    return Decision.of([
        None if name.strip() else Reason("sheet_name_missing", Weight.REFUSE),
        *(_sizes(sheet) or _places(sheet)),
    ])  # fmt: skip


def _sizes(sheet: Sheet) -> list[Reason]:
    lengths = (
        sheet.page_width,
        sheet.page_height,
        sheet.left,
        sheet.top,
        sheet.width,
        sheet.height,
        sheet.across,
        sheet.down,
        sheet.padding,
    )
    if not all(isfinite(length) for length in lengths):
        return [Reason("sheet_not_a_length", Weight.REFUSE)]
    found = []
    for side in (sheet.page_width, sheet.page_height):
        if not SMALLEST_PAGE <= side <= LARGEST_PAGE:
            found.append(_refuse("sheet_page_size", has=side, least=SMALLEST_PAGE, most=LARGEST_PAGE))
    if not (1 <= sheet.columns <= MOST_IN_A_ROW and 1 <= sheet.rows <= MOST_IN_A_ROW):
        found.append(_refuse("sheet_grid", most=MOST_IN_A_ROW))
    if sheet.width < SMALLEST_LABEL[0] or sheet.height < SMALLEST_LABEL[1]:
        found.append(_refuse("sheet_label_small", width=SMALLEST_LABEL[0], height=SMALLEST_LABEL[1]))
    if min(sheet.left, sheet.top, sheet.padding) < 0:
        found.append(Reason("sheet_negative", Weight.REFUSE))
    return found


def _places(sheet: Sheet) -> Iterator[Reason]:
    right = sheet.left + (sheet.columns - 1) * sheet.across + sheet.width
    foot = sheet.top + (sheet.rows - 1) * sheet.down + sheet.height
    if sheet.columns > 1 and sheet.across < sheet.width - _SLACK:
        yield _refuse("sheet_overlap_across", step=sheet.across, size=sheet.width)
    elif right > sheet.page_width + _SLACK:
        yield _refuse("sheet_too_wide", columns=sheet.columns, ends=right, page=sheet.page_width)
    if sheet.rows > 1 and sheet.down < sheet.height - _SLACK:
        yield _refuse("sheet_overlap_down", step=sheet.down, size=sheet.height)
    elif foot > sheet.page_height + _SLACK:
        yield _refuse("sheet_too_high", rows=sheet.rows, ends=foot, page=sheet.page_height)
    inside = sheet.inside
    if inside.width < 10 or inside.height < 5:
        yield _refuse("sheet_padding", padding=sheet.padding)


def judge_size(sheet: Sheet, least: tuple[float, float]) -> Decision:
    """Whether the labels of a sheet are large enough for what shall stand on them."""
    inside = sheet.inside
    if inside.width >= least[0] - _SLACK and inside.height >= least[1] - _SLACK:
        return Decision()
    return Decision(
        (
            _refuse(
                "sheet_label_too_small",
                width=sheet.width,
                height=sheet.height,
                needs_width=least[0],
                needs_height=least[1],
            ),
        )
    )


def judge_run(sheet: Sheet, *, total: int, start: int, first: int, last: int) -> Decision:
    """Whether labels `first` to `last` of `total` can begin at place `start` of a sheet; all count from 1."""
    return Decision.of([
        None if total else Reason("run_empty", Weight.REFUSE),
        _refuse("run_start", most=sheet.labels) if not 1 <= start <= sheet.labels else None,
        _refuse("run_range", total=total) if total and not 1 <= first <= last <= total else None,
    ])  # fmt: skip


def next_place(sheet: Sheet, start: int, printed: int) -> int:
    """The first unused label of the last sheet when so many were printed from a place; 1 when the sheet was filled."""
    return (start - 1 + printed) % sheet.labels + 1


def _refuse(code: str, **numbers: float) -> Reason:
    return Reason(
        code,
        Weight.REFUSE,
        {
            name: f"{number:g}" if number == round(number, 3) else f"{number:.1f}"
            for name, number in numbers.items()
        },
    )
