"""Closed years roll forward (rule 9), and what an inspector asks of single lines (rules 4, 6, 7 and 8)."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from shuxiang.audit.reconcile import Difference, check
from shuxiang.catalogue.clc import MAIN_CLASSES
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.holdings.models import AccessionBatch, Item, Movement, PropertyLine, Withdrawal, WithdrawalLine
from shuxiang.holdings.reconcile.accounts import item_differences, scope
from shuxiang.holdings.rules import ON_BOOKS
from shuxiang.holdings.services.balance import NAMES, changes
from shuxiang.holdings.services.totals import Totals
from shuxiang.holdings.years import ALL, YearBalance, YearClosing

CHECK = "holdings.years"
State = YearClosing.State
_CLASSES = {each.letter: f"{each.letter} {each.short_name}" for each in MAIN_CLASSES}


@check(CHECK)
def closed_years_roll_forward(library_code: str | None) -> Iterator[Difference]:
    """Each closed year opens with what the one before closed with, and its entries are still what they were.

    Titles are taken as they were counted then: cataloguing may have made one title of two since.
    """
    closings = YearClosing.objects.filter(scope(library_code)).select_related("library")
    before: YearClosing | None = None
    for closing in closings.order_by("library_id", "year"):
        if before is not None and before.library_id != closing.library_id:
            before = None
        if closing.state == State.CLOSING:
            params: dict[str, object] = {"year": closing.year}
            yield _difference(closing, "year_unfinished_yet", params, allowed=True)
            continue
        if before is not None and before.year + 1 != closing.year:
            yield _difference(closing, "year_skipped", {"year": closing.year})
        elif before is not None:
            yield from _handed_on(before, closing)
        yield from _still_the_same(closing)
        before = closing


def _difference(
    closing: YearClosing, code: str, params: dict[str, object], *, allowed: bool = False
) -> Difference:
    subject = f"holdings.year_closing:{closing.pk}"
    return Difference(CHECK, closing.library.code, subject, code, params, allowed=allowed)


def _part(closing: YearClosing, part: str) -> dict[str, Totals]:
    rows = YearBalance.objects.filter(closing=closing)
    return {row.clc_main: Totals(*(getattr(row, f"{part}_{name}") for name in NAMES)) for row in rows}


def _compare(
    closing: YearClosing, code: str, written: dict[str, Totals], counted: dict[str, Totals], **params: object
) -> Iterator[Difference]:
    nothing = Totals(0, 0, 0, 0)
    names = NAMES if code == "year_opened_otherwise" else NAMES[1:]
    for main in sorted(written.keys() | counted.keys()):
        one, other = written.get(main, nothing), counted.get(main, nothing)
        for name in names:
            if getattr(one, name) != getattr(other, name):
                said: dict[str, object] = {
                    "year": closing.year,
                    "account": "∑" if main == ALL else _CLASSES.get(main, "?"),
                    "what": name,
                    "written": getattr(one, name),
                    "counted": getattr(other, name),
                }
                yield _difference(closing, code, said | params)


def _handed_on(before: YearClosing, closing: YearClosing) -> Iterator[Difference]:
    yield from _compare(closing, "year_opened_otherwise", _part(closing, "before"), _part(before, "after"))


def _still_the_same(closing: YearClosing) -> Iterator[Difference]:
    added, withdrawn = changes(closing.library, date(closing.year, 1, 1), date(closing.year, 12, 31))
    for part, counted in (("added", added), ("withdrawn", withdrawn)):
        yield from _compare(closing, "year_changed_since", _part(closing, part), counted, part=part)


@check("holdings.approvals")
def withdrawals_are_approved(library_code: str | None) -> Iterator[Difference]:
    """Every withdrawal names who approved it (rule 4); one that does not is a known exception."""
    rows = Withdrawal.objects.filter(scope(library_code), approved_by="", volumes__gt=0)
    for pk, code, number, on in (
        rows.exclude(reason=Withdrawal.Reason.REVERSAL)
        .order_by("pk")
        .values_list("pk", "library__code", "number", "withdrawn_on")
    ):
        params: dict[str, object] = {"number": number, "on": on}
        yield Difference(
            "holdings.approvals", code, f"holdings.withdrawal:{pk}", "struck_unapproved", params, allowed=True
        )


@check("holdings.compensation")
def what_was_paid_for_was_lost(library_code: str | None) -> Iterator[Difference]:
    """A volume withdrawn as lost and paid for had been missing (rule 6); otherwise it is a known exception."""
    paid = WithdrawalLine.objects.filter(scope(library_code), withdrawal__reason=Withdrawal.Reason.LOST_PAID)
    last = Movement.objects.filter(item=OuterRef("pk"), target="withdrawn").order_by("-pk").values("source")
    items = Item.objects.filter(property_line__in=paid.values("line")).annotate(was=Subquery(last[:1]))
    for each in item_differences("holdings.compensation", "lost_paid_not_lost", items.exclude(was="missing")):
        yield Difference(each.check, each.library_code, each.subject, each.code, each.params, allowed=True)


@check("holdings.serials")
def periodicals_become_property_by_binding(library_code: str | None) -> Iterator[Difference]:
    """Single issues, pupils' own and drifting books are no property; what came from binding is a periodical (rule 7)."""
    line = PropertyLine.objects.filter(item=OuterRef("pk"), number__isnull=False)
    items = Item.objects.filter(scope(library_code))
    strangers = items.filter(Exists(line)).exclude(kind=Item.Kind.VOLUME)
    yield from item_differences("holdings.serials", "issue_on_books", strangers, "kind")
    bound = items.filter(Exists(line.filter(batch__source=AccessionBatch.Source.BINDING)))
    others = bound.exclude(holding__record__kind=BibliographicRecord.Kind.SERIAL)
    titled = others.annotate(title=F("holding__record__title"))
    yield from item_differences("holdings.serials", "bound_without_serial", titled, "title")


@check("holdings.cards")
def every_line_has_its_card(library_code: str | None) -> Iterator[Difference]:
    """A volume on the books has its title in the catalogue (rule 8); whether it stands there a stocktake tells."""
    on_books: Q = Q(account__in=ON_BOOKS, property_line__number__isnull=False)
    items: QuerySet[Item] = Item.objects.filter(scope(library_code), on_books)
    yield from item_differences(
        "holdings.cards", "card_missing", items.filter(holding__record__deleted_at__isnull=False)
    )
