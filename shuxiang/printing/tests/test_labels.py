"""Labels on every sheet: printed codes are read back from the rendered page, and nothing leaves its label."""

from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from time import process_time

import pypdfium2
import pytest
import zxingcpp

from shuxiang.printing.codes import (
    LEAST_MODULE,
    ROLL,
    SYMBOLOGIES,
    CodeTooLarge,
    NotCodable,
    Symbology,
    bars,
    symbol,
)
from shuxiang.printing.labels import Beside, Code, Grid, Label, Rule, Words, place
from shuxiang.printing.making import first_sheet, write
from shuxiang.printing.rules import Correction
from shuxiang.printing.shapes import Bars, Shape, Text, bounds
from shuxiang.printing.sheets import SHIPPED, Sheet

pytestmark = pytest.mark.engine_free
KINDS = zxingcpp.BarcodeFormat
FORMATS = zxingcpp.BarcodeFormats(
    [KINDS.Code128, KINDS.Code39, KINDS.EAN13, KINDS.QRCode]
)  # as a scanner is set
NAME, TITLE = "阿依努尔·买买提", "中华人民共和国国家标准汇编之十六"
CALL = 'J523.2"17"+3:G5/12345:2(1)'
SMALL = [sheet for sheet in SHIPPED if sheet.code != "a4-pockets"]


def numbered(symbology: Symbology, number: int) -> str:
    """A text of usual length, another one for each number: a reader takes the same code twice in a column for one."""
    if symbology == "ean":
        digits = f"978702{number:06d}"
        total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
        return f"{digits}{-total % 10}"
    return f"{ {'code128': 'B', 'code39': '', 'qr': 'X1-'}[symbology] }{number:07d}"


def spine(first: str, second: str) -> Label:
    return Label(first, (Words(text=first, size=16, bold=True), Words(text=second, size=16)))


def barcode(symbology: Symbology, text: str) -> Label:
    words = Words(text=f"书香小学图书馆 {TITLE}", size=8, lines=1)
    if symbology == "qr":
        code = Code(symbology="qr", text=text, caption=False)
        return Label(text, (Beside(left=(code,), right=(words, Words(text=text, size=9)), ratio=0.45),))
    return Label(text, (words, Code(symbology=symbology, text=text, share=3)))


