"""What the books held before a period, what came in it, what went, what they hold after it (入藏 注销 实存), by class.

Volumes, known value and unknown prices are sums over property lines; what a reversing entry gave back is subtracted from
what went. A title counts once in an account: as added when the account held nothing of it before; as withdrawn is then
whatever makes its column add up as well, which without reversals are the titles of which nothing is left.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from datetime import date, timedelta
from typing import Any

from django.db.models import BigIntegerField, Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from shuxiang.holdings.models import PropertyLine
from shuxiang.holdings.placemodels import StrikeReversal
from shuxiang.holdings.services.totals import TITLES, Totals
from shuxiang.holdings.years import ALL, YearBalance, YearClosing
from shuxiang.libraries.models import Library

NOTHING = Totals(0, 0, 0, 0)
NAMES = tuple(each.name for each in fields(Totals))
_DAY = timedelta(days=1)
Lines = QuerySet[PropertyLine]
Sums = dict[str, Totals]  # by main class, "" for the unclassified, ALL for all
Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Account:
    """One class account over a period; before + added − withdrawn = after in each of the four sums."""

    before: Totals
    added: Totals
    withdrawn: Totals

    @property
    def after(self) -> Totals:
        return plus(plus(self.before, self.added), self.withdrawn, sign=-1)

    @property
    def is_empty(self) -> bool:
        return self == Account(NOTHING, NOTHING, NOTHING)


def plus(one: Totals, other: Totals, *, sign: int = 1) -> Totals:
    """Sum by sum."""
    return Totals(*(a + sign * b for a, b in zip(astuple(one), astuple(other), strict=True)))


def accounts(library: Library, first: date, last: date) -> dict[str, Account]:
    """Every class account that has something, and ALL; the period opens with what the last closed year handed on."""
    return _from(opening(library, first), library, first, last)


def opening(library: Library, first: date) -> Sums:
    """What the accounts held when the day `first` began."""
    closed = YearClosing.objects.filter(
        library=library, year__lt=first.year, state=YearClosing.State.CLOSED
    ).order_by("-year")[:1]
    for closing in closed:
        start = date(closing.year + 1, 1, 1)
        carried = carried_over(closing)
        if start == first:
            return carried
        return {key: each.after for key, each in _from(carried, library, start, first - _DAY).items()}
    lines = on_books_before(library, first)
    return _with_titles(_sums(lines), _titles(lines))


def carried_over(closing: YearClosing) -> Sums:
    """What a closed year hands on to the next."""
    rows = YearBalance.objects.filter(closing=closing)
    return {row.clc_main: Totals(*(getattr(row, f"after_{name}") for name in NAMES)) for row in rows}


def changes(library: Library, first: date, last: date) -> tuple[Sums, Sums]:
    """What was entered in a period and what was struck less what was given back; no titles are counted."""
    return _sums(_added(library, first, last)), _withdrawn(library, first, last)


def on_books_before(library: Library, day: date) -> Lines:
    """Lines entered before a day that did not stand struck when it began."""
    return PropertyLine.objects.filter(_stands(library, day), library=library)


def _from(before: Mapping[str, Totals], library: Library, first: date, last: date) -> dict[str, Account]:
    added, withdrawn = changes(library, first, last)
    new, gone = _title_changes(library, first, last)
    added, withdrawn = _with_titles(added, new), _with_titles(withdrawn, gone)
    found = {
        key: Account(before.get(key, NOTHING), added.get(key, NOTHING), withdrawn.get(key, NOTHING))
        for key in sorted(before.keys() | added.keys() | withdrawn.keys() | {ALL})
    }
    return {key: account for key, account in found.items() if key == ALL or not account.is_empty}


def _added(library: Library, first: date, last: date) -> Lines:
    return PropertyLine.objects.filter(library=library, posted_on__range=(first, last))


def _struck(library: Library, first: date, last: date) -> Lines:
    return PropertyLine.objects.filter(library=library, withdrawal_line__withdrawn_on__range=(first, last))


def _struck_once(library: Library, first: date, last: date) -> Lines:
    """Struck in the period, although it was taken back since."""
    return PropertyLine.objects.filter(library=library, strikings_reversed__withdrawn_on__range=(first, last))


def _given_back(library: Library, first: date, last: date) -> Lines:
    return PropertyLine.objects.filter(library=library, strikings_reversed__restored_on__range=(first, last))


def _withdrawn(library: Library, first: date, last: date) -> Sums:
    found = _sums(_struck(library, first, last))
    for lines, sign in (
        (_struck_once(library, first, last), 1),
        (_given_back(library, first, last), -1),
    ):
        for key, totals in _sums(lines).items():
            found[key] = plus(found.get(key, NOTHING), totals, sign=sign)
    return found


def _title_changes(library: Library, first: date, last: date) -> tuple[Counts, Counts]:
    """Titles added and withdrawn, by class and over all, so that before + added − withdrawn = after.

    One pass over the lines of the titles that the period touched, in the order of titles: what each account held of a title
    before and after, and what came.
    """
    new, gone = Counter[str](), Counter[str]()
    record, whole = None, (0, 0, 0)
    for title, main, *counts in _held(library, first, last).iterator():
        before, after, added = counts
        _weigh(main, before, after, added, new=new, gone=gone)
        if title != record:
            _weigh(ALL, *whole, new=new, gone=gone)
            record, whole = title, (0, 0, 0)
        whole = (whole[0] + before, whole[1] + after, whole[2] + added)
    _weigh(ALL, *whole, new=new, gone=gone)
    return dict(new), dict(gone)


def _weigh(main: str, before: int, after: int, added: int, *, new: Counts, gone: Counts) -> None:
    is_new = bool(added) and not before
    new[main] = new.get(main, 0) + is_new
    gone[main] = gone.get(main, 0) + is_new + bool(before) - bool(after)


def _held(library: Library, first: date, last: date) -> QuerySet[Any, Any]:
    """(record, class, lines before, lines after, lines added) of every title that the period touched."""
    lines = _titled(PropertyLine.objects.filter(library=library, posted_on__lte=last))
    if lines.filter(posted_on__lt=first).exists():
        touched = PropertyLine.objects.filter(
            Q(posted_on__range=(first, last))
            | Q(withdrawal_line__withdrawn_on__range=(first, last))
            | Q(strikings_reversed__withdrawn_on__range=(first, last))
            | Q(strikings_reversed__restored_on__range=(first, last)),
            library=library,
        )
        lines = lines.filter(title__in=_titled(touched).values("title"))
    counted: QuerySet[Any, Any] = lines.values_list("title", "clc_main").annotate(
        n_before=Count("pk", filter=_stands(library, first)),
        n_after=Count("pk", filter=_stands(library, last + _DAY)),
        n_added=Count("pk", filter=Q(posted_on__gte=first)),
    )
    return counted.order_by("title", "clc_main")


def _titled(lines: Lines) -> QuerySet[Any, Any]:
    """With the title each line was entered under, whatever cataloguing made of it since."""
    return lines.annotate(
        title=Coalesce("entered_under", "item__holding__record_id", output_field=BigIntegerField())
    )


def _stands(library: Library, day: date) -> Q:
    """Entered before a day and not struck when it began."""
    struck = Q(withdrawal_line__isnull=True) | Q(withdrawal_line__withdrawn_on__gte=day)
    return Q(posted_on__lt=day) & struck & ~Q(pk__in=_meanwhile(library, day))


def _meanwhile(library: Library, day: date) -> QuerySet[StrikeReversal, Any]:
    """Lines that stood struck when a day began, although that was taken back since."""
    rows = StrikeReversal.objects.filter(library=library, withdrawn_on__lt=day, restored_on__gte=day)
    return rows.values("line_id")


def _titles(lines: Lines) -> Counts:
    counted: Counts = dict(lines.values_list("clc_main").annotate(n=TITLES).order_by())
    counted[ALL] = lines.aggregate(n=TITLES)["n"]
    return counted


def _sums(lines: Lines) -> Sums:
    """Volumes, value and unknown prices by class and over all; no titles."""
    unknown = Count("pk", filter=Q(list_price_fen__isnull=True))
    rows = lines.values_list("clc_main").annotate(
        volumes=Count("pk"), fen=Sum("list_price_fen"), unknown=unknown
    )
    found = {main: Totals(0, volumes, fen or 0, prices) for main, volumes, fen, prices in rows.order_by()}
    return found | {ALL: _whole(found.values())} if found else found


def _whole(classes: Iterable[Totals]) -> Totals:
    whole = NOTHING
    for totals in classes:
        whole = plus(whole, totals)
    return whole


def _with_titles(sums: Sums, titles: Mapping[str, int]) -> Sums:
    keys = sums.keys() | {key for key, count in titles.items() if count}
    return {key: plus(sums.get(key, NOTHING), Totals(titles.get(key, 0), 0, 0, 0)) for key in sorted(keys)}
