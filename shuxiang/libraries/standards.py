"""The national standards that come with the program, as data with their sources."""

from datetime import date
from typing import Any

RULE = "《中小学图书馆（室）规程》教育部 教基〔2018〕5号，2018-06-01起施行，附件二"
# The five shares were read in the 2003 edition's annex; that the 2018 annex repeats them is to be verified.
SHARES_SOURCE = "；分类比例据2003年版附表一，待核"
# The primary column was seen in print; the three others are consistent with local rules but to be verified.
TO_VERIFY = "（本列数字待核）"
PRIMARY_SHARES = {"1": "1.5", "2": "1.5", "3": "64", "4": "28", "5": "5"}
SECONDARY_SHARES = {"1": "2", "2": "2", "3": "54", "4": "38", "5": "4"}
# code, name, volumes a pupil, serial titles, reference titles, shares, source
NATIONAL_2018: tuple[tuple[str, str, int, int, int, dict[str, str], str], ...] = (
    ("cn-2018-primary", "国家标准（2018）小学", 25, 60, 120, PRIMARY_SHARES, RULE + SHARES_SOURCE),
    (
        "cn-2018-junior",
        "国家标准（2018）初级中学",
        35,
        80,
        180,
        SECONDARY_SHARES,
        RULE + TO_VERIFY + SHARES_SOURCE,
    ),
    (
        "cn-2018-senior",
        "国家标准（2018）高级中学",
        45,
        120,
        250,
        SECONDARY_SHARES,
        RULE + TO_VERIFY + SHARES_SOURCE,
    ),
    (
        "cn-2018-complete",
        "国家标准（2018）完全中学",
        40,
        120,
        250,
        SECONDARY_SHARES,
        RULE + TO_VERIFY + SHARES_SOURCE,
    ),
)


def install(standard_model: Any) -> None:
    """Write the shipped standards into a database; a school's own ones have other codes and are left alone."""
    for code, name, volumes, serials, reference, shares, source in NATIONAL_2018:
        standard_model.objects.update_or_create(
            code=code,
            defaults={
                "name": name,
                "source": source,
                "valid_from": date(2018, 6, 1),
                "volumes_per_pupil": volumes,
                "new_volumes_per_pupil_year": 1,
                "opening_hours_week": 40,
                "serial_titles": serials,
                "reference_titles": reference,
                "division_shares": shares,
            },
        )
