"""What paper says, and what a scanned corner means: plain values in, an answer out."""

import re
from datetime import date, timedelta

PRESENT, OUT, LENT_HERE, MISSING, FOUND, FOREIGN = "present", "out", "lent", "missing", "found", "foreign"
HEAPS = (PRESENT, OUT, MISSING, LENT_HERE, FOUND, FOREIGN)

_PARTS = re.compile(r"\d+")
_OLDEST = timedelta(days=366)  # how far back a day without a year may lie


def read_day(text: str, today: date) -> date | None:
    """The day that was written: 2026-9-3, 9.3, 9月3日 or 0903; without a year the latest one up to today.

    None for what is no day, or a day to come.
    """
    plain = text.strip()
    numbers = [int(part) for part in _PARTS.findall(plain)]
    if len(numbers) == 1 and len(plain) == 4 and plain.isdigit():
        numbers = [int(plain[:2]), int(plain[2:])]
    if len(numbers) == 1 and len(plain) == 8 and plain.isdigit():
        numbers = [int(plain[:4]), int(plain[4:6]), int(plain[6:])]
    try:
        if len(numbers) == 3:
            year = numbers[0] + 2000 if numbers[0] < 100 else numbers[0]
            found = date(year, numbers[1], numbers[2])
        elif len(numbers) == 2:
            found = _latest(numbers[0], numbers[1], today)
        else:
            return None
    except ValueError:
        return None
    return found if found <= today else None


def _latest(month: int, day: int, today: date) -> date:
    """The day of this month and day that came last. Raises ValueError for a day that there is not."""
    this_year = date(today.year, month, day)
    return this_year if this_year <= today else date(today.year - 1, month, day)


def heap_of(*, is_scanned: bool, stands_here: bool, account: str) -> str:
    """Where a volume goes in the check of a corner; '' for one that has nothing to do with it."""
    if not is_scanned:
        if not stands_here:
            return ""
        return {"corner": MISSING, "loan": OUT}.get(account, "")
    if not stands_here:
        return FOREIGN
    return {"corner": PRESENT, "loan": LENT_HERE, "missing": FOUND}.get(account, FOREIGN)


def wanted_volumes(heads: int, per_head: int, planned: int, most: int) -> int:
    """How many volumes a box still takes by the rule: so many a head, up to what a box holds."""
    return max(0, min(heads * per_head, most) - planned)
