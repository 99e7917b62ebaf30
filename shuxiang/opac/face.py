"""The two faces of the catalogue: the public one, and the same pages in the frame of the staff."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from django.urls import reverse
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from shuxiang.libraries.models import Library


@dataclass(frozen=True, slots=True)
class Face:
    """Where the pages of a library's catalogue stand; the addresses are made here and nowhere else."""

    library: "Library"
    search_url: str
    records_url: str  # a record's key goes behind it
    is_staff: bool = False

    def find(self, query: str = "", **more: str) -> str:
        """The address of a search."""
        asked = [f"{name}={_quoted(value)}" for name, value in {"q": query, **more}.items() if value]
        return f"{self.search_url}?{'&'.join(asked)}" if asked else self.search_url

    def find_in(self, field: str, words: str) -> str:
        """The address of a search for words in one field, as one would type it: 作者:"罗曼·罗兰"."""
        plain = words.replace('"', " ").strip()
        return self.find(f'{field}:"{plain}"' if not plain.isalnum() else f"{field}:{plain}")

    def record(self, pk: int) -> str:
        return f"{self.records_url}{pk}"

    def context(self, current: str = "") -> dict[str, Any]:
        """What the frame shows; staff pages get theirs from the desk. `current` is the address of this page's place."""
        shown: dict[str, Any] = {
            "face": self,
            "library": self.library,
            "frame": "ui/staff.html" if self.is_staff else "ui/public.html",
            "search_url": self.search_url,
            "suggest_url": _address("opac:suggest", self.library.code),
        }
        if self.is_staff:
            return shown
        home = _address("opac:home", self.library.code)
        places = [
            (home, _("Find a book")),
            (self.search_url, _("New titles")),
            (self.find(sort="most_lent"), _("Most lent")),
        ]
        return shown | {
            "library_name": self.library.name,
            "public_home_url": home,
            "nav_items": [(url, words, url == (current or home)) for url, words in places],
            "sign_in_url": _address("accounts:sign_in"),
            "patron_url": _address("opac:me", self.library.code),
        }


def public_face(library: "Library") -> Face:
    search = _address("opac:search", library.code)
    return Face(library, search, _address("opac:record", library.code, 0)[:-1])


def staff_face(library: "Library") -> Face:
    search = _address("opac:staff_search")
    return Face(library, search, _address("opac:staff_record", 0)[:-1], is_staff=True)


@lru_cache(maxsize=1024)
def _address(route: str, *args: str | int) -> str:
    """Addresses that every page of a library holds; they are the same for ever."""
    return reverse(route, args=args)


_quoted = lru_cache(maxsize=1024)(quote_plus)
