"""Books in: rows and MARC records become records, holdings and volumes of a draft batch, posted as the last step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils import timezone

from shuxiang.audit.models import Operation
from shuxiang.catalogue.duplicates import Known
from shuxiang.catalogue.models import BibliographicRecord, Original
from shuxiang.catalogue.services import (
    Described,
    OriginalValues,
    RecordValues,
    keep_originals,
    save_record,
    values_of,
    write_records,
)
from shuxiang.common.clock import local_date
from shuxiang.common.schoolyear import BadPeriod, parse_period
from shuxiang.holdings.imports.known import KnownVolumes, drop_known, is_ours, numbers_of, values_as_exported
from shuxiang.holdings.imports.matching import Catalogue, Earlier, Held
from shuxiang.holdings.imports.readings import Reading, cells_before, read_row
from shuxiang.holdings.models import AccessionBatch, PropertyLine, ShelvingGroup, ShelvingLocation
from shuxiang.holdings.reading.facts import BookFacts, Said
from shuxiang.holdings.services import (
    HeldTitle,
    HoldingValues,
    ItemValues,
    default_places,
    draft_batch,
    ensure_location,
    hold_titles,
    post_batch,
    write_down,
)
from shuxiang.imports.shapes import (
    CHANGED,
    MADE,
    REFUSED,
    SKIPPED,
    Context,
    Note,
    Progress,
    RowPlan,
    SourceRow,
)

# A row that differs from an earlier one in any of these is another delivery of the same title, not a correction.
_DELIVERY = ("accession_date", "batch_number", "document_number", "acquisition_kind", "supplier", "donor")
_ROW = Original.Format.ROW.value
_RECORDS = 500  # new records in one act


@dataclass(slots=True)
class BookPlan:
    """What one row will do: make or reuse a record, hold it, write down volumes."""

    facts: BookFacts
    described: Described
    original: OriginalValues
    record_id: int  # negative while only planned
    changes: dict[str, object] = field(default_factory=dict)
    volumes: int = 0
    is_new: bool = False

    @property
    def values(self) -> RecordValues:
        return self.described.values


class BookSession:
    """See imports.shapes.Session."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.library = context.library
        self.catalogue = Catalogue(context.library)
        self.known = KnownVolumes(context)
        self._places: dict[str, ShelvingLocation] = {}
        self._group: ShelvingGroup | None = None
        self._batches: dict[str, AccessionBatch] = {}
        self._planned_totals = {"records": 0, "items": 0}

    def order(self, rows: Iterable[SourceRow]) -> Iterable[SourceRow]:
        return rows

    # planning

    def plan(self, rows: Sequence[SourceRow]) -> list[RowPlan]:
        read = [read_row(row) for row in rows]
        wanted = [Known.of(one.described) for one in read]
        codes = (volume.barcode for one in read for volume in one.facts.volumes if volume.barcode)
        self.catalogue.learn(wanted, codes)
        matches = [self.catalogue.finder.find(one) for one in wanted]
        self._learn_volumes(rows, [one.facts for one in read], [m.record_id if m else 0 for m in matches])
        self.catalogue.held(match.record_id for match in matches if match)
        return [self._plan(row, one, known) for row, one, known in zip(rows, read, wanted, strict=True)]

    def _learn_volumes(self, rows: Sequence[SourceRow], facts: Sequence[BookFacts], found: list[int]) -> None:
        numbers = [numbers_of(one) for one in facts]
        if not any(numbers):
            self.known.forget()
            return
        self.known.learn(
            (number for some in numbers for number in some),
            (key for key, some in zip(found, numbers, strict=True) if key > 0 and some),
            (
                number
                for row, key, some in zip(rows, found, numbers, strict=True)
                if not key and is_ours(row)
                for number in some
            ),
        )

    def _plan(self, row: SourceRow, read: Reading, wanted: Known) -> RowPlan:
        facts, described = read.facts, read.described
        values = described.values
        notes = [Note(said.code, dict(said.params)) for said in facts.said]
        if facts.refusal:
            return RowPlan.of(row, REFUSED, values.title, _note(facts.refusal), *notes)
        match = self.catalogue.finder.find(wanted)
        record_id, is_new = 0, match is None or match.verdict == "ask"
        numbered = self.known.record_of(numbers_of(facts), values) if is_new else None
        if numbered:
            record_id, is_new = numbered, False
        elif match and is_new:
            other = self.catalogue.held([match.record_id])[match.record_id].title
            code = "isbn_shared" if match.by == "isbn" else "maybe_duplicate"
            notes.append(Note(code, {"isbn": values.isbn, "title": other}))
            described = replace(described, values=replace(values, warnings=(*values.warnings, code)))
        elif match:
            record_id = match.record_id
        taken = self._taken(facts, record_id)
        if taken:
            return RowPlan.of(row, REFUSED, values.title, taken, *notes)
        nameless = is_new and not values.is_complete
        if nameless and self.catalogue.has_original(read.original.sha256, self.context.run_id):
            return RowPlan.of(row, SKIPPED, values.title, Note("already_here"), *notes)
        held = self.catalogue.plan(described) if is_new else self.catalogue.held([record_id])[record_id]
        plan = BookPlan(
            facts, described, read.original, held.record_id, volumes=len(facts.volumes), is_new=is_new
        )
        return self._verdict(row, plan, held, notes)

    def _taken(self, facts: BookFacts, record_id: int) -> Note | None:
        """A barcode that sits on another title; barcodes that sit on this very title are volumes already here."""
        for volume in facts.volumes:
            owner = self.catalogue.barcodes.get(volume.barcode) if volume.barcode else None
            if owner is not None and owner != (record_id or None):
                other = self.catalogue.held([owner])[owner].title
                return Note("barcode_taken", {"barcode": volume.barcode, "title": other})
        return None

    def _verdict(self, row: SourceRow, plan: BookPlan, held: Held, notes: list[Note]) -> RowPlan:
        title = plan.values.title
        earlier = [one for one in held.originals if one.run_id != self.context.run_id or one.run_id is None]
        if any(one.sha256 == plan.original.sha256 for one in earlier):
            return RowPlan.of(row, SKIPPED, title, Note("already_here"), *notes)
        lines = [] if held.is_new else self.known.lines(held.record_id, numbers_of(plan.facts))
        known = [volume for volume in plan.facts.volumes if volume.barcode in self.catalogue.barcodes]
        plan.facts.volumes = [volume for volume in plan.facts.volumes if volume not in known]
        if known:
            notes.append(Note("volumes_known", {"count": len(known), "barcode": known[0].barcode}))
        if lines:
            drop_known(plan.facts, lines)
        if lines and is_ours(row):
            plan.changes = _changes(
                values_as_exported(row, lines).as_projection(), plan.values.as_projection()
            )
        elif not held.is_new and held.has_holding and earlier and plan.original.format == _ROW:
            self._correct(row, plan, earlier[-1], notes)
        plan.volumes = len(plan.facts.volumes)
        verdict = self._weigh(plan, held, notes)
        if verdict != SKIPPED:
            self._remember(plan, held)
        return RowPlan.of(row, verdict, title, *notes, payload=plan)

    def _correct(self, row: SourceRow, plan: BookPlan, before: Earlier, notes: list[Note]) -> None:
        """The same list again with a cell changed: columns follow, and only the difference in volumes comes in."""
        old = cells_before(before)
        if old is None or set(old) - set(row.titles.values()) - set(row.cells):
            return
        if any(
            old.get(row.titles.get(name, ""), "") != row.get(name) for name in _DELIVERY if name in row.titles
        ):
            return
        plan.changes = _changes(before.projection, plan.values.as_projection())
        stated = old.get(row.titles.get("copies", ""), "")
        had = int(float(stated)) if stated.replace(".", "", 1).isdecimal() else 1
        extra = max(0, len(plan.facts.volumes) - had)
        if len(plan.facts.volumes) < had:
            notes.append(Note("fewer_copies", {"before": had, "now": len(plan.facts.volumes)}))
        if not any(volume.barcode for volume in plan.facts.volumes):
            plan.facts.volumes = plan.facts.volumes[:extra]

    def _weigh(self, plan: BookPlan, held: Held, notes: list[Note]) -> str:
        if plan.is_new or not (held.has_holding or held.is_new):
            return MADE
        if plan.changes:
            notes.append(Note("columns_changed", {"columns": ", ".join(sorted(plan.changes))}))
        if plan.volumes:
            notes.append(Note("copies_added", {"count": plan.volumes, "title": held.title}))
        if plan.changes or plan.volumes:
            return CHANGED
        notes.append(Note("already_held", {"title": held.title}))
        return SKIPPED

    def _remember(self, plan: BookPlan, held: Held) -> None:
        held.has_holding = True
        held.volumes += plan.volumes
        for volume in plan.facts.volumes:
            if volume.barcode:
                self.catalogue.barcodes[volume.barcode] = held.record_id
        self._planned_totals["records"] += plan.is_new
        self._planned_totals["items"] += plan.volumes

    # carrying out

    def carry_out(self, plans: Sequence[RowPlan], operation: Operation) -> None:
        del operation  # the acts below write operations of their own
        books = [(plan, plan.payload) for plan in plans if isinstance(plan.payload, BookPlan)]
        records = self._make_records([book for _plan, book in books])
        for plan, book in books:
            book.record_id = book.original.record_id = records.get(book.record_id, book.record_id)
            plan.effects = {"record": book.record_id, "made": book.is_new}
            if book.changes:
                self._change_record(plan, book)
        titles = self._hold([book for _plan, book in books])
        self._write_volumes([(book, title) for (_plan, book), title in zip(books, titles, strict=True)])
        originals = [book.original for _plan, book in books]
        keep_originals(originals, library=self.library, at=self.context.at, run_id=self.context.run_id)
        self.catalogue.written()

    def _make_records(self, books: Sequence[BookPlan]) -> dict[int, int]:
        """Write the new records; gives the key of each by the one it was planned under."""
        new = [book for book in books if book.is_new]
        made: list[int] = []
        for start in range(0, len(new), _RECORDS):
            described = [book.described for book in new[start : start + _RECORDS]]
            made += write_records(described, library=self.library, by=self.context.by, at=self.context.at)
        return {book.record_id: key for book, key in zip(new, made, strict=True)}

    def _change_record(self, plan: RowPlan, book: BookPlan) -> None:
        """Write the changed columns, but not over what somebody changed by hand since."""
        record = BibliographicRecord.objects.get(pk=book.record_id)
        now = values_of(record)
        before = {name: getattr(now, name) for name in book.changes}
        blank = RecordValues()
        fresh: dict[str, Any] = {
            name: getattr(blank, name) if value is None else value for name, value in book.changes.items()
        }
        save_record(
            record=record,
            values=replace(now, **fresh),
            library=self.library,
            by=self.context.by,
            at=self.context.at,
        )
        plan.effects |= {"before": before, "after": fresh}

    def _hold(self, books: Sequence[BookPlan]) -> list[HeldTitle]:
        wanted = [
            HoldingValues(
                record_id=book.record_id,
                clc=book.facts.clc,
                call_number=book.facts.call_number or _numbered(book.facts),
                note=book.facts.holding_note,
            )
            for book in books
        ]
        if self._group is None:
            self._group = default_places(self.library).group
        return hold_titles(
            wanted, library=self.library, by=self.context.by, at=self.context.at, group=self._group
        )

    def _write_volumes(self, books: Sequence[tuple[BookPlan, HeldTitle]]) -> None:
        by_source: dict[str, list[ItemValues]] = {}
        for book, title in books:
            source = book.facts.source or AccessionBatch.Source.OPENING.value
            by_source.setdefault(source, []).extend(
                ItemValues(
                    holding=title,
                    home=self._place(volume.location),
                    list_price_fen=volume.price_fen,
                    paid_price_fen=volume.paid_fen,
                    price_text=volume.price_text,
                    volume_mark=volume.volume_mark,
                    barcode=volume.barcode,
                    legacy_number=volume.legacy_number,
                    note=volume.note,
                )
                for volume in book.facts.volumes
            )
        for source, values in by_source.items():
            if values:
                write_down(values, batch=self._batch(source), by=self.context.by, at=self.context.at)

    def _place(self, name: str) -> ShelvingLocation:
        if name not in self._places:
            self._places[name] = ensure_location(self.library, name)
        return self._places[name]

    def _batch(self, source: str) -> AccessionBatch:
        """The run's draft for this way of acquisition: one batch a run, and a further one for each other source."""
        if source not in self._batches:
            there = AccessionBatch.objects.filter(
                library=self.library, run_id=self.context.run_id, source=source
            )
            self._batches[source] = there.first() or draft_batch(
                library=self.library,
                source=source,
                received_on=self._day(),
                by=self.context.by,
                at=self.context.at,
                note=self.context.file_name[:200],
                run_id=self.context.run_id,
            )
        return self._batches[source]

    def _day(self) -> date:
        """The day of the entry: the first of the school year the list is said to describe, else today."""
        year = self.context.option("school_year")
        try:
            first = parse_period(year).starts_on if year else None
        except BadPeriod:
            first = None
        today = local_date(self.context.at, timezone.get_default_timezone_name())
        return first if first and first <= today else today

    def _instant(self, day: date) -> datetime:
        today = local_date(self.context.at, timezone.get_default_timezone_name())
        if day == today:
            return self.context.at
        return datetime.combine(day, time(), timezone.get_default_timezone())

    def finish(self, progress: Progress) -> None:
        drafts = AccessionBatch.objects.filter(library=self.library, run_id=self.context.run_id)
        for batch in drafts.exclude(state__in=["posted", "void"]).order_by("pk"):
            if PropertyLine.objects.filter(batch=batch).exists():
                post_batch(
                    batch,
                    by=self.context.by,
                    at=self._instant(batch.received_on),
                    on=batch.received_on,
                    progress=lambda done, total: progress(done, total),
                )

    def totals(self) -> dict[str, int]:
        if self.context.run_id is None:
            return dict(self._planned_totals)
        return totals_of_run(self.library.pk, self.context.run_id)


def totals_of_run(library_id: int, run_id: UUID) -> dict[str, int]:
    """Records, volumes and money that a run brought, as the database has them."""
    batches = AccessionBatch.objects.filter(library_id=library_id, run_id=run_id)
    originals = Original.objects.filter(library_id=library_id, run_id=run_id)
    return {
        "records": originals.values("record_id").distinct().count(),
        "items": sum(batch.volumes for batch in batches),
        "amount_fen": sum(batch.amount_fen for batch in batches),
        "unknown_prices": sum(batch.unknown_prices for batch in batches),
    }


def _changes(before: dict[str, object], now: dict[str, object]) -> dict[str, object]:
    """Columns that say something else now."""
    names = {*now, *before} - {"warnings", "is_complete"}
    return {name: now.get(name) for name in names if now.get(name) != before.get(name)}


def _note(said: Said) -> Note:
    return Note(said.code, dict(said.params))


def _numbered(facts: BookFacts) -> str:
    return f"{facts.clc}/{facts.book_number}" if facts.clc and facts.book_number else ""
