"""Reads for the pages of mending: what is away, the log, afternoons and consignments, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from shuxiang.audit.models import Operation
from shuxiang.holdings.models import Item, ItemAccount, Movement
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.mending.models import Round, Task

RoundKind, TaskKind, TaskOutcome = Round.Kind, Task.Kind, Task.Outcome


def tasks_of(library: Library) -> QuerySet[Task]:
    tasks = Task.objects.filter(library=library)
    return tasks.select_related("item__holding__record", "item__home", "round", "library")


def open_tasks(library: Library) -> QuerySet[Task]:
    """What is being mended or bound, what came first first."""
    return tasks_of(library).filter(ended_on=None).order_by("came_on", "pk")


def beyond_mending(library: Library) -> QuerySet[Task]:
    """Volumes that cannot be mended and still wait to be withdrawn."""
    beyond = tasks_of(library).filter(outcome=Task.Outcome.BEYOND)
    return beyond.filter(item__account__in=(ItemAccount.MENDING, ItemAccount.BINDING)).order_by(
        "ended_on", "pk"
    )


def overdue(library: Library, today: date) -> QuerySet[Task]:
    """Volumes that the binder should have brought back."""
    return open_tasks(library).filter(round__due_on__lt=today)


def log(library: Library) -> QuerySet[Task]:
    """Finished tasks, the latest first."""
    return tasks_of(library).exclude(ended_on=None).order_by("-ended_on", "-pk")


def task_of(library: Library, pk: int) -> Task | None:
    return tasks_of(library).filter(pk=pk).first()


def open_task(item: Item) -> Task | None:
    found = Task.objects.filter(item=item, ended_on=None)
    return found.select_related("round", "item", "library").first()


def tasks_on(item: Item) -> list[Task]:
    """The log of one volume, the latest first."""
    return list(Task.objects.filter(item=item).select_related("round").order_by("-came_on", "-pk"))


def item_of(library: Library, pk: int) -> Item | None:
    items = Item.objects.filter(library=library, pk=pk)
    return items.select_related("library", "holding__record", "home", "current", "property_line").first()


def rounds_of(library: Library, kind: str) -> QuerySet[Round]:
    """Afternoons or consignments, the latest first, with their volumes, those still away, and their cost."""
    rounds = Round.objects.filter(library=library, kind=kind).select_related("school_class")
    return rounds.annotate(
        volumes=Count("tasks"),
        away=Count("tasks", filter=Q(tasks__ended_on=None)),
        cost_fen=Sum("tasks__cost_fen"),
        unpriced=Count("tasks", filter=Q(tasks__cost_fen=None, tasks__outcome="mended")),
    ).order_by("-on", "-pk")


def round_of(library: Library, pk: int) -> Round | None:
    for kind in Round.Kind.values:
        found = rounds_of(library, kind).filter(pk=pk).select_related("library", "school_class").first()
        if found is not None:
            return found
    return None


def tasks_in(round_: Round) -> list[Task]:
    """The volumes of an afternoon or a consignment, in the order in which they came."""
    tasks = Task.objects.filter(round=round_)
    return list(tasks.select_related("item__holding__record", "item__home").order_by("pk"))


def class_of(library: Library, pk: int) -> SchoolClass | None:
    return SchoolClass.objects.filter(library=library, pk=pk).first()


def missing(library: Library) -> QuerySet[Item]:
    """Volumes on the books that are missing, the latest first."""
    items = Item.objects.filter(library=library, account=ItemAccount.MISSING)
    last = Movement.objects.filter(item=OuterRef("pk"), target=ItemAccount.MISSING).order_by("-pk")
    return (
        items.select_related("holding__record", "home", "property_line")
        .annotate(since=Subquery(last.values("on")[:1]))
        .order_by("-since", "-pk")
    )


def how_missing(items: Sequence[Item]) -> list[Gone]:
    """Each of these missing volumes with the day since when, and what noticed it."""
    moves = Movement.objects.filter(item__in=items, target=ItemAccount.MISSING).order_by("pk")
    last = {item: (on, cause) for item, on, cause in moves.values_list("item_id", "on", "cause")}
    found = []
    for item in items:
        on, cause = last.get(item.pk, (None, ""))
        line = getattr(item, "property_line", None)
        found.append(Gone(item, on, cause, line.list_price_fen if line is not None else None))
    return found


@dataclass(frozen=True, slots=True)
class Gone:
    """A missing volume: since which day, what noticed it, what it cost."""

    item: Item
    since: date | None
    cause: str
    price_fen: int | None


@dataclass(frozen=True, slots=True)
class Noted:
    """One volume that somebody marked as missing or as found by hand."""

    act: UUID
    is_found: bool
    title: str
    item_id: int
    at: datetime
    by: str


def lately_noted(library: Library, most: int = 20) -> list[Noted]:
    """What was marked by hand last and is not undone."""
    acts = Operation.objects.filter(
        library_code=library.code,
        action__in=("holdings.mark_missing_many", "holdings.mark_found_many"),
        undone_by=None,
        subject__startswith="holdings.item:",
        door="desk",
    ).order_by("-at")[: most * 2]
    single = [act for act in acts if len(act.result.get("done", [])) == 1 and not act.result.get("kept")]
    items = Item.objects.filter(library=library, pk__in=[act.result["done"][0] for act in single])
    titles = dict(items.values_list("pk", "holding__record__title"))
    return [
        Noted(
            act.pk,
            act.action == "holdings.mark_found_many",
            titles.get(act.result["done"][0], ""),
            act.result["done"][0],
            act.at,
            act.actor,
        )
        for act in single[:most]
    ]
