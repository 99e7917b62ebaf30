"""赔偿登记帐: what readers lost or damaged, how it was made good, by which receipts, and what became of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.cashbook.rules import receipt_number
from shuxiang.circulation.models import Loan
from shuxiang.compensation.messages import SEVERITIES, WAYS
from shuxiang.compensation.models import Case, Payment
from shuxiang.holdings.models import AccessionBatch, PropertyLine
from shuxiang.reports.ledgers import lines as of
from shuxiang.reports.ledgers.books import loans as lent
from shuxiang.reports.ledgers.registry import Asked, Book, Part, register
from shuxiang.reports.ledgers.rows import Cell, Column, Row
from shuxiang.reports.ledgers.sources import Days, Merged, Placed

CODE = "ledger.compensation"
COLUMNS = (
    Column("day", pgettext_lazy("ledger", "Reported on"), "day", 18),
    Column("reader", pgettext_lazy("ledger", "Reader"), "text", 22, is_personal=True),
    Column("class", pgettext_lazy("ledger", "Class"), "text", 20),
    Column("number", pgettext_lazy("ledger", "Accession number"), "code", 16),
    Column("title", pgettext_lazy("ledger", "Title"), "text", 48),
    Column("price", pgettext_lazy("ledger", "Price (yuan)"), "yuan", 15, sums=True),
    Column("reason", pgettext_lazy("ledger", "Reason"), "text", 18),
    Column("way", pgettext_lazy("ledger", "Made good by"), "text", 18),
    Column("times", pgettext_lazy("ledger", "Times the price"), "text", 12),
    Column("due", pgettext_lazy("ledger", "Due (yuan)"), "yuan", 15, sums=True),
    Column("paid", pgettext_lazy("ledger", "Received (yuan)"), "yuan", 15, sums=True),
    Column("receipt", pgettext_lazy("ledger", "Receipts"), "code", 22),
    Column("by", pgettext_lazy("ledger", "Handled by"), "text", 16),
    Column("result", pgettext_lazy("ledger", "What became of it"), "text", 34),
    Column("settled", pgettext_lazy("ledger", "Settled on"), "day", 18),
    Column("waived", pgettext_lazy("ledger", "Waived (yuan)"), "yuan", 15, sums=True, is_usual=False),
    Column("approved", pgettext_lazy("ledger", "Approved by"), "text", 18, is_usual=False),
    Column("card", pgettext_lazy("ledger", "Card"), "code", 20, is_personal=True, is_usual=False),
)
CASE, LOSS = 0, 1
_STANDING = {
    "account": F("item__account"),
    "struck": F("item__property_line__withdrawal_line__withdrawal__number"),
    "struck_on": F("item__property_line__withdrawal_line__withdrawn_on"),
    "struck_for": F("item__property_line__withdrawal_line__withdrawal__reason"),
}
_OF_CASE = {
    "name": F("patron__name"),
    "card": Subquery(lent.CARD[:1]),
    "series": F("item__property_line__series"),
    "number": F("item__property_line__number"),
    "new_series": F("replacement__property_line__series"),
    "new_number": F("replacement__property_line__number"),
    "struck": F("withdrawal__number"),
}
_CASE = (
    "class_label", "title", "price_fen", "severity", "way", "state", "reckoning", "due_fen", "paid_fen", "waived_fen",
    "approved_by", "opened_by", "settled_on", "found_on", "was_restored", "patron",
)  # fmt: skip


def parts(asked: Asked) -> Sequence[Part]:
    """Losses and damage reported in the period, and volumes that were entered in compensation."""
    return (
        Part(
            "losses",
            pgettext_lazy("ledger", "Losses and damage"),
            COLUMNS,
            Merged(Placed(_cases(asked), CASE), Placed(_losses(asked), LOSS)),
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


def _cases(asked: Asked) -> Days:
    """Cases of compensation; one that was opened by mistake is none."""
    cases = Case.objects.filter(
        library=asked.library, opened_on__range=(asked.period.starts_on, asked.period.ends_on)
    )
    values = {f"v_{name}": each for name, each in _OF_CASE.items()}

    def made(found: Sequence[Mapping[str, Any]]) -> list[Row]:
        receipts = _receipts([v["pk"] for v in found])
        return [_case_row(v, receipts.get(v["pk"], ""), asked) for v in found]

    return Days(cases.exclude(state=Case.State.CANCELLED), "opened_on", _CASE, made, more=values)


def _receipts(cases: Sequence[int]) -> dict[int, str]:
    """The numbers of a case's receipts and refunds, in their order."""
    rows = Payment.objects.filter(case__in=cases).order_by("entry__year", "entry__number")
    found: dict[int, list[str]] = {}
    for case, year, number in rows.values_list("case", "entry__year", "entry__number"):
        found.setdefault(case, []).append(receipt_number(year, number))
    return {case: " ".join(numbers) for case, numbers in found.items()}


