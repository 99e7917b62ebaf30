"""总括登记帐: one line a batch that came in, one in red a withdrawal; then what the accounts of the 22 classes hold."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.catalogue.clc import DIVISIONS, MAIN_CLASSES
from shuxiang.holdings.models import AccessionBatch, PropertyLine, Withdrawal, WithdrawalLine
from shuxiang.holdings.placemodels import StrikeReversal
from shuxiang.holdings.services.balance import NOTHING, Account, accounts, plus
from shuxiang.holdings.services.totals import Totals
from shuxiang.holdings.years import ALL
from shuxiang.reports.ledgers.lines import REASONS, SOURCES, withdrawal_label
from shuxiang.reports.ledgers.registry import Asked, Book, Part, register
from shuxiang.reports.ledgers.rows import Cell, Column, Key, Row
from shuxiang.reports.ledgers.runs import POSTED, runs_of, shown
from shuxiang.reports.ledgers.sources import Days, Fixed, Merged, Placed

CODE = "ledger.total"
BATCH, STRIKE = 0, 1  # on one day what came in stands before what went
_DIVISION_TITLES = ("A", "B", "C–K", "N–X", "Z")
_BY_DIVISION = tuple(
    Column(f"d{each.number}", title, "count", 14, sums=True)
    for each, title in zip(DIVISIONS, _DIVISION_TITLES, strict=True)
)
_UNCLASSIFIED = Column("c", pgettext_lazy("ledger", "None"), "count", 12, sums=True)
_BY_CLASS = tuple(
    Column(f"c{each.letter}", each.letter, "count", 9, sums=True, is_usual=False) for each in MAIN_CLASSES
)
COLUMNS = (
    Column("day", pgettext_lazy("ledger", "Date"), "day", 18),
    Column("number", pgettext_lazy("ledger", "Number"), "code", 16),
    Column("source", pgettext_lazy("ledger", "Source"), "text", 20),
    Column("document", pgettext_lazy("ledger", "Document"), "text", 34),
    Column("titles", pgettext_lazy("ledger", "Titles"), "count", 14, sums=True),
    Column("volumes", pgettext_lazy("ledger", "Volumes"), "count", 15, sums=True),
    Column("amount", pgettext_lazy("ledger", "Value (yuan)"), "yuan", 24, sums=True),
    *_BY_DIVISION,
    _UNCLASSIFIED,
    Column("numbers", pgettext_lazy("ledger", "Accession numbers"), "code", 36),
    Column("note", pgettext_lazy("ledger", "Note"), "text", 36),
    Column("supplier", pgettext_lazy("ledger", "Supplier"), "text", 28, is_usual=False),
    Column("unknown", pgettext_lazy("ledger", "Price unknown"), "count", 14, sums=True, is_usual=False),
    *_BY_CLASS,
)
_BALANCE = (
    (
        "before",
        pgettext_lazy("ledger", "Before: titles"),
        pgettext_lazy("ledger", "Before: volumes"),
        pgettext_lazy("ledger", "Before: yuan"),
    ),
    (
        "added",
        pgettext_lazy("ledger", "Entered: titles"),
        pgettext_lazy("ledger", "Entered: volumes"),
        pgettext_lazy("ledger", "Entered: yuan"),
    ),
    (
        "withdrawn",
        pgettext_lazy("ledger", "Withdrawn: titles"),
        pgettext_lazy("ledger", "Withdrawn: volumes"),
        pgettext_lazy("ledger", "Withdrawn: yuan"),
    ),
    (
        "after",
        pgettext_lazy("ledger", "Held: titles"),
        pgettext_lazy("ledger", "Held: volumes"),
        pgettext_lazy("ledger", "Held: yuan"),
    ),
)
BALANCE_COLUMNS = (
    Column("class", pgettext_lazy("class of books", "Class"), "text", 44),
    *(
        column
        for part, titles, volumes, yuan in _BALANCE
        for column in (
            Column(f"{part}_titles", titles, "count", 16),
            Column(f"{part}_volumes", volumes, "count", 16),
            Column(f"{part}_amount", yuan, "yuan", 24),
        )
    ),
    Column("unknown", pgettext_lazy("ledger", "Price unknown"), "count", 16),
)
Classes = Mapping[str, int]


def class_cells(classes: Classes) -> dict[str, Cell]:
    """Volumes by class and by division; nothing is a blank."""
    cells: dict[str, Cell] = {f"c{letter}": count or None for letter, count in classes.items()}
    for division in DIVISIONS:
        cells[f"d{division.number}"] = sum(classes.get(letter, 0) for letter in division.letters) or None
    return cells


def _batches(asked: Asked) -> Days:
    rows = AccessionBatch.objects.filter(
        library=asked.library,
        state__in=POSTED,
        posted_on__range=(asked.period.starts_on, asked.period.ends_on),
    )

    def make(values: Sequence[Mapping[str, Any]]) -> list[Row]:
        keys = [v["pk"] for v in values]
        runs = runs_of(asked.library, keys)
        counts = _counts(PropertyLine.objects.filter(batch__in=keys), "batch_id", "clc_main")
        found = []
        for v in values:
            cells: dict[str, Cell] = {
                "day": v["posted_on"],
                "number": str(v["number"]),
                "source": str(SOURCES.get(v["source"], v["source"])),
                "document": v["document"] or v["supplier"],
                "titles": v["titles"],
                "volumes": v["volumes"],
                "amount": v["amount_fen"],
                "numbers": shown(runs.get(v["pk"], ())),
                "note": v["note"],
                "supplier": v["supplier"],
                "unknown": v["unknown_prices"] or None,
            }
            key = (v["posted_on"].toordinal(), BATCH, v["pk"])
            found.append(
                Row(key, cells | class_cells(counts[v["pk"]]), "", 1, v["unknown_prices"], f"batch:{v['pk']}")
            )
        return found

    columns = (
        "number", "source", "document", "supplier", "titles", "volumes", "amount_fen", "unknown_prices", "note",
    )  # fmt: skip
    return Days(rows, "posted_on", columns, make)


def _strikes(asked: Asked) -> Days:
    rows = Withdrawal.objects.filter(
        library=asked.library, withdrawn_on__range=(asked.period.starts_on, asked.period.ends_on)
    )

    def make(values: Sequence[Mapping[str, Any]]) -> list[Row]:
        counts = struck_classes([v["pk"] for v in values])
        return [_strike_row(v, counts[v["pk"]]) for v in values]

    columns = (
        "number", "reason", "document", "approved_by", "titles", "volumes", "amount_fen", "unknown_prices",
        "reverses__number", "restores__number",
    )  # fmt: skip
    return Days(rows, "withdrawn_on", columns, make)


def _strike_row(v: Mapping[str, Any], classes: Classes) -> Row:
    """In red and less: what a withdrawal struck; what one gave back stands as more."""
    words = str(REASONS.get(v["reason"], v["reason"]))
    if v["reverses__number"] is not None:
        words = f"{words} {v['reverses__number']}"
    if v["restores__number"] is not None:
        words = f"{words} {withdrawal_label(v['restores__number'])}"
    approved = (
        str(pgettext_lazy("ledger", "approved by %(name)s") % {"name": v["approved_by"]})
        if v["approved_by"]
        else ""
    )
    cells: dict[str, Cell] = {
        "day": v["withdrawn_on"],
        "number": withdrawal_label(v["number"]),
        "source": words,
        "document": v["document"],
        "titles": -v["titles"],
        "volumes": -v["volumes"],
        "amount": -v["amount_fen"],
        "numbers": "",
        "note": approved,
        "supplier": "",
        "unknown": -v["unknown_prices"] or None,
    }
    key = (v["withdrawn_on"].toordinal(), STRIKE, v["pk"])
    less = {main: -count for main, count in classes.items()}
    return Row(key, cells | class_cells(less), "red", 1, -v["unknown_prices"], f"withdrawal:{v['pk']}")


def _counts(rows: QuerySet[Any], owner: str, main: str) -> defaultdict[int, dict[str, int]]:
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for key, letter, count in rows.values_list(owner, main).annotate(n=Count("pk")).order_by():
        found[key][letter] = count
    return found


def struck_classes(withdrawals: Sequence[int]) -> defaultdict[int, dict[str, int]]:
    """Volumes that each withdrawal struck, by class: those taken back since too; of a reversing entry, less than none."""
    found = _counts(
        WithdrawalLine.objects.filter(withdrawal__in=withdrawals), "withdrawal_id", "line__clc_main"
    )
    for owner, sign in (("withdrawal_id", 1), ("reversal_id", -1)):
        rows = StrikeReversal.objects.filter(**{f"{owner}__in": list(withdrawals)})
        for key, classes in _counts(rows, owner, "line__clc_main").items():
            for main, count in classes.items():
                found[key][main] = found[key].get(main, 0) + sign * count
    return found


def _sub(key: Key, label: str, totals: Totals, classes: Classes, *, sign: int = 1, look: Any = "sub") -> Row:
    cells: dict[str, Cell] = {
        "source": label,
        "titles": sign * totals.titles,
        "volumes": sign * totals.volumes,
        "amount": sign * totals.amount_fen,
        "unknown": sign * totals.unknown_prices or None,
    }
    return Row(key, cells | class_cells({main: sign * count for main, count in classes.items()}), look)


def frame(found: Mapping[str, Account]) -> tuple[list[Row], list[Row]]:
    """What the period opens with; what came, what went, what is there in the end."""
    whole = found[ALL]

    def of(name: str) -> dict[str, int]:
        return {main: getattr(each, name).volumes for main, each in found.items() if main != ALL}

    opening = [_sub((0,), str(pgettext_lazy("ledger", "Brought forward")), whole.before, of("before"))]
    closing = [
        _sub((0,), str(pgettext_lazy("ledger", "Entered in the period")), whole.added, of("added")),
        _sub(
            (1,),
            str(pgettext_lazy("ledger", "Withdrawn in the period")),
            whole.withdrawn,
            of("withdrawn"),
            sign=-1,
        ),
        _sub((2,), str(pgettext_lazy("ledger", "Held at the end")), whole.after, of("after")),
    ]
    return opening, closing


def balance_rows(found: Mapping[str, Account]) -> tuple[list[Row], Row]:
    """A row for each of the 22 classes, for the unclassified if there are any; and the whole."""
    nothing = Account(NOTHING, NOTHING, NOTHING)
    rows = []
    for place, each in enumerate(MAIN_CLASSES):
        label = f"{each.letter} {each.short_name}"
        rows.append(_balance_row((place,), label, found.get(each.letter, nothing)))
    if "" in found:
        rows.append(_balance_row((len(rows),), str(pgettext_lazy("ledger", "Unclassified")), found[""]))
    return rows, _balance_row((0,), str(pgettext_lazy("ledger", "Together")), found[ALL], look="sub")


def _balance_row(key: Key, label: str, account: Account, look: Any = "") -> Row:
    cells: dict[str, Cell] = {"class": label, "unknown": account.after.unknown_prices or None}
    for name in ("before", "added", "withdrawn", "after"):
        totals: Totals = getattr(account, name)
        cells |= {
            f"{name}_titles": totals.titles or None,
            f"{name}_volumes": totals.volumes or None,
            f"{name}_amount": totals.amount_fen or None,
        }
    return Row(key, cells, look)


def division_totals(found: Mapping[str, Account]) -> dict[int, Account]:
    """The accounts of the five divisions; titles that stand in two classes count in each."""
    result = {}
    for division in DIVISIONS:
        sums = {"before": NOTHING, "added": NOTHING, "withdrawn": NOTHING}
        for letter in division.letters:
            if letter in found:
                for name in sums:
                    sums[name] = plus(sums[name], getattr(found[letter], name))
        result[division.number] = Account(**sums)
    return result


def parts(asked: Asked) -> Sequence[Part]:
    """The register of batches and withdrawals, and the balance of the 22 classes."""
    found = accounts(asked.library, asked.period.starts_on, asked.period.ends_on)
    opening, closing = frame(found)
    rows, whole = balance_rows(found)
    return (
        Part(
            "register",
            pgettext_lazy("ledger", "Batches and withdrawals"),
            COLUMNS,
            Merged(Placed(_batches(asked), BATCH), Placed(_strikes(asked), STRIKE)),
            pgettext_lazy("ledger", "entries"),
            opening,
            closing,
            _(
                "The line of a batch counts its own titles; the sums count a title once, when the library gets its first"
                " volume and when it loses the last."
            ),
            is_chosen=True,
        ),
        Part(
            "balance",
            pgettext_lazy("ledger", "The 22 classes"),
            BALANCE_COLUMNS,
            Fixed(rows),
            pgettext_lazy("ledger", "classes"),
            (),
            (whole,),
        ),
    )


register(
    Book(
        CODE,
        1,
        pgettext_lazy("ledger", "Total register"),
        COLUMNS,
        parts,
        _("Every batch that is posted and every withdrawal has its line here."),
    )
)