def rendered(data: bytes, page: int = 0) -> list[str]:
    """What a scanner reads on a page, in reading order."""
    with pypdfium2.PdfDocument(data) as document:
        dots = (
            600 if document[page].get_width() < 300 else 300
        )  # an inch; the smallest bars stand on small labels
        picture = document[page].render(scale=dots / 72, grayscale=True).to_pil()
    found = zxingcpp.read_barcodes(picture, formats=FORMATS)
    return [
        seen.text
        for seen in sorted(found, key=lambda one: (one.position.top_left.y // 60, one.position.top_left.x))
    ]


def pdf(labels: list[Label], sheet: Sheet, start: int = 1, correction: Correction = Correction()) -> bytes:  # noqa: B008
    out = BytesIO()
    told = write(out, labels, sheet, start=start, correction=correction, title="")
    assert told.left_out == []
    return out.getvalue()


@pytest.mark.parametrize("symbology", SYMBOLOGIES)
@pytest.mark.parametrize("sheet", SMALL, ids=lambda sheet: sheet.code)
def test_codes_are_read_back_from_every_sheet(sheet: Sheet, symbology: Symbology) -> None:
    texts = [numbered(symbology, number) for number in range(sheet.labels)]
    assert rendered(pdf([barcode(symbology, text) for text in texts], sheet)) == texts


def test_a_full_sheet_of_the_smallest_labels_reads_in_order() -> None:
    sheet = next(sheet for sheet in SHIPPED if sheet.code == "a4-5x13")
    numbers = [f"{number:07d}" for number in range(9_000_000, 9_000_065)]
    assert rendered(pdf([barcode("code128", number) for number in numbers], sheet)) == numbers


@pytest.mark.parametrize("sheet", SHIPPED, ids=lambda sheet: sheet.code)
@pytest.mark.parametrize(
    "label",
    [
        spine(CALL.split("/")[0], CALL.split("/")[1]),
        barcode("code128", "B0001234"),
        barcode("qr", "X1-0001234"),
        Label(
            "grid",
            (
                Words(text=TITLE * 3),
                Rule(),
                Grid(headings=("借书日期", "班级", "姓名"), widths=(2, 1, 1), share=5),
            ),
        ),
        Label("names", (Words(text=NAME, size=40), Words(text=TITLE, size=40, at_head=True, align="right"))),
    ],
    ids=lambda label: label.name,
)
def test_nothing_leaves_its_label(sheet: Sheet, label: Label) -> None:
    placed, inside = place(label, sheet.inside), sheet.inside
    assert placed.refused is None
    for shape in placed.shapes:
        left, head, right, foot = bounds(shape)
        assert inside.x - 0.02 <= left
        assert right <= inside.x + inside.width + 0.02, shape
        assert inside.y - 0.02 <= head, shape
        assert foot <= inside.y + inside.height + 0.02, shape


@pytest.mark.parametrize("sheet", SHIPPED, ids=lambda sheet: sheet.code)
def test_labels_of_a_shipped_sheet_lie_on_the_paper_and_not_on_each_other(sheet: Sheet) -> None:
    corners = [sheet.corner(number) for number in range(sheet.labels)]
    assert all(x >= 0 and x + sheet.width <= sheet.page_width + 0.05 for x, _y in corners)
    assert all(y >= 0 and y + sheet.height <= sheet.page_height + 0.05 for _x, y in corners)
    assert all(b[0] - a[0] >= sheet.width - 0.01 or b[1] > a[1] for a, b in pairwise(corners))


def test_blocks_below_each_other_do_not_touch() -> None:
    placed = place(Label("", tuple(Words(text=TITLE, size=20) for _ in range(3))), SHIPPED[0].inside)
    feet = [bounds(shape) for shape in placed.shapes]
    assert all(above[3] <= below[1] + 0.01 for above, below in pairwise(feet))


def test_an_empty_text_leaves_its_room_to_the_others() -> None:
    two = place(Label("", (Words(text="I247"), Words(text=""), Words(text="3"))), SHIPPED[0].inside)
    assert two.shapes == place(Label("", (Words(text="I247"), Words(text="3"))), SHIPPED[0].inside).shapes


def test_printing_starts_at_any_label_of_a_started_sheet() -> None:
    sheet = next(sheet for sheet in SHIPPED if sheet.code == "a4-3x8")
    labels = [barcode("code128", f"{number:07d}") for number in range(1, 11)]
    data = pdf(labels, sheet, start=20)
    assert rendered(data) == [f"{number:07d}" for number in range(1, 6)]
    assert rendered(data, 1) == [f"{number:07d}" for number in range(6, 11)]
    shapes, told = first_sheet(labels, sheet, start=20)
    assert (told.sheets, told.printed) == (2, 10)
    assert min(y for y in _heads(shapes)) > 6 * 37  # the first is in row 7


def _heads(shapes: list[Shape]) -> Iterator[float]:
    return (bounds(shape)[1] for shape in shapes)


def test_the_picture_shows_what_the_file_prints() -> None:
    sheet = SHIPPED[0]
    labels = [spine("I247.57", str(number)) for number in range(sheet.labels)]
    shapes, _told = first_sheet(labels, sheet)
    with pypdfium2.PdfDocument(pdf(labels, sheet)) as document:
        text = document[0].get_textpage().get_text_range()
    assert [shape.text for shape in shapes if isinstance(shape, Text)] == text.split()


@pytest.mark.parametrize(
    ("right", "down", "wider", "taller"),
    [(2.0, -1.5, 1.0, 1.0), (0.0, 0.0, 0.99, 1.01), (1.2, 0.7, 1.004, 0.996)],
)
def test_a_printer_that_is_off_prints_straight_after_correction(
    right: float, down: float, wider: float, taller: float
) -> None:
    off = Correction(right, down, wider, taller)
    out = BytesIO()
    write(out, [spine("I", "1")], SHIPPED[0], correction=off, title="")
    straight = BytesIO()
    write(straight, [spine("I", "1")], SHIPPED[0], title="")
    for sign, corrected in zip(_boxes(straight.getvalue()), _boxes(out.getvalue()), strict=True):
        assert off.right + off.wider * corrected[0] == pytest.approx(sign[0], abs=0.01)
        assert off.down + off.taller * corrected[1] == pytest.approx(sign[1], abs=0.01)


def _boxes(data: bytes) -> list[tuple[float, float]]:
    """Left and upper edge of every sign, mm from the corner of the page."""
    with pypdfium2.PdfDocument(data) as document:
        page = document[0].get_textpage()
        boxes = [page.get_charbox(number) for number in range(page.count_chars())]
        high = document[0].get_height()
    return [(left / 72 * 25.4, (high - top) / 72 * 25.4) for left, _foot, _right, top in boxes if top]


@pytest.mark.parametrize(
    ("symbology", "text"),
    [
        ("code128", "图书1"),
        ("code128", ""),
        ("code39", "abc"),
        ("code39", "书"),
        ("ean", "9787020002208"),
        ("ean", "123"),
        ("qr", ""),
    ],
)
def test_what_a_symbology_cannot_hold_is_refused(symbology: Symbology, text: str) -> None:
    with pytest.raises(NotCodable):
        symbol(symbology, text)


def test_a_code_too_long_for_its_label_is_left_out_and_says_what_it_needs() -> None:
    sheet = next(sheet for sheet in SHIPPED if sheet.code == "roll-30x20")
    long = "ABCDEFGHIJKLMN1234567890"
    out = BytesIO()
    told = write(out, [barcode("code39", long), barcode("code39", "123")], sheet, title="")
    assert [placed.name for placed in told.left_out] == [long]
    assert isinstance(told.left_out[0].refused, CodeTooLarge)
    assert told.left_out[0].refused.needs_width > 27
    assert rendered(out.getvalue()) == ["123"]
    assert (told.printed, told.sheets) == (1, 1)


def test_bars_are_whole_dots_of_the_printer_and_never_narrower_than_scanners_like() -> None:
    drawn = bars(symbol("code128", "0001234"), x=0, y=0, width=35, height=10)
    assert isinstance(drawn, Bars)
    narrowest = min(width for _x, _y, width, _height in drawn.boxes)
    assert narrowest >= LEAST_MODULE["code128"] - 1e-9
    assert narrowest / (25.4 / 300) == pytest.approx(3)


def test_bars_for_label_printers_are_whole_dots_of_theirs_where_there_is_room() -> None:
    for width, white, dot, dots in ((28, 1, 203, 2), (23, 0, 300, 2), (45, 1, 203, 3)):
        drawn = bars(symbol("code128", "0001234"), x=0, y=0, width=width, height=10, white=white, dots=ROLL)
        assert min(box[2] for box in drawn.boxes) / (25.4 / dot) == pytest.approx(dots)


def test_signs_that_the_font_lacks_and_texts_that_were_cut_are_told() -> None:
    _shapes, told = first_sheet([spine("王𠮷", "国" * 200), spine("I", "1")], SHIPPED[0])
    assert told.missing == ("𠮷",)
    assert [placed.cut for placed in told.cut] == [["国" * 200]]


def test_two_thousand_labels_take_seconds() -> None:
    """Process time, so that a busy machine does not count; under 2 s where this was written."""
    sheet = next(sheet for sheet in SHIPPED if sheet.code == "a4-5x13")
    labels = [barcode("code128", f"{number:07d}") for number in range(2000)]
    began = process_time()
    out = BytesIO()
    told = write(out, labels, sheet, title="")
    assert (told.printed, told.sheets) == (2000, 31)
    assert process_time() - began < 10


def test_no_labels_make_one_empty_sheet() -> None:
    out = BytesIO()
    assert write(out, [], SHIPPED[0], title="").sheets == 1
