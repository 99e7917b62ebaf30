"""Pages that lead to many others: a line for each, told to whom it is open."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class Part(NamedTuple):
    """A page that a hub leads to; `scoped` where a grant for one class is enough to open it."""

    route: str
    words: "StrPromise"
    sentence: "StrPromise"
    permission: str
    scoped: bool = False


class Group(NamedTuple):
    """Parts below one heading, in the order in which a day or a year meets them."""

    heading: "StrPromise | str"
    parts: tuple[Part, ...]
