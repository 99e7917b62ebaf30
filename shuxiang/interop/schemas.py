"""What goes in and comes out of the REST interface; OpenAPI is written from these."""

from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema

Code = Annotated[str, Field(min_length=1, max_length=100)]
LibraryCode = Annotated[str, Field(min_length=1, max_length=20)]


class Problem(Schema):
    """Why a request was not answered: a stable code, and a sentence in the language asked for."""

    code: str
    text: str


class FieldProblem(Schema):
    where: str
    text: str


class Invalid(Problem):
    """A request that cannot be understood, field by field."""

    fields: list[FieldProblem] = []


class Reason(Schema):
    code: str
    weight: Literal["refuse", "ask", "note"]
    text: str


class LibraryOut(Schema):
    code: str
    name: str
    kind: str


class RecordOut(Schema):
    """A title. `available` copies of `copies` can be lent now; of all libraries when none was named."""

    id: int
    title: str
    subtitle: str
    volume: str
    authors: str
    publisher: str
    published: str
    isbn: str
    clc: str
    call_number: str
    copies: int
    available: int


class FacetValueOut(Schema):
    """One choice: the value to ask with, how many records it leaves under the other filters; places have a name."""

    value: str
    count: int
    is_chosen: bool
    label: str


class FacetOut(Schema):
    """The choices of one kind. `is_capped`: counted among the first 10,000 records, or estimated from a sample."""

    name: str
    is_capped: bool
    values: list[FacetValueOut]


class RecordsOut(Schema):
    """One page of records. `is_capped` says that there are more than `count`. Facets come when they are asked for."""

    count: int
    is_capped: bool
    page: int
    page_size: int
    results: list[RecordOut]
    facets: list[FacetOut] = []


Year = Annotated[int | None, Field(ge=1, le=9999)]


class RecordFilters(Schema):
    """What records are narrowed to: a class or the beginning of its number, one CNMARC audience code, a copy on a shelf
    now, the key of a place (as in facets), years of publication, both included."""

    clc: Annotated[str, Field(max_length=20)] = ""
    audience: Annotated[str, Field(max_length=1)] = ""
    available: bool = False
    location: Annotated[int | None, Field(ge=1, le=2**62)] = None
    year_from: Year = None
    year_to: Year = None


class CopyOut(Schema):
    """A copy; the day it is due says nothing of who has it."""

    barcode: str
    volume: str
    place: str
    call_number: str
    state: str
    due_on: str | None


class RecordDetail(RecordOut):
    edition: str
    extent: str
    series: str
    subjects: str
    summary: str
    price: str
    items: list[CopyOut]


class LoanOut(Schema):
    id: int
    library: str
    record: int
    title: str
    barcode: str | None
    call_number: str
    patron: int | None
    reader: str
    kind: str
    lent_at: str
    due_on: str
    returned_at: str | None
    renewals: int


class LoanIn(Schema):
    """Lend to the reader of `card` (or the key `patron`) the volume of a barcode, or any copy in of an ISBN.

    `confirm` answers questions by their codes, for accounts that may lend although the program asks.
    """

    library: LibraryCode
    code: Code
    card: Code | None = None
    patron: int | None = None
    confirm: list[Code] = Field([], max_length=50)
    in_room: bool = False
    operation: UUID | None = None


class ReturnIn(Schema):
    """Take back a volume; `card` says whose it is when an ISBN is returned of which several readers have a copy."""

    library: LibraryCode
    code: Code
    card: Code | None = None
    operation: UUID | None = None


class RenewIn(Schema):
    library: LibraryCode
    confirm: list[Code] = Field([], max_length=50)
    operation: UUID | None = None


class HoldIn(Schema):
    """Let the reader of `card` (or the key `patron`) wait for the title of a barcode or an ISBN.

    `only_this_volume` waits for the volume of the barcode and no other copy; `confirm` as in lending.
    """

    library: LibraryCode
    code: Code
    card: Code | None = None
    patron: int | None = None
    only_this_volume: bool = False
    confirm: list[Code] = Field([], max_length=50)
    operation: UUID | None = None


class CancelIn(Schema):
    library: LibraryCode
    reason: Annotated[str, Field(max_length=120)] = ""
    operation: UUID | None = None


class HoldOut(Schema):
    """A reader waits: `place` in the queue from 1 (0: waits no more); `kept` names the volume on the pick-up shelf."""

    id: int
    library: str
    record: int
    title: str
    barcode: str | None
    patron: int
    state: str
    place: int
    placed_at: str
    kept: str | None
    kept_until: str | None


class ReturnOut(Schema):
    """What a return closed (nothing, when the volume was not lent) and what is worth saying."""

    loan: LoanOut | None
    record: int | None
    title: str
    reasons: list[Reason]


class Refusal(Problem):
    """Not done, with every reason; `loans` are those to choose from when several readers have the title."""

    reasons: list[Reason]
    loans: list[LoanOut] = []
