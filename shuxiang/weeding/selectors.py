"""Reads of weeding: lists and their lines, the effect on the school's figures, kept volumes, reviews."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from shuxiang.audit.models import Job
from shuxiang.figures import registry
from shuxiang.figures import selectors as figures
from shuxiang.figures.registry import Gone, Scope
from shuxiang.holdings.models import PropertyLine, Withdrawal
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import Library
from shuxiang.weeding.models import (
    Condition,
    Keep,
    ReviewEntry,
    ReviewList,
    ReviewMatch,
    WeedingLine,
    WeedingList,
    WeedingRule,
)
from shuxiang.weeding.rules import Criteria

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Line, State = WeedingLine.State, WeedingList.State
MatchState, ListState = ReviewMatch.State, WeedingList.State
WORKING = (State.PROPOSING, State.STRIKING, State.UNDOING)
WEIGHED = (
    "holdings.volumes_per_pupil",
    "holdings.volumes",
    "holdings.titles",
    "holdings.value",
    "holdings.gap",
)
REASONS = (
    Withdrawal.Reason.OUTDATED,
    Withdrawal.Reason.WORN,
    Withdrawal.Reason.TRANSFERRED,
    Withdrawal.Reason.REVIEW,
)
DISPOSITIONS = tuple(Withdrawal.Disposition)
CONDITIONS = tuple(Condition.Kind)
GROUNDS = tuple(ReviewMatch.Ground)


def rules_of(library: Library) -> QuerySet[WeedingRule]:
    return WeedingRule.objects.filter(library=library).select_related("location").order_by("name")


def criteria_of(rule: WeedingRule) -> Criteria:
    """A stored rule as the rules take it."""
    return Criteria(**{name: getattr(rule, name) for name in Criteria.__slots__})


def lists_of(library: Library) -> QuerySet[WeedingList]:
    """The lists of a library, the latest first, each with its volumes as `volumes`."""
    on_it = Count("lines", filter=~Q(lines__state__in=[Line.OUT, Line.KEPT]))
    rows = WeedingList.objects.filter(library=library).select_related("withdrawal", "library")
    return rows.annotate(volumes=on_it).order_by("-number")


def list_of(library: Library, pk: UUID) -> WeedingList | None:
    rows = WeedingList.objects.select_related("library__standard", "withdrawal", "reversal")
    return rows.filter(library=library, pk=pk).first()


def counts(weeding_list: WeedingList) -> dict[str, int]:
    """Volumes of a list by what became of them; every state is named."""
    rows = weeding_list.lines.order_by().values_list("state").annotate(n=Count("pk"))
    return dict.fromkeys(map(str, Line), 0) | {str(state): n for state, n in rows}


@dataclass(frozen=True, slots=True)
class Total:
    """Titles, volumes, known value in fen, volumes of unknown price."""

    titles: int
    volumes: int
    fen: int
    unknown: int


def sum_of(weeding_list: WeedingList) -> Total:
    """What is on the list now: in it, struck off or left."""
    lines = weeding_list.lines.exclude(state__in=[Line.OUT, Line.KEPT])
    row = lines.aggregate(
        titles=Count("item__holding__record", distinct=True),
        volumes=Count("pk"),
        fen=Sum("item__property_line__list_price_fen"),
        unknown=Count("pk", filter=Q(item__property_line__list_price_fen__isnull=True)),
    )
    return Total(row["titles"], row["volumes"], row["fen"] or 0, row["unknown"])


def lines_of(weeding_list: WeedingList, state: str = "", text: str = "") -> QuerySet[WeedingLine]:
    """The volumes of a list in shelf order, of one state, perhaps only those whose title or call number holds a text."""
    lines = weeding_list.lines.select_related(
        "item__holding__record", "item__home", "item__property_line", "item__kept"
    ).prefetch_related("item__identifiers")
    if state in Line.values:
        lines = lines.filter(state=state)
    if text:
        lines = lines.filter(
            Q(item__holding__record__title__icontains=text)
            | Q(item__holding__call_number__istartswith=text)
            | Q(item__identifiers__value=text)
        )
    return lines.order_by(
        "item__holding__call_number_sort", "item__holding", "item__copy_number", "pk"
    ).distinct()


@dataclass(frozen=True, slots=True)
class Effect:
    """A figure before and after the volumes of a list are gone; `wanted` is what the standard asks."""

    code: str
    title: StrOrPromise
    unit: StrOrPromise
    decimals: int
    before: Decimal | None
    after: Decimal | None
    wanted: Decimal | None = None
    less_is_better: bool = False

    @property
    def is_worse_off(self) -> bool:
        """Whether it falls below what is wanted, and was not there before."""
        if self.wanted is None or self.after is None or self.before is None:
            return False
        return self.after < self.wanted <= self.before

    @property
    def is_short(self) -> bool:
        return self.wanted is not None and self.after is not None and self.after < self.wanted


@dataclass(frozen=True, slots=True)
class Effects:
    """What striking a list off would do to the school's figures, and to the five divisions."""

    figures: list[Effect]
    divisions: list[Effect]


