"""What paper says and what a scanned corner means, as tables."""

from datetime import date

import pytest

from shuxiang.corners.rules import heap_of, read_day, wanted_volumes

TODAY = date(2026, 10, 15)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-9-3", date(2026, 9, 3)),
        ("26.9.3", date(2026, 9, 3)),
        ("9.3", date(2026, 9, 3)),
        ("9月3日", date(2026, 9, 3)),
        ("0903", date(2026, 9, 3)),
        ("20260903", date(2026, 9, 3)),
        ("12/30", date(2025, 12, 30)),
        ("10-15", TODAY),
        ("2026-10-16", None),
        ("2.30", None),
        ("", None),
        ("昨天", None),
        ("1.2.3.4", None),
    ],
)
def test_a_day_is_read_as_it_is_written_on_paper(text: str, day: date | None) -> None:
    assert read_day(text, TODAY) == day


@pytest.mark.parametrize(
    ("is_scanned", "stands_here", "account", "heap"),
    [
        (True, True, "corner", "present"),
        (True, True, "loan", "lent"),
        (True, True, "missing", "found"),
        (True, False, "shelf", "foreign"),
        (True, False, "loan", "foreign"),
        (False, True, "corner", "missing"),
        (False, True, "loan", "out"),
        (False, True, "missing", ""),
        (False, True, "mending", ""),
        (False, False, "shelf", ""),
    ],
)
def test_a_volume_goes_to_one_heap(is_scanned: bool, stands_here: bool, account: str, heap: str) -> None:
    assert heap_of(is_scanned=is_scanned, stands_here=stands_here, account=account) == heap


@pytest.mark.parametrize(
    ("heads", "per_head", "planned", "wanted"),
    [(40, 1, 0, 40), (40, 2, 10, 70), (60, 2, 0, 100), (0, 2, 0, 0), (3, 1, 5, 0)],
)
def test_a_rule_gives_so_many_a_head_up_to_what_a_box_holds(
    heads: int, per_head: int, planned: int, wanted: int
) -> None:
    assert wanted_volumes(heads, per_head, planned, 100) == wanted