def _case_row(v: Mapping[str, Any], receipts: str, asked: Asked) -> Row:
    hidden = not asked.with_names
    cells: dict[str, Cell] = {
        "day": v["opened_on"],
        "reader": lent.HIDDEN if hidden and v["patron"] else v["v_name"] or "",
        "card": lent.HIDDEN if hidden and v["v_card"] else v["v_card"] or "",
        "class": v["class_label"],
        "number": "" if v["v_number"] is None else f"{v['v_series']}{v['v_number']}",
        "title": v["title"],
        "price": v["price_fen"],
        "reason": str(SEVERITIES[v["severity"]]),
        "way": str(WAYS[v["way"]]),
        "times": f"{v['reckoning'].get('factor', 0) / 100:g}" if v["reckoning"].get("base") != "none" else "",
        "due": v["due_fen"],
        "paid": v["paid_fen"],
        "waived": v["waived_fen"] or None,
        "approved": v["approved_by"],
        "receipt": receipts,
        "by": v["opened_by"],
        "result": _became(v),
        "settled": v["settled_on"],
    }
    key = (v["opened_on"].toordinal(), CASE, v["pk"])
    address = reverse("desk:compensation_case", args=[v["pk"]])
    return Row(key, cells, "", 1, int(v["price_fen"] is None), address)


def _became(v: Mapping[str, Any]) -> str:
    """What became of the volume: withdrawn, replaced by another number, found and paid back, or nothing yet."""
    if v["state"] == Case.State.OPEN:
        return str(pgettext_lazy("ledger", "not settled yet"))
    words = []
    if v["state"] == Case.State.FOUND:
        words.append(str(pgettext_lazy("ledger", "found again")))
    if v["v_new_number"] is not None:
        new = f"{v['v_new_series']}{v['v_new_number']}"
        words.append(str(pgettext_lazy("ledger", "replaced by %(number)s") % {"number": new}))
    if v["v_struck"] is not None and not v["was_restored"]:
        number = of.withdrawal_label(v["v_struck"])
        words.append(str(pgettext_lazy("ledger", "withdrawn %(number)s") % {"number": number}))
    return " · ".join(words) or str(pgettext_lazy("ledger", "settled"))


def _losses(asked: Asked) -> Days:
    """Loans that ended as lost without a case: from an imported log, or before anybody opened one."""
    days = (asked.period.starts_on, asked.period.ends_on)
    lost = Loan.objects.filter(library=asked.library, outcome=Loan.Outcome.LOST, in_on__range=days)
    known = Case.objects.filter(loan=OuterRef("pk")).exclude(state=Case.State.CANCELLED)
    values = {f"v_{name}": each for name, each in {**lent.VALUES, **_STANDING}.items()}

    def made(found: Sequence[Mapping[str, Any]]) -> list[Row]:
        rows = []
        for v in found:
            result, settled = _result(v)
            cells = lent.cells_of(v, with_names=asked.with_names) | {
                "day": v["in_on"],
                "due": None,
                "reason": str(pgettext_lazy("ledger", "lost")),
                "result": result,
                "settled": settled,
            }
            key = (v["in_on"].toordinal(), LOSS, v["pk"])
            rows.append(Row(key, cells, "", 1, int(v["price_fen"] is None)))
        return rows

    return Days(lost.exclude(Exists(known)), "in_on", lent.OWN, made, more=values)


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
            "Cases of compensation stand here with their receipts, losses without a case, and what was entered in"
            " compensation."
        ),
    )
)
