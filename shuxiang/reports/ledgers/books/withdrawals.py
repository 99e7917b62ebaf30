"""注销 (报损) 登记帐: one line a volume struck, with reason, approval and disposition; what was given back in red."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.holdings.models import WithdrawalLine
from shuxiang.holdings.placemodels import StrikeReversal
from shuxiang.reports.ledgers import lines as of
from shuxiang.reports.ledgers.registry import Asked, Book, Part, register
from shuxiang.reports.ledgers.rows import Column, Key, Row
from shuxiang.reports.ledgers.sources import Days, Merged, Placed

CODE = "ledger.withdrawals"
DISPOSITIONS = {
    "scrap": pgettext_lazy("ledger", "pulped"),
    "allocate": pgettext_lazy("ledger", "handed over"),
    "exchange": pgettext_lazy("ledger", "exchanged"),
    "sale": pgettext_lazy("ledger", "sold"),
    "store": pgettext_lazy("ledger", "kept apart"),
}
COLUMNS = (
    Column("day", pgettext_lazy("ledger", "Date"), "day", 17),
    Column("withdrawal", pgettext_lazy("ledger", "Withdrawal"), "code", 14),
    of.NUMBER,
    Column("class", pgettext_lazy("class of books", "Class"), "code", 10),
    of.TITLE,
    of.CALL_NUMBER,
    of.PRICE,
    Column("reason", pgettext_lazy("ledger", "Reason"), "text", 24),
    Column("document", pgettext_lazy("ledger", "Document"), "text", 26),
    Column("approved_by", pgettext_lazy("ledger", "Approved by"), "text", 18),
    Column("approved_on", pgettext_lazy("ledger", "Approved on"), "day", 17),
    Column("disposition", pgettext_lazy("ledger", "Disposition"), "text", 16),
    Column("entered_on", pgettext_lazy("ledger", "Entered on"), "day", 17, is_usual=False),
    Column("authors", pgettext_lazy("ledger", "Author"), "text", 28, is_usual=False),
    Column("isbn", "ISBN", "code", 27, is_usual=False),
    Column("legacy", pgettext_lazy("ledger", "Old number"), "code", 18, is_usual=False),
    Column("paid", pgettext_lazy("ledger", "Paid (yuan)"), "yuan", 16, sums=True, is_usual=False),
)
Make = Callable[[Key, Mapping[str, Any], str, date, int], Row]
STRUCK, BEFORE, BACK = 0, 1, 2  # which table a row of one day is of
_PAPERS = ("number", "reason", "document", "approved_by", "approved_on", "disposition", "reverses__number",
           "restores__number")  # fmt: skip


def _strikes(rows: QuerySet[Any], day: str, papers: str, place: int, make: Make) -> Placed:
    """Rows of a table that names property lines and days, with the values of the lines and of the papers."""
    values = {f"v_{name}": F(f"line__{path}") for name, path in of.VALUES.items()}
    names = {f"p_{name}": F(f"{papers}__{name}") for name in _PAPERS}
    sign = -1 if place == BACK else 1

    def made(found: Sequence[Mapping[str, Any]]) -> list[Row]:
        return [
            make((v[day].toordinal(), place, v["pk"]), v, of.withdrawal_label(v["p_number"]), v[day], sign)
            for v in found
        ]

    return Placed(Days(rows, day, (), made, more=values | names), place)


def _entry(key: Key, v: Mapping[str, Any], label: str, on: date, sign: int) -> Row:
    price = v["v_price"]
    cells = of.cells_of(v, date.min) | {
        "day": on,
        "withdrawal": label,
        "class": v["v_clc_main"],
        "price": None if price is None else sign * price,
        "reason": _why(v),
        "document": v["p_document"],
        "approved_by": v["p_approved_by"],
        "approved_on": v["p_approved_on"],
        "disposition": str(DISPOSITIONS.get(v["p_disposition"], v["p_disposition"])),
        "entered_on": v["v_posted_on"],
    }
    look: Any = "red" if sign < 0 else ""
    return Row(key, cells, look, sign, sign * int(price is None))


def _why(v: Mapping[str, Any]) -> str:
    words = str(of.REASONS.get(v["p_reason"], v["p_reason"]))
    if v["p_reverses__number"] is not None:
        return f"{words} {v['p_reverses__number']}"
    if v["p_restores__number"] is not None:
        return f"{words} {of.withdrawal_label(v['p_restores__number'])}"
    return words


def struck_in(asked: Asked, main: str | None = None, *, make: Make | None = None) -> Merged:
    """What was struck in the period, what was struck and taken back since, what was given back; of one class or all."""
    days = (asked.period.starts_on, asked.period.ends_on)
    one = {} if main is None else {"line__clc_main": main}
    strikes = WithdrawalLine.objects.filter(library=asked.library, withdrawn_on__range=days, **one)
    each = make or _entry
    reversals = StrikeReversal.objects.filter(library=asked.library, **one)
    return Merged(
        _strikes(strikes, "withdrawn_on", "withdrawal", STRUCK, each),
        _strikes(reversals.filter(withdrawn_on__range=days), "withdrawn_on", "withdrawal", BEFORE, each),
        _strikes(reversals.filter(restored_on__range=days), "restored_on", "reversal", BACK, each),
    )


def parts(asked: Asked) -> Sequence[Part]:
    """One part: every volume struck in the period."""
    return (
        Part(
            "struck",
            pgettext_lazy("ledger", "Volumes withdrawn"),
            COLUMNS,
            struck_in(asked),
            pgettext_lazy("ledger", "volumes"),
            is_chosen=True,
        ),
    )


register(
    Book(
        CODE,
        4,
        pgettext_lazy("ledger", "Withdrawal register"),
        COLUMNS,
        parts,
        _("Weeding, losses and reversing entries write their volumes here."),
    )
)
