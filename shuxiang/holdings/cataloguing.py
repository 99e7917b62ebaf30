"""What the cataloguing desk asks: is the title known here or elsewhere, what is like it, what was done to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from shuxiang.audit.models import Operation
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.catalogue.services import RecordValues, find_duplicate, prepare
from shuxiang.catalogue.services.undoing import EDITS, last_edit, subject_of
from shuxiang.common.isbn import parse_isbn
from shuxiang.common.text import title_key
from shuxiang.holdings.messages import ACCOUNTS
from shuxiang.holdings.models import Holding, Item, ItemAccount
from shuxiang.holdings.search import search
from shuxiang.holdings.selectors import copies_of
from shuxiang.holdings.services.taking_back import ACTS
from shuxiang.libraries.models import Library

MOST = 12  # titles shown of one kind
SHOWN_EDITS = 50


@dataclass(frozen=True, slots=True)
class Known:
    """A record of the installation: copies and call number here, and how many other libraries hold it."""

    record: BibliographicRecord
    copies: int
    call_number: str
    is_held: bool
    elsewhere: int


def find_record(pk: int) -> BibliographicRecord | None:
    """A living record of the installation."""
    if pk >= 2**63:
        return None
    return BibliographicRecord.objects.filter(pk=pk, deleted_at__isnull=True).first()


def known(library: Library, text: str) -> list[Known]:
    """Records with this ISBN or number, else found by these words: those held here first, then those of other libraries."""
    keys = _by_number(text) or _by_words(library, text)
    return sorted(_known(library, keys), key=lambda one: not one.is_held)[: 2 * MOST]


def _by_number(text: str) -> list[int]:
    raw = text.strip()
    isbn13 = parse_isbn(raw).isbn13
    wanted = Q(isbn13=isbn13) if isbn13 else Q(isbn=raw, isbn13="")
    living = BibliographicRecord.objects.filter(wanted, deleted_at__isnull=True)
    return list(living.order_by("pk").values_list("pk", flat=True)[: 2 * MOST]) if raw else []


def _by_words(library: Library, text: str) -> list[int]:
    mine = search(text, library=library, page_size=MOST).ids if text.strip() else ()
    others = search(text, library=None, page_size=MOST).ids if text.strip() else ()
    return list(dict.fromkeys((*mine, *others)))


def _known(library: Library, keys: Sequence[int]) -> list[Known]:
    records = BibliographicRecord.objects.in_bulk(keys)
    copies = copies_of(library, keys)
    here: dict[int, str] = {}
    elsewhere: dict[int, set[int]] = {}
    held = Holding.objects.filter(record_id__in=keys).order_by("pk")
    for record_id, library_id, number in held.values_list("record_id", "library_id", "call_number"):
        if library_id == library.pk:
            here[record_id] = here.get(record_id) or number
        else:
            elsewhere.setdefault(record_id, set()).add(library_id)
    return [
        Known(
            records[key],
            copies[key].total if key in copies else 0,
            here.get(key, ""),
            key in here,
            len(elsewhere.get(key, ())),
        )
        for key in keys
        if key in records
    ]


@dataclass(frozen=True, slots=True)
class Twin:
    """A record that what is being typed may be: `why` is same, isbn, or title."""

    known: Known
    why: str


def twins(library: Library, values: RecordValues, *, but: int | None = None) -> list[Twin]:
    """Records that may be the one being catalogued, the surest first; `but` is the record itself. Nothing is said of ''."""
    ready = prepare(values)
    found: dict[int, str] = {}
    match = find_duplicate(values) if values.title or values.isbn else None
    if match is not None:
        found[match.record_id] = "same" if match.verdict == "same" else "isbn"
    living = BibliographicRecord.objects.filter(deleted_at__isnull=True)
    if ready.isbn13:
        for pk in living.filter(isbn13=ready.isbn13).order_by("pk").values_list("pk", flat=True)[:MOST]:
            found.setdefault(pk, "isbn")
    key = title_key(values.title)[:200]
    if key:
        for pk in living.filter(title_key=key).order_by("pk").values_list("pk", flat=True)[:MOST]:
            found.setdefault(pk, "title")
    found.pop(but or 0, None)
    return [Twin(one, found[one.record.pk]) for one in _known(library, list(found)[:MOST])]


def together(library: Library, record: BibliographicRecord) -> list[Known]:
    """Titles held here that belong beside a record: of the same set, then of the same series."""
    living = BibliographicRecord.objects.filter(deleted_at__isnull=True).exclude(pk=record.pk)
    keys: list[int] = []
    if record.parent_id:
        keys += _keys(living.filter(parent=record.parent_id).order_by("part_number", "title_sort"))
    keys += _keys(living.filter(parent=record.pk).order_by("part_number", "title_sort"))
    series = record.series.partition(";")[0].strip()
    if series and not keys:
        quoted = series.replace('"', " ")
        page = search(f'series:"{quoted}"', library=library, page_size=MOST)
        keys += [hit.record.pk for hit in page.hits if hit.record.series.startswith(series)]
    return [one for one in _known(library, list(dict.fromkeys(keys))[:MOST]) if one.record.pk != record.pk]


def _keys(records: Iterable[BibliographicRecord]) -> list[int]:
    return [record.pk for record in list(records)[:MOST]]


@dataclass(frozen=True, slots=True)
class Edit:
    """One act on a record: by whom and when; `can_undo` for the latest edit, and for merges and divisions not undone."""

    operation_id: UUID
    action: str
    actor: str
    at: datetime
    is_undone: bool
    can_undo: bool
    source: str


def history(record: BibliographicRecord) -> list[Edit]:
    """What was done to a record, the latest first."""
    rows = Operation.objects.filter(subject=subject_of(record.pk)).order_by("-at", "-id")[:SHOWN_EDITS]
    latest = last_edit(record)
    return [
        Edit(
            row.pk,
            row.action,
            row.actor,
            row.at,
            row.undone_by_id is not None,
            row.undone_by_id is None
            and row.action in ACTS
            and (row.action not in EDITS or (latest is not None and row.pk == latest.pk)),
            str(row.detail.get("source", "")),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume of a title, as a cataloguer tells it from the others."""

    pk: int
    label: str
    barcode: str
    volume_mark: str
    place: str
    account: str
    call_number: str


def volumes_of(library: Library, record: BibliographicRecord) -> list[Volume]:
    """The volumes of a record in a library that are not void, by holding and copy."""
    rows = Item.objects.filter(library=library, holding__record=record).exclude(account=ItemAccount.VOID)
    rows = rows.select_related("holding", "home", "property_line").prefetch_related("identifiers")
    return [_volume(item) for item in rows.order_by("holding", "copy_number", "pk")]


def _volume(item: Item) -> Volume:
    line = getattr(item, "property_line", None)
    numbered = line is not None and line.number is not None
    codes = [one.value for one in item.identifiers.all() if one.to_at is None]
    return Volume(
        pk=item.pk,
        label=f"{line.series}{line.number}" if numbered and line is not None else f"({item.copy_number})",
        barcode=codes[-1] if codes else "",
        volume_mark=item.volume_mark,
        place=item.home.name,
        account=str(ACCOUNTS.get(item.account, item.account)),
        call_number=item.holding.call_number,
    )


def copies_by_holding(library: Library, record: BibliographicRecord) -> list[tuple[str, str, int]]:
    """(shelving group, call number, volumes) of each holding of a record in a library."""
    held = Holding.objects.filter(library=library, record=record).select_related("group").order_by("pk")
    return [(one.group.name, one.call_number, one.items.count()) for one in held]
