"""What a target may be."""

import unicodedata
from decimal import Decimal, InvalidOperation

from shuxiang.common.decisions import Decision, Reason, Weight

MOST = Decimal(10) ** 9


def read_target(written: str, decimals: int) -> Decimal | None:
    """The number as a person wrote it (９．５, 3,208); None for nothing. Raises Refused for what is no such number."""
    plain = unicodedata.normalize("NFKC", written).replace(",", "").strip()
    if not plain:
        return None
    try:
        value = Decimal(plain)
    except InvalidOperation:
        value = Decimal("NaN")
    reason: Reason | None = None
    if not value.is_finite():
        reason = Reason("target_unreadable", Weight.REFUSE, {"written": written.strip()[:30]})
    elif not 0 <= value < MOST:
        reason = Reason("target_out_of_range", Weight.REFUSE)
    elif value != round(value, decimals):
        reason = Reason("target_too_fine", Weight.REFUSE, {"decimals": decimals})
    Decision.of([reason]).enforce()
    return value


def is_reached(value: Decimal, target: Decimal, *, less_is_better: bool) -> bool:
    """Exactly on it is reached."""
    return value <= target if less_is_better else value >= target
