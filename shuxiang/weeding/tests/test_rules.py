"""Rules as tables, without a database."""

from dataclasses import replace
from datetime import date

import pytest

from shuxiang.weeding.rules import Compared, Criteria, VolumeFacts, certainty, proposed, years_before

TODAY = date(2026, 9, 1)
FACTS = VolumeFacts("I247.5", 1, date(2015, 9, 1), None, 2005, 3, 4, "")


@pytest.mark.parametrize(
    ("facts", "criteria", "codes"),
    [
        ({}, {"never_lent_years": 5}, ["never_lent"]),
        ({"last_lent_on": date(2019, 3, 1)}, {"never_lent_years": 5}, ["not_lent_since"]),
        ({"last_lent_on": date(2021, 9, 1)}, {"never_lent_years": 5}, []),
        ({"last_lent_on": date(2021, 8, 31)}, {"never_lent_years": 5}, ["not_lent_since"]),
        ({"entered_on": date(2024, 9, 1)}, {"never_lent_years": 5}, []),
        ({"entered_on": None}, {"never_lent_years": 5}, ["never_lent"]),
        ({}, {"age_years": 20}, ["published"]),
        ({"pub_year": 2010}, {"age_years": 20}, []),
        ({"pub_year": None}, {"age_years": 20}, []),
        ({}, {"copies_over": 2}, ["surplus"]),
        ({}, {"copies_over": 3}, []),
        ({}, {"only_worn": True}, []),
        ({"condition": "worn"}, {"only_worn": True}, ["condition"]),
        (
            {},
            {"never_lent_years": 5, "age_years": 10, "copies_over": 2},
            ["never_lent", "published", "surplus"],
        ),
        ({"pub_year": 2020}, {"never_lent_years": 5, "age_years": 10}, []),
        ({}, {"never_lent_years": 5, "clc": "I2"}, ["never_lent"]),
        ({}, {"never_lent_years": 5, "clc": "G"}, []),
        ({}, {"never_lent_years": 5, "location_id": 1}, ["never_lent"]),
        ({}, {"never_lent_years": 5, "location_id": 2}, []),
        ({}, {}, []),
    ],
)
def test_a_volume_is_proposed_when_all_that_is_asked_holds(
    facts: dict[str, object], criteria: dict[str, object], codes: list[str]
) -> None:
    found = proposed(replace(FACTS, **facts), Criteria(**criteria), TODAY)  # type: ignore[arg-type]
    assert [code for code, _params in found] == codes


@pytest.mark.parametrize(
    ("compared", "expected"),
    [
        (Compared(True, True, True, True), ("sure", "isbn")),
        (Compared(True, True, True, False), ("sure", "isbn")),
        (Compared(True, False, False, False), ("sure", "isbn")),
        (Compared(True, True, False, True), ("likely", "isbn_only")),
        (Compared(False, True, True, True), ("likely", "title_author")),
        (Compared(False, True, True, False), ("possible", "title")),
        (Compared(False, True, False, True), None),
    ],
)
def test_how_certain_a_match_is(compared: Compared, expected: tuple[str, str] | None) -> None:
    assert certainty(compared) == expected


def test_a_leap_day_has_a_day_before() -> None:
    assert years_before(date(2024, 2, 29), 1) == date(2023, 2, 28)
