"""Movements are the truth; the account of an item is their projection, and lines and accounts tell one story."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value, Window
from django.db.models.functions import Coalesce, Lag

from shuxiang.audit.reconcile import Difference, check
from shuxiang.holdings.models import (
    AccessionBatch,
    Item,
    ItemAccount,
    ItemIdentifier,
    Movement,
    PropertyLine,
    WithdrawalLine,
)

OFF_BOOKS = (ItemAccount.DRAFT, ItemAccount.VOID)


def scope(library_code: str | None, path: str = "library__code") -> Q:
    """Rows of one library, or all."""
    return Q() if library_code is None else Q(**{path: library_code})


def item_differences(check_code: str, code: str, wrong: QuerySet[Item], *more: str) -> Iterator[Difference]:
    """A difference for each item, named by its accession number or, lacking one, by its key; `more` columns go along."""
    columns = ("pk", "library__code", "account", "property_line__series", "property_line__number", *more)
    for row in wrong.order_by("pk").values(*columns):
        number = row["property_line__number"]
        name = f"{row['property_line__series']}{number}" if number is not None else f"#{row['pk']}"
        params: dict[str, object] = {
            "item": name,
            "account": row["account"],
            **{key: row[key] for key in more},
        }
        yield Difference(check_code, row["library__code"], f"holdings.item:{row['pk']}", code, params)


@check("holdings.accounts")
def accounts_follow_movements(library_code: str | None) -> Iterator[Difference]:
    """An item stands where its last movement put it; without movement it is a draft."""
    last = Movement.objects.filter(item=OuterRef("pk")).order_by("-pk").values("target")[:1]
    items = Item.objects.filter(scope(library_code)).annotate(proven=Coalesce(Subquery(last), Value("draft")))
    yield from item_differences(
        "holdings.accounts", "account_not_proven", items.exclude(account=F("proven")), "proven"
    )


@check("holdings.movements")
def movements_are_chained(library_code: str | None) -> Iterator[Difference]:
    """Each movement starts where the one before it ended, the first from draft; both rows name one library."""
    before = Window(Lag("target", default=Value("draft")), partition_by="item_id", order_by="pk")
    moves = Movement.objects.filter(scope(library_code)).annotate(before=before)
    columns = ("pk", "library__code", "item_id", "source", "before")
    for row in moves.filter(~Q(source=F("before"))).order_by("pk").values(*columns):
        params = {"item": f"#{row['item_id']}", "source": row["source"], "before": row["before"]}
        subject = f"holdings.movement:{row['pk']}"
        yield Difference("holdings.movements", row["library__code"], subject, "chain_broken", params)
    strangers = Movement.objects.filter(scope(library_code, "item__library__code")).exclude(
        library=F("item__library")
    )
    for pk, code, item_id in strangers.order_by("pk").values_list("pk", "item__library__code", "item_id"):
        params = {"item": f"#{item_id}"}
        yield Difference("holdings.movements", code, f"holdings.movement:{pk}", "movement_elsewhere", params)


@check("holdings.lines")
def lines_and_accounts_agree(library_code: str | None) -> Iterator[Difference]:
    """Numbered lines are on the books or struck; struck lines are withdrawn items and the other way round."""
    items = Item.objects.filter(scope(library_code))
    line = PropertyLine.objects.filter(item=OuterRef("pk"))
    struck = Exists(WithdrawalLine.objects.filter(line__item=OuterRef("pk")))
    numbered = Exists(line.filter(number__isnull=False))
    waiting = Exists(line.filter(number__isnull=True))
    questions = (
        ("posted_but_draft", items.filter(numbered, account__in=OFF_BOOKS)),
        ("draft_but_moved", items.filter(waiting).exclude(account__in=OFF_BOOKS)),
        ("struck_but_there", items.filter(struck).exclude(account=ItemAccount.WITHDRAWN)),
        ("withdrawn_but_not_struck", items.filter(Exists(line), ~struck, account=ItemAccount.WITHDRAWN)),
    )
    for code, wrong in questions:
        yield from item_differences("holdings.lines", code, wrong)


@check("holdings.belonging")
def everything_belongs_to_one_library(library_code: str | None) -> Iterator[Difference]:
    """An item, its holding, home, place, line and barcodes belong to the same library."""
    items = Item.objects.filter(scope(library_code))
    elsewhere = (
        ~Q(holding__library=F("library"))
        | ~Q(home__library=F("library"))
        | (Q(current__isnull=False) & ~Q(current__library=F("library")))
        | (Q(property_line__isnull=False) & ~Q(property_line__library=F("library")))
        | Exists(ItemIdentifier.objects.filter(item=OuterRef("pk")).exclude(library=OuterRef("library")))
    )
    yield from item_differences("holdings.belonging", "belongs_elsewhere", items.filter(elsewhere))


@check("holdings.unfinished")
def nothing_was_left_unfinished(library_code: str | None) -> Iterator[Difference]:
    """Batches that a kill interrupted: known exceptions, finished at the next start."""
    batches = AccessionBatch.objects.filter(scope(library_code))
    posting = batches.filter(state=AccessionBatch.State.POSTING)
    voided = batches.filter(
        Exists(PropertyLine.objects.filter(batch=OuterRef("pk"))), state=AccessionBatch.State.VOID
    )
    for code, unfinished in (("posting_unfinished", posting), ("voiding_unfinished", voided)):
        for pk, library in unfinished.order_by("pk").values_list("pk", "library__code"):
            subject = f"holdings.batch:{pk}"
            yield Difference("holdings.unfinished", library, subject, code, {"batch": pk}, allowed=True)
