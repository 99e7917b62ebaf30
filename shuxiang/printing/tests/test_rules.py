"""Sheets, measurements and ranges, as tables."""

from dataclasses import replace

import pytest

from shuxiang.printing.rules import (
    Correction,
    judge_run,
    judge_sheet,
    judge_size,
    marks_of,
    measured,
    next_place,
)
from shuxiang.printing.sheets import BY_CODE, SHIPPED, Sheet

pytestmark = pytest.mark.engine_free
A4 = BY_CODE["a4-5x13"]


@pytest.mark.parametrize("sheet", SHIPPED, ids=lambda sheet: sheet.code)
def test_what_is_shipped_is_accepted(sheet: Sheet) -> None:
    assert judge_sheet(sheet, "x").reasons == ()


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"page_width": 9.9}, {"sheet_page_size"}),
        ({"page_height": 1200.1}, {"sheet_page_size"}),
        ({"columns": 0}, {"sheet_grid"}),
        ({"rows": 101}, {"sheet_grid"}),
        ({"width": 14.9}, {"sheet_label_small"}),
        ({"left": -1.0}, {"sheet_negative"}),
        ({"across": float("nan")}, {"sheet_not_a_length"}),
        ({"top": float("inf")}, {"sheet_not_a_length"}),
        ({"across": 38.0}, {"sheet_overlap_across"}),
        ({"down": 21.0}, {"sheet_overlap_down"}),
        ({"left": 10.0}, {"sheet_too_wide"}),
        ({"top": 22.0}, {"sheet_too_high"}),
        ({"left": 10.0, "top": 22.0}, {"sheet_too_wide", "sheet_too_high"}),
        ({"padding": 9.0}, {"sheet_padding"}),
    ],
)
def test_a_sheet_that_cannot_be_is_refused(changes: dict[str, float], codes: set[str]) -> None:
    assert {reason.code for reason in judge_sheet(replace(A4, **changes), "x").refused} == codes  # type: ignore[arg-type]


def test_what_makers_round_is_taken() -> None:
    assert not judge_sheet(replace(A4, left=5.94 - 0.45, columns=5), "x").refused
    assert not judge_sheet(replace(BY_CODE["a4-3x8"], top=0.0, height=37.125, down=37.125), "x").refused


@pytest.mark.parametrize(
    ("least", "fits"), [((35.1, 18.2), True), ((35.1, 18.3), False), ((36, 10), False), ((100, 55), False)]
)
def test_a_label_is_large_enough_inside_its_white_edge(least: tuple[float, float], fits: bool) -> None:
    assert (not judge_size(A4, least).refused) is fits


@pytest.mark.parametrize(
    ("total", "start", "first", "last", "codes"),
    [
        (10, 1, 1, 10, set()),
        (10, 65, 10, 10, set()),
        (0, 1, 1, 1, {"run_empty"}),
        (10, 0, 1, 10, {"run_start"}),
        (10, 66, 1, 10, {"run_start"}),
        (10, 1, 0, 10, {"run_range"}),
        (10, 1, 4, 3, {"run_range"}),
        (10, 70, 1, 11, {"run_start", "run_range"}),
    ],
)
def test_a_run_begins_on_the_sheet_and_ends_with_the_last_label(
    total: int, start: int, first: int, last: int, codes: set[str]
) -> None:
    found = judge_run(A4, total=total, start=start, first=first, last=last)
    assert {reason.code for reason in found.refused} == codes


@pytest.mark.parametrize(
    ("start", "printed", "place"), [(1, 0, 1), (1, 7, 8), (60, 6, 1), (60, 5, 65), (1, 65, 1), (3, 130, 3)]
)
def test_a_started_sheet_goes_on_where_it_ended(start: int, printed: int, place: int) -> None:
    assert next_place(A4, start, printed) == place


@pytest.mark.parametrize(
    ("paper", "marks"),
    [
        ((210, 297), (20, 20, 170, 250)),
        ((40, 30), (5, 5, 30, 20)),
        ((30, 20), (5, 5, 20, 10)),
        ((12, 10), (5, 5, 2, 0)),
    ],
)
def test_the_lines_to_measure_lie_on_the_paper(
    paper: tuple[float, float], marks: tuple[float, float, float, float]
) -> None:
    found = marks_of(*paper)
    assert (found.x, found.y, found.wide, found.high) == marks


@pytest.mark.parametrize(
    ("left", "top", "wide", "high", "correction"),
    [
        (20, 20, None, None, (0, 0, 1, 1)),
        (21.5, 19, None, None, (1.5, -1, 1, 1)),
        (20.2, 20, 171.7, None, (0, 0, 1.01, 1)),
        (19.8, 19.9, 168.3, 248.75, (0, 0, 0.99, 0.995)),
    ],
)
def test_two_to_four_measurements_give_what_the_printer_does(
    left: float, top: float, wide: float | None, high: float | None, correction: tuple[float, ...]
) -> None:
    found, judged = measured(marks_of(210, 297), left=left, top=top, wide=wide, high=high)
    assert (found.right, found.down, found.wider, found.taller) == pytest.approx(correction, abs=1e-9)
    assert not judged.refused


@pytest.mark.parametrize(
    ("left", "wide", "code"),
    [
        (36, None, "test_sheet_far_off"),
        (4, None, "test_sheet_far_off"),
        (20, 163.2, "test_sheet_scaled"),
        (20, 180, "test_sheet_scaled"),
    ],
)
def test_a_measurement_that_no_printer_makes_is_doubted(left: float, wide: float | None, code: str) -> None:
    _found, judged = measured(marks_of(210, 297), left=left, top=20, wide=wide)
    assert [reason.code for reason in judged.refused] == [code]


def test_a_correction_undoes_what_the_printer_does() -> None:
    off = Correction(1.5, -0.8, 1.01, 0.995)
    right, down, wider, taller = off.shift
    for place in (0.0, 100.0, 290.0):
        assert off.right + off.wider * (right + wider * place) == pytest.approx(place)
        assert off.down + off.taller * (down + taller * place) == pytest.approx(place)
