"""分类帐: an account for each of the 22 classes: brought forward, what came by title, what went in red, what is held."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from shuxiang.catalogue.clc import MAIN_CLASSES
from shuxiang.holdings.models import PropertyLine
from shuxiang.holdings.services.balance import Account, accounts
from shuxiang.holdings.services.totals import Totals
from shuxiang.holdings.years import ALL
from shuxiang.reports.ledgers import lines as of
from shuxiang.reports.ledgers.books.withdrawals import struck_in
from shuxiang.reports.ledgers.registry import Asked, Book, Part, register
from shuxiang.reports.ledgers.rows import Cell, Column, Key, Row
from shuxiang.reports.ledgers.runs import Run, runs_in
from shuxiang.reports.ledgers.sources import Chain, Fixed, Grouped, Source

CODE = "ledger.classes"
COLUMNS = (
    Column("day", pgettext_lazy("ledger", "Date"), "day", 17),
    Column("batch", pgettext_lazy("ledger", "Voucher"), "code", 14),
    of.NUMBER,
    of.CALL_NUMBER,
    of.TITLE,
    Column("volumes", pgettext_lazy("ledger", "Volumes"), "count", 14, sums=True),
    Column("price", pgettext_lazy("ledger", "Price (yuan)"), "yuan", 18),
    Column("amount", pgettext_lazy("ledger", "Value (yuan)"), "yuan", 22, sums=True),
    of.PLACE,
    Column("authors", pgettext_lazy("ledger", "Author"), "text", 28, is_usual=False),
    Column("publisher", pgettext_lazy("ledger", "Publisher"), "text", 28, is_usual=False),
    Column("isbn", "ISBN", "code", 27, is_usual=False),
)
SAME = ("title", "price", "place", "batch", "day", "call_number")


class _Came:
    """Lines of a class in a run of numbers; the key is the number."""

    def __init__(self, asked: Asked, main: str, run: Run) -> None:
        self._lines = PropertyLine.objects.filter(library=asked.library, clc_main=main, series=run.series)
        self._run, self._last = run, asked.period.ends_on

    def after(self, key: Key | None, many: int) -> list[Row]:
        low = self._run.first if key is None else min(key[-1], self._run.last) + 1
        return self._read(Q(number__range=(low, self._run.last)), "number", many)

    def before(self, key: Key | None, many: int) -> list[Row]:
        high = self._run.last if key is None else min(key[0], self._run.last + 1) - 1
        return self._read(Q(number__range=(self._run.first, high)), "-number", many)[::-1]

    def count(self) -> int | None:
        return None

    def _read(self, numbers: Q, order: str, many: int) -> list[Row]:
        found = of.values_of(self._lines.filter(numbers)).order_by(order)[:many]
        return [_row((v["v_number"],), v, self._last) for v in found]


def _row(key: Key, v: Mapping[str, Any], last: date) -> Row:
    cells = of.cells_of(v, last) | {"volumes": 1, "amount": v["v_price"]}
    return Row(key, cells, unknown=int(v["v_price"] is None))


def _same(row: Row) -> object:
    return (*(row.cells[name] for name in SAME), row.look)


def parts(asked: Asked) -> Sequence[Part]:
    """One part, the accounts one behind the other."""
    period = asked.period
    found = accounts(asked.library, period.starts_on, period.ends_on)
    runs = runs_in(asked.library, period.starts_on, period.ends_on)
    names = [(each.letter, f"{each.letter} {each.short_name}") for each in MAIN_CLASSES]
    sources: list[Source] = []
    for main, label in [*names, ("", str(pgettext_lazy("ledger", "Unclassified")))]:
        if main in found:
            sources += _account(asked, main, label, found[main], runs)
    whole = Row(
        (0,),
        _cells(pgettext("ledger", "All classes"), pgettext("ledger", "Held at the end"), found[ALL].after),
        "sub",
    )
    return (
        Part(
            "accounts",
            pgettext_lazy("ledger", "Class accounts"),
            COLUMNS,
            Chain(sources),
            pgettext_lazy("ledger", "volumes"),
            (),
            (whole,) if sources else (),
            is_chosen=True,
        ),
    )


def _account(asked: Asked, main: str, label: str, account: Account, runs: Sequence[Run]) -> list[Source]:
    """What one class account is made of. Each source is cheap to make; none is read before it is its turn."""
    head = Row((0,), _cells(label, pgettext("ledger", "Brought forward"), account.before), "sub")
    foot = Row((0,), _cells(label, pgettext("ledger", "Held at the end"), account.after), "sub")
    came: list[Source] = (
        [Grouped(_Came(asked, main, run), _same, of.joined) for run in runs] if account.added.volumes else []
    )
    went: Source = Grouped(struck_in(asked, main, make=_red), _same, of.joined, width=3)
    has_gone = account.withdrawn != Totals(0, 0, 0, 0)
    return [Fixed([head]), *came, *([went] if has_gone else []), Fixed([foot])]


def _cells(label: str, words: str, totals: Totals) -> dict[str, Cell]:
    return {"title": f"{label}　{words}", "volumes": totals.volumes, "amount": totals.amount_fen}


def _red(key: Key, v: Mapping[str, Any], label: str, on: date, sign: int) -> Row:
    price = v["v_price"]
    cells = of.cells_of(v, date.min) | {"day": on, "batch": label}
    cells |= {"volumes": -sign, "amount": None if price is None else -sign * price}
    return Row(key, cells, "red", -sign, -sign * int(price is None))


register(
    Book(
        CODE,
        3,
        pgettext_lazy("ledger", "Class accounts"),
        COLUMNS,
        parts,
        _("Every volume stands in the account of the class it was entered under."),
    )
)
