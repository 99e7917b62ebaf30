"""The copies of one title, and what may be said of each in public: where it is, never who has it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shuxiang.circulation.due import due_of
from shuxiang.common.text.keys import volume_key
from shuxiang.holdings import shown
from shuxiang.opac import words

if TYPE_CHECKING:
    from shuxiang.catalogue.models import BibliographicRecord
    from shuxiang.holdings.models import Item
    from shuxiang.libraries.models import Library

MOST_SHOWN = 12  # more than these are folded away behind the first FIRST
FIRST = 10


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy on the page of a record."""

    label: str
    volume_mark: str
    place: str
    call_number: str
    state: words.State


@dataclass(frozen=True, slots=True)
class Copies:
    """All copies: those in sight, those folded away, and whether they are volumes of a set."""

    first: list[Copy]
    folded: list[Copy]
    is_set: bool

    def __len__(self) -> int:
        return len(self.first) + len(self.folded)


def copies_of(library: "Library", record: "BibliographicRecord") -> Copies:
    """The copies on the books: volumes of a set in order, and of equal ones those on the shelf first."""
    items = sorted(shown.copies_shown(library, record), key=_order)
    due = due_of(library, [item.pk for item in items if item.account == "loan"])
    copies = [
        Copy(
            shown.label_of(item),
            item.volume_mark,
            (item.current or item.home).name,
            item.holding.call_number,
            words.account_words(item.account, due.get(item.pk)),
        )
        for item in items
    ]
    seen = len(copies) if len(copies) <= MOST_SHOWN else FIRST
    return Copies(copies[:seen], copies[seen:], any(copy.volume_mark for copy in copies))


def _order(item: "Item") -> tuple[int, int, str, bool, int, int]:
    key = volume_key(item.volume_mark)
    number = int(key) if key.isdecimal() and key.isascii() else 0
    return (bool(key), number, key, item.account != "shelf", item.copy_number, item.pk)
