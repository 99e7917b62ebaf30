"""Review of titles (审查): a list of titles is read, matched with the holdings, and each match is decided."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from shuxiang.audit import jobs, operations
from shuxiang.catalogue.rules import titles_agree
from shuxiang.common.actors import Actor
from shuxiang.common.ids import uuid7
from shuxiang.common.isbn import parse_isbn
from shuxiang.common.text import title_key
from shuxiang.common.text.keys import author_key
from shuxiang.holdings.models import Holding, Item, Withdrawal
from shuxiang.holdings.rules import ON_BOOKS
from shuxiang.holdings.services import release, set_aside
from shuxiang.imports.tables import BOOK_FIELDS, Sheet, TableError, guess_mapping, open_table
from shuxiang.libraries.models import Library
from shuxiang.weeding.models import ReviewEntry, ReviewList, ReviewMatch, WeedingLine, WeedingList
from shuxiang.weeding.refusals import refuse
from shuxiang.weeding.rules import Compared, certainty
from shuxiang.weeding.services.proposing import new_list

Match = ReviewMatch.State
MATCH = "weeding.match"
CHUNK = 200  # entries
MOST_ENTRIES = 20_000
MOST_BYTES = 10 << 20
_FIELDS = tuple(field for field in BOOK_FIELDS if field.name in ("isbn", "title", "authors", "publisher"))
_LENGTHS = {"isbn": 40, "title": 300, "authors": 300, "publisher": 200}


def bring(
    content: bytes,
    *,
    file_name: str,
    name: str,
    document: str,
    library: Library,
    by: Actor,
    at: datetime,
    list_id: UUID | None = None,
) -> ReviewList:
    """Read a list of titles (xlsx, xls, ods, csv …) and have it matched; the same id gives the same list.

    Raises TableError for what is no table or too large; refuses a table without a column of titles or ISBN, and one
    that names nothing.
    """
    if list_id and (known := ReviewList.objects.filter(pk=list_id, library=library).first()):
        return known
    if len(content) > MOST_BYTES:
        raise TableError(
            "file_too_large", name=file_name, size_mb=len(content) >> 20, limit_mb=MOST_BYTES >> 20
        )
    entries, skipped = _read(content, file_name)
    with transaction.atomic():
        made = ReviewList.objects.create(
            pk=list_id or uuid7(),
            library=library,
            name=(name.strip() or file_name)[:100],
            document=document.strip()[:100],
            entries_read=len(entries),
            skipped=skipped,
            created_by=by.name[:80],
            created_at=at,
        )
        for row, entry in enumerate(entries, 1):
            entry.review_list, entry.row = made, row
        ReviewEntry.objects.bulk_create(entries, batch_size=1000)
        begun = operations.begin("weeding.bring_review", by=by, at=at, library_code=library.code)
        operations.finish(
            begun.operation, subject=f"weeding.review:{made.pk}", detail={"entries": len(entries)}
        )
        job = jobs.queue(MATCH, by=by, library_code=library.code, params={"list": str(made.pk)})
        ReviewList.objects.filter(pk=made.pk).update(job_id=job.pk)
    made.refresh_from_db()
    return made


def _read(content: bytes, file_name: str) -> tuple[list[ReviewEntry], int]:
    """The entries of all sheets, and how many rows name neither an ISBN nor a title."""
    entries: list[ReviewEntry] = []
    skipped = 0
    is_known = False
    with open_table(content, name=file_name) as table:
        for sheet in table.filled_sheets:
            for values in _values(sheet):
                is_known = True
                if not values.get("isbn") and not title_key(values.get("title", "")):
                    skipped += 1
                    continue
                entries.append(ReviewEntry(**values))
                if len(entries) > MOST_ENTRIES:
                    raise refuse("review_too_long", most=MOST_ENTRIES)
    if not is_known:
        raise refuse("review_without_columns")
    if not entries:
        raise refuse("review_empty")
    return entries, skipped


def _values(sheet: Sheet) -> Iterator[dict[str, str]]:
    """Each row of a sheet in our columns; nothing when it has neither titles nor ISBN."""
    mapping = guess_mapping(sheet.header, sheet.sample(), _FIELDS)
    if not {"isbn", "title"} & mapping.columns.keys():
        return
    for row in sheet.rows:
        values = mapping.values(row)
        yield {name: values.get(name, "").strip()[:length] for name, length in _LENGTHS.items()}


def match(review_list: ReviewList, *, progress: Callable[[int, int], None] | None = None) -> int:
    """Hold the entries against the holdings, a chunk a transaction; begun again after a stop, it goes on.

    Gives how many titles were found.
    """
    waiting = ReviewEntry.objects.filter(review_list=review_list, is_matched=False).order_by("row")
    while entries := list(waiting[:CHUNK]):
        with transaction.atomic():
            ReviewMatch.objects.bulk_create(_matches(review_list.library_id, entries), ignore_conflicts=True)
            ReviewEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(is_matched=True)
        if progress is not None:
            progress(entries[-1].row, review_list.entries_read)
    ReviewList.objects.filter(pk=review_list.pk).update(state=ReviewList.State.READY)
    review_list.refresh_from_db()
    return ReviewMatch.objects.filter(entry__review_list=review_list).count()


def _matches(library_id: int, entries: Sequence[ReviewEntry]) -> list[ReviewMatch]:
    """The holdings that the entries may mean, in two questions."""
    isbns = {entry.pk: parse_isbn(entry.isbn).isbn13 or "" for entry in entries}
    titles = {entry.pk: title_key(entry.title)[:200] for entry in entries}
    held = Holding.objects.filter(library=library_id, record__deleted_at__isnull=True).select_related(
        "record"
    )
    by_isbn, by_title = defaultdict(list), defaultdict(list)
    for holding in held.filter(record__isbn13__in={*isbns.values()} - {""}).exclude(record__isbn13=""):
        by_isbn[holding.record.isbn13].append(holding)
    for holding in held.filter(record__title_key__in={*titles.values()} - {""}):
        by_title[holding.record.title_key].append(holding)
    found = []
    for entry in entries:
        near = {one.pk: one for one in by_isbn[isbns[entry.pk]] + by_title[titles[entry.pk]]}
        for holding in near.values():
            compared = _compare(entry, holding, isbns[entry.pk], titles[entry.pk])
            if answer := certainty(compared):
                found.append(ReviewMatch(entry=entry, holding=holding, certainty=answer[0], by=answer[1]))
    return found


def _compare(entry: ReviewEntry, holding: Holding, isbn13: str, key: str) -> Compared:
    record = holding.record
    author = author_key(entry.authors)
    return Compared(
        same_isbn=bool(isbn13) and record.isbn13 == isbn13,
        has_title=bool(key),
        same_title=bool(key) and titles_agree(key, record.title_key),
        same_author=bool(author) and author == author_key(record.authors),
    )


def _chosen(review_list: ReviewList, match_ids: Iterable[int], *states: str) -> list[ReviewMatch]:
    rows = ReviewMatch.objects.filter(
        entry__review_list=review_list, pk__in=list(match_ids), state__in=states
    )
    return list(rows.select_related("holding").order_by("pk"))


def _decide(matches: Sequence[ReviewMatch], state: str, by: Actor, at: datetime, **more: str) -> None:
    """Write a decision to these matches, and to the others of the same titles in the same lists."""
    lists = ReviewEntry.objects.filter(matches__in=matches).values("review_list")
    same = ReviewMatch.objects.filter(
        entry__review_list__in=lists, holding__in=[one.holding_id for one in matches]
    ).filter(~Q(state=Match.OTHER) | Q(pk__in=[one.pk for one in matches]))
    ReviewMatch.objects.filter(pk__in=list(same.values_list("pk", flat=True))).update(
        state=state, decided_by=by.name[:80], decided_at=at, **more
    )


@transaction.atomic
def put_aside(
    review_list: ReviewList,
    match_ids: Iterable[int],
    *,
    ground: str,
    note: str,
    by: Actor,
    at: datetime,
    on: date,
) -> tuple[int, int]:
    """Set titles aside for review with a ground; gives how many titles, and how many volumes left the shelves.

    What was taken for another book may be set aside too. Refuses a choice of nothing, and no ground.
    """
    if ground not in ReviewMatch.Ground.values:
        raise refuse("ground_missing")
    matches = _chosen(review_list, match_ids, Match.OPEN, Match.PASSED, Match.OTHER)
    keys = sorted({one.holding_id for one in matches})
    if not keys:
        raise refuse("no_title_chosen")
    volumes = set_aside(keys, library=review_list.library, by=by, at=at, on=on)
    _decide(matches, Match.ASIDE, by, at, ground=ground, note=note.strip()[:200])
    return len(keys), volumes


@transaction.atomic
def give_back(
    review_list: ReviewList,
    match_ids: Iterable[int],
    *,
    passed: bool,
    note: str,
    by: Actor,
    at: datetime,
    on: date,
) -> tuple[int, int]:
    """Give titles back to the readers: they passed, or setting them aside was a mistake and they are open again."""
    matches = _chosen(review_list, match_ids, Match.ASIDE, *([Match.OPEN] if passed else []))
    keys = sorted({one.holding_id for one in matches})
    if not keys:
        raise refuse("no_title_chosen")
    volumes = release(keys, library=review_list.library, by=by, at=at, on=on, passed=passed)
    _decide(matches, Match.PASSED if passed else Match.OPEN, by, at, note=note.strip()[:200])
    return len(keys), volumes


@transaction.atomic
def dismiss(review_list: ReviewList, match_ids: Iterable[int], *, by: Actor, at: datetime) -> int:
    """Say that entries mean other titles than those of the library; gives how many matches."""
    matches = _chosen(review_list, match_ids, Match.OPEN)
    if not matches:
        raise refuse("no_title_chosen")
    begun = operations.begin("weeding.dismiss", by=by, at=at, library_code=review_list.library.code)
    ReviewMatch.objects.filter(pk__in=[one.pk for one in matches]).update(
        state=Match.OTHER, decided_by=by.name[:80], decided_at=at
    )
    detail = {"matches": [one.pk for one in matches]}
    operations.finish(begun.operation, subject=f"weeding.review:{review_list.pk}", detail=detail)
    return len(matches)


@transaction.atomic
def list_for_withdrawal(
    review_list: ReviewList, match_ids: Iterable[int], *, by: Actor, at: datetime
) -> WeedingList:
    """A weeding list of all volumes on the books of titles that are set aside, to be approved and struck off.

    Lent and missing ones are on it too: they are named when they cannot leave yet.
    """
    matches = _chosen(review_list, match_ids, Match.ASIDE)
    if not matches:
        raise refuse("no_title_chosen")
    begun = operations.begin("weeding.list_review", by=by, at=at, library_code=review_list.library.code)
    made = new_list(review_list.library, reason=Withdrawal.Reason.REVIEW, by=by, at=at)
    why = {one.holding_id: [("review", {"ground": one.ground, "list": review_list.name})] for one in matches}
    items = Item.objects.filter(holding__in=why, account__in=ON_BOOKS).order_by("pk")
    WeedingLine.objects.bulk_create(
        WeedingLine(weeding_list=made, item_id=pk, why=why[holding])
        for pk, holding in items.values_list("pk", "holding_id")
    )
    _decide(matches, Match.LISTED, by, at)
    operations.finish(begun.operation, subject=f"weeding.list:{made.pk}", detail={"number": made.number})
    return made
