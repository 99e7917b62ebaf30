"""报刊登记帐: bound volumes that are property. Subscriptions and arrivals are fed by the room that keeps them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.holdings.models import PropertyLine
from shuxiang.reports.ledgers import lines as of
from shuxiang.reports.ledgers.registry import Asked, Book, Part, register
from shuxiang.reports.ledgers.rows import Column, Row
from shuxiang.reports.ledgers.sources import Days

CODE = "ledger.serials"
COLUMNS = (
    Column("day", pgettext_lazy("ledger", "Date"), "day", 17),
    of.NUMBER,
    Column("title", pgettext_lazy("ledger", "Title of the periodical"), "text", 60),
    Column("volume", pgettext_lazy("ledger", "Years, volumes, issues"), "text", 32),
    Column("issn", "ISSN", "code", 22),
    of.PUBLISHER,
    of.PRICE,
    of.CALL_NUMBER,
    of.PLACE,
    of.BATCH,
    of.STRUCK,
    Column("source", pgettext_lazy("ledger", "Source"), "text", 14, is_usual=False),
    Column("legacy", pgettext_lazy("ledger", "Old number"), "code", 18, is_usual=False),
)


def parts(asked: Asked) -> Sequence[Part]:
    """Volumes of periodicals entered in the period."""
    period = asked.period
    lines = PropertyLine.objects.filter(
        library=asked.library,
        posted_on__range=(period.starts_on, period.ends_on),
        item__holding__record__kind=BibliographicRecord.Kind.SERIAL,
    )
    values = {f"v_{name}": F(path) for name, path in of.VALUES.items()}

    def made(found: Sequence[Mapping[str, Any]]) -> list[Row]:
        rows = []
        for v in found:
            cells = of.cells_of(v, period.ends_on) | {"issn": v["v_issn"], "title": v["v_title"]}
            key = (v["posted_on"].toordinal(), v["pk"])
            rows.append(Row(key, cells, "struck" if cells["struck"] else "", 1, int(v["v_price"] is None)))
        return rows

    source = Days(lines, "posted_on", (), made, more=values)
    return (
        Part(
            "bound",
            pgettext_lazy("ledger", "Bound volumes"),
            COLUMNS,
            source,
            pgettext_lazy("ledger", "volumes"),
            is_chosen=True,
        ),
    )


register(
    Book(
        CODE,
        5,
        pgettext_lazy("ledger", "Periodicals register"),
        COLUMNS,
        parts,
        _(
            "Bound volumes of periodicals stand here as soon as they are entered in the accession register. Subscriptions"
            " and arriving issues are not kept in this version."
        ),
    )
)
