"""赔偿登记帐: what readers lost and what became of it; what came in for it. Money is fed by the room that takes it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.circulation.models import Loan
from shuxiang.holdings.models import AccessionBatch, PropertyLine
from shuxiang.reports.ledgers import lines as of
from shuxiang.reports.ledgers.books import loans as lent
from shuxiang.reports.ledgers.registry import Asked, Book, Part, register
from shuxiang.reports.ledgers.rows import Column, Row
from shuxiang.reports.ledgers.sources import Days

CODE = "ledger.compensation"
COLUMNS = (
    Column("day", pgettext_lazy("ledger", "Reported on"), "day", 18),
    Column("reader", pgettext_lazy("ledger", "Reader"), "text", 30, is_personal=True),
    Column("class", pgettext_lazy("ledger", "Class"), "text", 24),
    Column("number", pgettext_lazy("ledger", "Accession number"), "code", 20),
    Column("title", pgettext_lazy("ledger", "Title"), "text", 70),
    Column("price", pgettext_lazy("ledger", "Price (yuan)"), "yuan", 18, sums=True),
    Column("reason", pgettext_lazy("ledger", "Reason"), "text", 18),
    Column("result", pgettext_lazy("ledger", "What became of it"), "text", 40),
    Column("settled", pgettext_lazy("ledger", "Settled on"), "day", 18),
    Column("card", pgettext_lazy("ledger", "Card"), "code", 22, is_personal=True, is_usual=False),
    Column("due", pgettext_lazy("ledger", "Due on"), "day", 18, is_usual=False),
)
_STANDING = {
    "account": F("item__account"),
    "struck": F("item__property_line__withdrawal_line__withdrawal__number"),
    "struck_on": F("item__property_line__withdrawal_line__withdrawn_on"),
    "struck_for": F("item__property_line__withdrawal_line__withdrawal__reason"),
}


def parts(asked: Asked) -> Sequence[Part]:
    """Losses reported in the period, and volumes that were entered in compensation."""
    return (
        Part(
            "losses",
            pgettext_lazy("ledger", "Losses"),
            COLUMNS,
            _losses(asked),
            pgettext_lazy("ledger", "volumes"),
            is_chosen=True,
        ),
        Part(
            "replaced",
            pgettext_lazy("ledger", "Entered in compensation"),
            REPLACED,
            _replaced(asked),
            pgettext_lazy("ledger", "volumes"),
        ),
    )


def _losses(asked: Asked) -> Days:
    days = (asked.period.starts_on, asked.period.ends_on)
    lost = Loan.objects.filter(library=asked.library, outcome=Loan.Outcome.LOST, in_on__range=days)
    values = {f"v_{name}": each for name, each in {**lent.VALUES, **_STANDING}.items()}

    def made(found: Sequence[Mapping[str, Any]]) -> list[Row]:
        rows = []
        for v in found:
            result, settled = _result(v)
            cells = lent.cells_of(v, with_names=asked.with_names) | {
                "day": v["in_on"],
                "reason": str(pgettext_lazy("ledger", "lost")),
                "result": result,
                "settled": settled,
            }
            rows.append(Row((v["in_on"].toordinal(), v["pk"]), cells, "", 1, int(v["price_fen"] is None)))
        return rows

    return Days(lost, "in_on", lent.OWN, made, more=values)


def _result(v: Mapping[str, Any]) -> tuple[str, Any]:
    """What became of a lost volume, and when, as far as the books say."""
    if v["v_account"] == "withdrawn" and v["v_struck"] is not None:
        reason = of.REASONS.get(v["v_struck_for"], v["v_struck_for"])
        words = pgettext_lazy("ledger", "withdrawn: %(reason)s, %(number)s") % {
            "reason": reason,
            "number": of.withdrawal_label(v["v_struck"]),
        }
        return str(words), v["v_struck_on"]
    if v["v_account"] == "missing":
        return str(pgettext_lazy("ledger", "not settled yet")), None
    return (
        str(pgettext_lazy("ledger", "found again"))
        if v["v_account"]
        else str(pgettext_lazy("ledger", "lent without a volume"))
    ), None


REPLACED = (of.ENTERED, of.NUMBER, of.TITLE, of.AUTHORS, of.PRICE, of.BATCH, of.CALL_NUMBER, of.PLACE)


def _replaced(asked: Asked) -> Days:
    days = (asked.period.starts_on, asked.period.ends_on)
    came = PropertyLine.objects.filter(
        library=asked.library, batch__source=AccessionBatch.Source.COMPENSATION, posted_on__range=days
    )
    values = {f"v_{name}": F(path) for name, path in of.VALUES.items()}

    def made(found: Sequence[Mapping[str, Any]]) -> list[Row]:
        return [of.line_row((v["posted_on"].toordinal(), v["pk"]), v, asked.period.ends_on) for v in found]

    return Days(came, "posted_on", (), made, more=values)


register(
    Book(
        CODE,
        7,
        pgettext_lazy("ledger", "Compensation register"),
        COLUMNS,
        parts,
        _(
            "Volumes that were marked as lost at the desk stand here, and what was entered in compensation. Money that is"
            " paid for them is not kept in this version."
        ),
    )
)
