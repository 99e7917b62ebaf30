"""The demonstration school on paper: the seeds' school, with 346 pupils, 18 teachers and the loans its summary must tell.

Six grades in nine classes; in 2026-spring pupils borrow 3,208 volumes and teachers 136 (9.27 and 7.56 a head).
"""

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True)
class ClassPlan:
    """A class of the school year 2025-2026: label, pupils, loans in the two terms, pupils who never borrow in spring."""

    label: str
    pupils: int
    autumn_loans: int
    spring_loans: int
    idle: int
    weekday: int  # its turn in the rotation table


CLASSES = (
    ClassPlan("一（1）班", 37, 148, 241, 5, 1),
    ClassPlan("一（2）班", 36, 137, 219, 6, 3),
    ClassPlan("二（1）班", 38, 256, 343, 1, 2),
    ClassPlan("二（2）班", 38, 248, 298, 2, 4),
    ClassPlan("三（1）班", 41, 317, 495, 0, 1),
    ClassPlan("四（1）班", 42, 329, 463, 0, 2),
    ClassPlan("五（1）班", 38, 304, 434, 0, 3),
    ClassPlan("五（2）班", 37, 296, 391, 0, 5),
    ClassPlan("六（1）班", 39, 309, 324, 1, 5),
)
PUPILS = sum(c.pupils for c in CLASSES)
SPRING_PUPIL_LOANS = sum(c.spring_loans for c in CLASSES)
TEACHERS = 18
AUTUMN_TEACHER_LOANS, SPRING_TEACHER_LOANS = 125, 136
NEW_PUPILS = 39  # enter the first grade every September
NEW_LABEL = "一（1）班"

FIRST_YEAR = 2025
TERMS = {  # code → begins, ends, teaching from, teaching to, everything called in by
    "2025-autumn": (
        date(2025, 9, 1), date(2026, 1, 31), date(2025, 9, 1), date(2026, 1, 23), date(2026, 1, 20),
    ),
    "2026-spring": (
        date(2026, 2, 1), date(2026, 8, 31), date(2026, 2, 26), date(2026, 7, 3), date(2026, 6, 30),
    ),
}  # fmt: skip
PER_PUPIL, PER_TEACHER = "circulation.loans_per_pupil", "circulation.loans_per_teacher"
TARGETS = {  # term → figure → what the school means to reach
    "2026-spring": {PER_PUPIL: "9", PER_TEACHER: "8", "circulation.participation": "100"},
    "2026-autumn": {PER_PUPIL: "10", PER_TEACHER: "8", "circulation.participation": "100"},
}
LENDING_WEEKS = {  # first and last day of lending, so that everybody can bring everything back before the recall
    "2025-autumn": (date(2025, 9, 8), date(2026, 1, 9)),
    "2026-spring": (date(2026, 3, 2), date(2026, 6, 19)),
}
HOLIDAYS = (
    (date(2025, 10, 1), date(2025, 10, 8), "国庆节、中秋节"),
    (date(2026, 1, 1), date(2026, 1, 3), "元旦"),
    (date(2026, 4, 4), date(2026, 4, 6), "清明节"),
    (date(2026, 5, 1), date(2026, 5, 5), "劳动节"),
    (date(2026, 6, 19), date(2026, 6, 21), "端午节"),
    (date(2026, 10, 1), date(2026, 10, 7), "国庆节"),
)
NOON = (time(11, 30), time(12, 30))
AFTERNOON = (time(15, 40), time(16, 50))
OPENING = (time(8, 0), time(16, 50))


@dataclass(frozen=True)
class Delivery:
    """A batch of the accession book."""

    on: date
    source: str
    document: str
    supplier: str
    volumes: int


DELIVERIES = (
    Delivery(date(2019, 9, 2), "opening", "移交清册", "", 13_204),
    Delivery(date(2023, 10, 16), "purchase", "发票 0023718", "柳溪县新华书店", 986),
    Delivery(date(2025, 10, 20), "purchase", "发票 0041206", "柳溪县新华书店", 792),
    Delivery(date(2026, 3, 23), "purchase", "发票 0047733", "柳溪县新华书店", 944),
    Delivery(date(2026, 5, 29), "gift", "捐赠清单", "柳溪镇文化站", 86),
    Delivery(date(2026, 10, 12), "purchase", "发票 0053319", "柳溪县新华书店", 418),
)
