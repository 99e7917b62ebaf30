"""What would happen if: one reader, one volume, one day, asked of the same rules and nothing written."""

from dataclasses import dataclass
from datetime import datetime

from shuxiang.circulation import selectors
from shuxiang.circulation.rules import may_check_out
from shuxiang.circulation.selectors import Standing
from shuxiang.circulation.services import snapshot
from shuxiang.common.clock import local_date
from shuxiang.common.decisions import Decision
from shuxiang.holdings import labels
from shuxiang.holdings.models import Item
from shuxiang.libraries.models import Library
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.models import Patron


@dataclass(frozen=True)
class Tried:
    """Who and what were meant (several or none where it was not clear), and what the rules say."""

    patron: Patron | None = None
    item: Item | None = None
    readers: tuple[Patron, ...] = ()
    standing: Standing | None = None
    decision: Decision | None = None

    @property
    def place_id(self) -> int | None:
        return selectors.place_of(self.item).pk if self.item else None


def try_lending(library: Library, reader: str, code: str, at: datetime) -> Tried:
    """Find reader (card or name) and volume (barcode, accession number, or any copy of an ISBN) and ask the rules."""
    readers = patrons.search(library, reader, on=local_date(at)) if reader.strip() else []
    known = selectors.identify(library, code)
    item = known.item or (selectors.copy_to_lend(library, known.records) if known.records else None)
    if item is None and known.card is None:
        numbered, _unknown = labels.of_list(library, [code.strip()])
        item = selectors.volume_now(numbered[0]) if numbered else None
    if len(readers) != 1 or item is None:
        return Tried(readers[0] if len(readers) == 1 else None, item, tuple(readers))
    patron = readers[0]
    patron.library = library
    found = selectors.standing(
        library=library,
        patron=patron,
        item=selectors.volume_now(item.pk),
        at=at,
        kind=snapshot.default_kind(patron),
        card=None,
    )
    return Tried(patron, item, tuple(readers), found, may_check_out(found.facts))
