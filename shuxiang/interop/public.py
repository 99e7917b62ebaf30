"""What programs may read without a key: libraries and the records they hold."""

from typing import TYPE_CHECKING, Annotated, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router

from shuxiang.circulation import selectors as circulation
from shuxiang.holdings import shown
from shuxiang.holdings.search import Filters, Hit, search
from shuxiang.holdings.selectors import Copies, copies_of
from shuxiang.interop.gate import Stopped, named_library
from shuxiang.interop.schemas import (
    CopyOut,
    FacetOut,
    Invalid,
    LibraryOut,
    Problem,
    RecordDetail,
    RecordFilters,
    RecordOut,
    RecordsOut,
)
from shuxiang.libraries import selectors as libraries

if TYPE_CHECKING:
    from shuxiang.catalogue.models import BibliographicRecord
    from shuxiang.libraries.models import Library

PAGE_SIZE = 20
router = Router(tags=["catalogue"])

PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]
Sort = Literal["relevance", "title", "call_number", "newest", "most_lent"]
LibraryOf = Annotated[str, Query(max_length=20)]


@router.get("/libraries", response=list[LibraryOut], url_name="libraries")
def all_libraries(request: HttpRequest) -> list[LibraryOut]:
    """The libraries of this installation."""
    return [LibraryOut(code=each.code, name=each.name, kind=each.kind) for each in libraries.all_libraries()]


@router.get("/records", response={200: RecordsOut, 404: Problem, 422: Invalid}, url_name="records")
def records(
    request: HttpRequest,
    *,
    filters: Annotated[RecordFilters, Query()],
    q: str = "",
    library: LibraryOf = "",
    page: PageNumber = 1,
    sort: Sort = "relevance",
    facets: bool = False,
) -> RecordsOut:
    """The records that a question finds in a library, or in all; without a question every record held.

    The question is a search line as on the public pages: words, "a phrase", -unwanted, author:name, ISBN, pinyin, initials.
    """
    where = named_library(library) if library else None
    line = q.replace("\x00", " ").strip()[:256]
    wanted = Filters(**filters.model_dump())
    found = search(line, library=where, page=page, page_size=PAGE_SIZE, sort=sort, filters=wanted)
    return RecordsOut(
        count=found.count,
        is_capped=found.is_capped,
        page=page,
        page_size=PAGE_SIZE,
        results=[RecordOut.model_validate(_record(hit)) for hit in found.hits],
        facets=[FacetOut.model_validate(one, from_attributes=True) for one in found.facets] if facets else [],
    )


def _record(hit: Hit) -> dict[str, str | int]:
    record = hit.record
    return {
        "id": record.pk,
        "title": record.title,
        "subtitle": record.subtitle,
        "volume": record.volume_mark,
        "authors": record.authors,
        "publisher": record.publisher,
        "published": record.published,
        "isbn": record.isbn13 or record.isbn,
        "clc": record.clc,
        "call_number": hit.call_number,
        "copies": hit.copies.total,
        "available": hit.copies.available,
    }


@router.get("/records/{int:pk}", response={200: RecordDetail, 404: Problem, 422: Invalid}, url_name="record")
def record(request: HttpRequest, pk: int, library: LibraryOf = "") -> RecordDetail:
    """One record. With a library named: its call number and every copy there; 404 when that library does not hold it."""
    where = named_library(library) if library else _only_library()
    found = shown.held_record(where, pk)
    if found is None:
        raise Stopped(404, "record_unknown", _("There is no such record here."))
    copies = _copies(where, found) if where else []
    counts = copies_of(where, [found.pk]).get(found.pk, Copies(0, 0))
    call_number = next((copy.call_number for copy in copies if copy.call_number), "")
    more = {
        "edition": found.edition,
        "extent": found.extent,
        "series": found.series,
        "subjects": found.subjects,
        "summary": found.summary,
        "price": found.price_text,
        "items": copies,
    }
    return RecordDetail.model_validate(_record(Hit(found, call_number, counts)) | more)


def _only_library() -> "Library | None":
    every = libraries.all_libraries()
    return every[0] if len(every) == 1 else None


def _copies(library: "Library", found: "BibliographicRecord") -> list[CopyOut]:
    items = shown.copies_shown(library, found)
    due = dict(circulation.open_loans(library).filter(item__in=items).values_list("item_id", "due_on"))
    return [
        CopyOut(
            barcode=shown.label_of(item),
            volume=item.volume_mark,
            place=(item.current or item.home).name,
            call_number=item.holding.call_number,
            state=item.account,
            due_on=due[item.pk].isoformat() if item.pk in due else None,
        )
        for item in items
    ]
