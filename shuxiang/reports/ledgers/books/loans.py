"""借阅登记帐: every loan in the order of its day. Readers' names only for who may see them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.circulation.models import Loan
from shuxiang.patrons.models import Card
from shuxiang.reports.ledgers.registry import Asked, Book, Part, register
from shuxiang.reports.ledgers.rows import Cell, Column, Row
from shuxiang.reports.ledgers.sources import Days

CODE = "ledger.loans"
HIDDEN = "＊"
COLUMNS = (
    Column("day", pgettext_lazy("ledger", "Lent on"), "day", 18),
    Column("card", pgettext_lazy("ledger", "Card"), "code", 22, is_personal=True),
    Column("reader", pgettext_lazy("ledger", "Reader"), "text", 28, is_personal=True),
    Column("class", pgettext_lazy("ledger", "Class"), "text", 22),
    Column("title", pgettext_lazy("ledger", "Title"), "text", 66),
    Column("number", pgettext_lazy("ledger", "Accession number"), "code", 20),
    Column("price", pgettext_lazy("ledger", "Price (yuan)"), "yuan", 16),
    Column("due", pgettext_lazy("ledger", "Due on"), "day", 18),
    Column("back", pgettext_lazy("ledger", "Back on"), "day", 18),
    Column("state", pgettext_lazy("ledger", "State"), "text", 18),
    Column("kind", pgettext_lazy("ledger", "Kind"), "text", 16, is_usual=False),
    Column("place", pgettext_lazy("ledger", "Place"), "text", 22, is_usual=False),
    Column("renewals", pgettext_lazy("ledger", "Renewals"), "count", 14, is_usual=False),
)
KINDS = {
    "personal": pgettext_lazy("ledger", "personal"),
    "collective": pgettext_lazy("ledger", "collective"),
    "in-room": pgettext_lazy("ledger", "in the room"),
    "corner": pgettext_lazy("ledger", "class corner"),
}
STATES = {
    "": pgettext_lazy("ledger", "out"),
    "returned": pgettext_lazy("ledger", "returned"),
    "lost": pgettext_lazy("ledger", "lost"),
}
CARD = Card.objects.filter(patron=OuterRef("patron"), to_at__isnull=True).order_by("-pk").values("number")
VALUES = {
    "name": F("patron__name"),
    "card": Subquery(CARD[:1]),
    "series": F("item__property_line__series"),
    "number": F("item__property_line__number"),
    "title": F("record__title"),
    "volume": F("item__volume_mark"),
}
OWN = (
    "class_label",
    "price_fen",
    "due_on",
    "in_on",
    "outcome",
    "kind",
    "location_name",
    "renewals",
    "patron",
)


def cells_of(v: Mapping[str, Any], *, with_names: bool) -> dict[str, Cell]:
    """The cells of a loan; a loan whose reader was made anonymous has no name for anybody."""
    reader = str(pgettext_lazy("ledger", "anonymous")) if v["patron"] is None else v["v_name"]
    card = v["v_card"] or ""
    numbered = v["v_number"] is not None
    return {
        "card": card if with_names or not card else HIDDEN,
        "reader": reader if with_names or v["patron"] is None else HIDDEN,
        "class": v["class_label"],
        "title": f"{v['v_title']} {v['v_volume']}" if v["v_volume"] else v["v_title"],
        "number": f"{v['v_series']}{v['v_number']}" if numbered else "",
        "price": v["price_fen"],
        "due": v["due_on"],
        "back": v["in_on"],
        "state": str(STATES.get(v["outcome"], v["outcome"])),
        "kind": str(KINDS.get(v["kind"], v["kind"])),
        "place": v["location_name"],
        "renewals": v["renewals"] or None,
    }


def parts(asked: Asked) -> Sequence[Part]:
    """Loans begun in the period; one that was undone at the desk is none."""
    loans = Loan.objects.filter(
        library=asked.library, out_on__range=(asked.period.starts_on, asked.period.ends_on)
    ).exclude(outcome=Loan.Outcome.CANCELLED)

    def made(found: Sequence[Mapping[str, Any]]) -> list[Row]:
        return [
            Row(
                (v["out_on"].toordinal(), v["pk"]),
                cells_of(v, with_names=asked.with_names) | {"day": v["out_on"]},
            )
            for v in found
        ]

    values = {f"v_{name}": each for name, each in VALUES.items()}
    source = Days(loans, "out_on", OWN, made, more=values, is_counted=False)
    return (
        Part(
            "loans",
            pgettext_lazy("ledger", "Loans"),
            COLUMNS,
            source,
            pgettext_lazy("ledger", "loans"),
            is_chosen=True,
        ),
    )


register(
    Book(
        CODE,
        6,
        pgettext_lazy("ledger", "Loan register"),
        COLUMNS,
        parts,
        _("Every loan at the desk, in class or from an imported loan log stands here."),
    )
)
