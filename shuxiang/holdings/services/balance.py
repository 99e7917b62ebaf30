"""What the books held before a period, what came in it, what went, what they hold after it (入藏 注销 实存), by class.

Volumes, known value and unknown prices are sums over property lines; what a reversing entry gave back is subtracted from
what went. A title counts once in an account: as added when the account held nothing of it before; as withdrawn is then
whatever makes its column add up as well, which without reversals are the titles of which nothing is left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from shuxiang.holdings.models import PropertyLine, WithdrawalLine
from shuxiang.holdings.placemodels import StrikeReversal
from shuxiang.holdings.services.totals import Totals
from shuxiang.holdings.years import ALL, YearBalance, YearClosing
from shuxiang.libraries.models import Library

NOTHING = Totals(0, 0, 0, 0)
NAMES = tuple(each.name for each in fields(Totals))
_RECORD = "item__holding__record"
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
    struck = WithdrawalLine.objects.filter(line=OuterRef("pk"), withdrawn_on__lt=day)
    lines = PropertyLine.objects.filter(~Exists(struck), library=library, posted_on__lt=day)
    meanwhile = StrikeReversal.objects.filter(library=library, withdrawn_on__lt=day, restored_on__gte=day)
    return lines.exclude(pk__in=meanwhile.values("line_id"))


def _from(before: Mapping[str, Totals], library: Library, first: date, last: date) -> dict[str, Account]:
    added, withdrawn = changes(library, first, last)
    new, gone = _title_changes(library, first, last)
    added, withdrawn = _with_titles(added, new), _with_titles(withdrawn, gone)
    return {
        key: Account(before.get(key, NOTHING), added.get(key, NOTHING), withdrawn.get(key, NOTHING))
        for key in sorted(before.keys() | added.keys() | withdrawn.keys() | {ALL})
    }


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
    """Titles added and withdrawn, by class and over all, so that before + added − withdrawn = after."""
    if not PropertyLine.objects.filter(library=library, posted_on__lt=first).exists():
        new, after = _titles(_added(library, first, last)), _titles(on_books_before(library, last + _DAY))
        return new, {key: count - after.get(key, 0) for key, count in new.items()}
    before, after_lines = on_books_before(library, first), on_books_before(library, last + _DAY)
    added = _added(library, first, last)
    had, new = _among(added, before), _titles(added)
    new = {key: count - had.get(key, 0) for key, count in new.items()}
    gone: Counts = dict(new)
    touched = PropertyLine.objects.filter(
        Q(posted_on__range=(first, last))
        | Q(withdrawal_line__withdrawn_on__range=(first, last))
        | Q(strikings_reversed__withdrawn_on__range=(first, last))
        | Q(strikings_reversed__restored_on__range=(first, last)),
        library=library,
    )
    for lines, sign in ((before, 1), (after_lines, -1)):
        for key, count in _among(touched, lines).items():
            gone[key] = gone.get(key, 0) + sign * count
    return new, gone


def _titles(lines: Lines) -> Counts:
    counted: Counts = dict(lines.values_list("clc_main").annotate(n=Count(_RECORD, distinct=True)).order_by())
    counted[ALL] = lines.aggregate(n=Count(_RECORD, distinct=True))["n"]
    return counted


def _among(lines: Lines, others: Lines) -> Counts:
    """How many titles of the lines `others` has too: in the same class account, and in any."""
    same = others.filter(**{_RECORD: OuterRef(_RECORD)})
    counted = _titles(lines.filter(Exists(same.filter(clc_main=OuterRef("clc_main")))))
    counted[ALL] = lines.filter(Exists(same)).aggregate(n=Count(_RECORD, distinct=True))["n"]
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
