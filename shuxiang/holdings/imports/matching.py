"""What the library and the installation already have of the books in a chunk: read in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from shuxiang.audit import bulk
from shuxiang.catalogue.duplicates import DuplicateFinder, Known
from shuxiang.catalogue.models import BibliographicRecord, Original
from shuxiang.catalogue.services import Described
from shuxiang.holdings.models import Holding, Item
from shuxiang.libraries.models import Library

_CHUNK = 400
_SITS_ON = (
    "SELECT d.value, h.record_id FROM holdings_itemidentifier d JOIN holdings_item i ON i.id = d.item_id"
    " JOIN holdings_holding h ON h.id = i.holding_id WHERE d.library_id = %s AND d.value IN ({keys})"
)


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
        self._planned: dict[str, list[Known]] = defaultdict(list)
        self._held: dict[int, Held] = {}
        self._count = 0
        self.barcodes: dict[str, int] = {}  # code → record it sits on
        self.finder = DuplicateFinder(())

    def learn(self, wanted: Sequence[Known], codes: Iterable[str]) -> None:
        """Read what can matter for these rows."""
        self.finder = DuplicateFinder(wanted)
        if self._planned:
            for one in wanted:
                for key in _keys(one):
                    for known in self._planned.get(key, ()):
                        self.finder.add(known)
        unknown = set(codes) - self.barcodes.keys()
        self.barcodes.update(bulk.rows_in(_SITS_ON, unknown, self.library.pk))

    def plan(self, described: Described) -> Held:
        """Remember a record that will be made, so that later rows find it."""
        self._count -= 1
        known = Known.of(described, self._count)
        self.finder.add(known)
        for key in _keys(known):
            self._planned[key].append(known)
        held = self._held[known.id] = Held(known.id, described.values.title, is_new=True)
        return held

    def has_original(self, sha256: str, run_id: UUID | None) -> bool:
        """Whether another run brought the very same row: the only way to know again what has neither title nor ISBN."""
        same = Original.objects.filter(library=self.library, sha256=sha256, record__deleted_at=None)
        return same.exclude(run_id=run_id).exists() if run_id else same.exists()

    def written(self) -> None:
        """All that was planned is in the database now, which answers for it; what was read of it before is old."""
        self._planned.clear()
        self._held.clear()
        self.barcodes.clear()

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


def _keys(known: Known) -> list[str]:
    return [key for key in dict.fromkeys((known.isbn13, known.isbn, known.match_key)) if key]