def effects(weeding_list: WeedingList, today: date) -> Effects:
    """The figures of the running term as they are, and less the volumes of the list; nothing is written."""
    library = weeding_list.library
    now = figures.scope_of(library, libraries.term_on(library, today).code, today)
    gone = weeding_list.lines.filter(state=Line.IN).values_list("item_id", flat=True)
    name = f"weeding:{weeding_list.pk}:{weeding_list.lines.filter(state=Line.IN).count()}"
    later = replace(now, without_items=Gone(name, gone))
    standard = library.standard
    wanted = {"holdings.volumes_per_pupil": standard.volumes_per_pupil} if standard else {}
    shares: Mapping[str, object] = standard.division_shares if standard else {}
    return Effects(
        [_effect(code, now, later, wanted.get(code)) for code in WEIGHED], _divisions(now, later, shares)
    )


def _effect(code: str, now: Scope, later: Scope, wanted: Decimal | None) -> Effect:
    figure = registry.get(code)
    before, after = (figure.value(scope).rounded(figure.decimals) for scope in (now, later))
    return Effect(
        code, figure.title, figure.unit, figure.decimals, before, after, wanted, figure.less_is_better
    )


def _divisions(now: Scope, later: Scope, shares: Mapping[str, object]) -> list[Effect]:
    split = registry.get("holdings.divisions").parts["division"]
    rows = zip(split(now), split(later), strict=True)
    return [
        Effect(
            f"division:{before.key}",
            before.label,
            "%",
            2,
            before.value.rounded(2),
            after.value.rounded(2),
            Decimal(str(shares[before.key])) if before.key in shares else None,
        )
        for before, after in rows
    ]


def kept(library: Library, today: date) -> QuerySet[Keep]:
    """Volumes that are kept today, those whose day comes first at the top."""
    rows = Keep.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=today), library=library)
    return rows.select_related("item__holding__record", "item__property_line").order_by("until_on", "pk")


def conditions(library: Library) -> QuerySet[Condition]:
    """Volumes whose condition was noted, the latest first."""
    rows = Condition.objects.filter(library=library)
    return rows.select_related("item__holding__record", "item__property_line").order_by("-noted_on", "-pk")


def reviews_of(library: Library) -> QuerySet[ReviewList]:
    """Lists of titles, the latest first, with the titles found and those not decided yet."""
    return (
        ReviewList.objects.filter(library=library)
        .annotate(
            found=Count("entries__matches__holding", distinct=True),
            open=Count(
                "entries__matches__holding",
                filter=Q(entries__matches__state=MatchState.OPEN),
                distinct=True,
            ),
        )
        .order_by("-created_at")
    )


def review_of(library: Library, pk: UUID) -> ReviewList | None:
    return ReviewList.objects.select_related("library").filter(library=library, pk=pk).first()


def matches_of(review_list: ReviewList, state: str = "", sure: str = "") -> QuerySet[ReviewMatch]:
    """Titles of the library that a list may mean, in its order; of one state or certainty only."""
    rows = ReviewMatch.objects.filter(entry__review_list=review_list)
    if state in MatchState.values:
        rows = rows.filter(state=state)
    if sure in ReviewMatch.Certainty.values:
        rows = rows.filter(certainty=sure)
    return rows.select_related("entry", "holding__record").order_by("entry__row", "pk")


def match_counts(review_list: ReviewList) -> dict[str, int]:
    """Matches by state; every state is named."""
    rows = ReviewMatch.objects.filter(entry__review_list=review_list).order_by().values_list("state")
    return dict.fromkeys(map(str, MatchState), 0) | {str(s): n for s, n in rows.annotate(n=Count("pk"))}


def without_match(review_list: ReviewList) -> QuerySet[ReviewEntry]:
    """Entries of which the library has nothing."""
    return ReviewEntry.objects.filter(review_list=review_list, matches__isnull=True, is_matched=True)


def job_of(pk: UUID | None) -> Job | None:
    """The job that works on something, while it is known."""
    return Job.objects.filter(pk=pk).first() if pk else None


def price_of(line: WeedingLine) -> int | None:
    """List price in fen, None when it is not known."""
    prop: PropertyLine | None = getattr(line.item, "property_line", None)
    return prop.list_price_fen if prop else None


def barcode_of(line: WeedingLine) -> str:
    """The code on the volume, the last one it had when it is withdrawn; '' without one. Reads what lines_of loaded."""
    codes = sorted(line.item.identifiers.all(), key=lambda one: (one.to_at is None, one.pk))
    return codes[-1].value if codes else ""
