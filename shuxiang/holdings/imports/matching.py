"""What the library and the installation already have of the books in a chunk: read in a few queries."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from shuxiang.catalogue.models import BibliographicRecord, Original
from shuxiang.catalogue.services import DuplicateFinder, RecordValues
from shuxiang.common.text import match_key, title_key
from shuxiang.holdings.models import Holding, Item, ItemIdentifier
from shuxiang.libraries.models import Library

_CHUNK = 400


@dataclass(frozen=True, slots=True)
class Earlier:
    """An original of this library for a record: what an earlier file, or an earlier row of this one, said of it."""

    sha256: str
    run_id: UUID | None
    format: str
    content: bytes
    projection: dict[str, object]


@dataclass(slots=True)
class Held:
    """A record as this library has it. `is_new` while it only exists in the plan."""

    record_id: int
    title: str
    is_new: bool = False
    has_holding: bool = False
    volumes: int = 0
    originals: list[Earlier] = field(default_factory=list)


class Catalogue:
    """Duplicates within the file and against the database. Records that are only planned have negative ids."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._planned: dict[str, list[BibliographicRecord]] = defaultdict(list)
        self._held: dict[int, Held] = {}
        self._count = 0
        self.barcodes: dict[str, int] = {}  # code → record it sits on
        self.finder = DuplicateFinder(())

    def learn(self, values: Sequence[RecordValues], codes: Iterable[str]) -> None:
        """Read what can matter for these rows."""
        self.finder = DuplicateFinder(values)
        seen: set[int] = set()
        for one in values:
            for key in _keys(one):
                for record in self._planned.get(key, ()):
                    if record.pk not in seen:
                        seen.add(record.pk)
                        self.finder.add(record)
        unknown = sorted(set(codes) - self.barcodes.keys())
        for start in range(0, len(unknown), _CHUNK):
            rows = ItemIdentifier.objects.filter(
                library=self.library, value__in=unknown[start : start + _CHUNK]
            )
            self.barcodes.update(rows.values_list("value", "item__holding__record_id"))

    def plan(self, values: RecordValues) -> Held:
        """Remember a record that will be made, so that later rows find it."""
        self._count -= 1
        record = _stand_in(self._count, values)
        self.finder.add(record)
        for key in _keys(values):
            self._planned[key].append(record)
        held = self._held[record.pk] = Held(record.pk, values.title, is_new=True)
        return held

    def has_original(self, content: bytes, run_id: UUID | None) -> bool:
        """Whether another run brought the very same row: the only way to know again what has neither title nor ISBN."""
        same = Original.objects.filter(library=self.library, sha256=digest(content), record__deleted_at=None)
        return same.exclude(run_id=run_id).exists() if run_id else same.exists()

    def made(self, planned_id: int, record: BibliographicRecord) -> None:
        """A planned record is now a row: the database answers for it from here on."""
        self._held.pop(planned_id, None)
        for keys in (record.isbn13, record.isbn, record.match_key):
            self._planned.pop(keys, None)

    def forget(self) -> None:
        """What was read about existing records may have changed by the chunk that was just written."""
        self._held = {key: held for key, held in self._held.items() if key < 0}

    def held(self, record_ids: Iterable[int]) -> dict[int, Held]:
        """What the library has of these records."""
        missing = sorted({key for key in record_ids if key > 0} - self._held.keys())
        for start in range(0, len(missing), _CHUNK):
            self._read(missing[start : start + _CHUNK])
        return self._held

    def _read(self, keys: list[int]) -> None:
        for key, title in BibliographicRecord.objects.filter(pk__in=keys).values_list("pk", "title"):
            self._held[key] = Held(key, title)
        for key in Holding.objects.filter(library=self.library, record__in=keys).values_list(
            "record_id", flat=True
        ):
            self._held[key].has_holding = True
        living = Item.objects.filter(library=self.library, holding__record__in=keys)
        for key in living.exclude(account__in=["withdrawn", "void"]).values_list(
            "holding__record_id", flat=True
        ):
            self._held[key].volumes += 1
        rows = Original.objects.filter(library=self.library, record__in=keys).order_by("pk")
        for row in rows.values_list("record_id", "sha256", "run_id", "format", "content", "projection"):
            self._held[row[0]].originals.append(Earlier(row[1], row[2], row[3], bytes(row[4]), row[5]))


def _stand_in(key: int, values: RecordValues) -> BibliographicRecord:
    complete = values.is_complete
    match = (
        match_key(values.title, values.authors, values.publisher, values.volume_mark)[:300]
        if complete
        else ""
    )
    return BibliographicRecord(
        id=key,
        title=values.title,
        isbn=values.isbn,
        isbn13=values.isbn13,
        volume_mark=values.volume_mark,
        is_complete=complete,
        title_key=title_key(values.title)[:200] if complete else "",
        match_key=match,
    )


def _keys(values: RecordValues) -> list[str]:
    match = match_key(values.title, values.authors, values.publisher, values.volume_mark)[:300]
    keys = [values.isbn13, values.isbn, match if values.is_complete else ""]
    return [key for key in dict.fromkeys(keys) if key]


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
