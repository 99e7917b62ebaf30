"""What is rebuilt rather than backed up (search indexes): rooms above register how, and which tables it fills."""

from collections.abc import Callable

_rebuilders: dict[str, Callable[[], None]] = {}
_tables: set[str] = set()


def derived(name: str, *, tables: tuple[str, ...]) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a function that fills `tables` ("catalogue.searchrow") anew, inside the restoring transaction."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        _rebuilders[name] = function
        _tables.update(tables)
        return function

    return register


def rebuild_all() -> None:
    """Make everything derived anew."""
    for name in sorted(_rebuilders):
        _rebuilders[name]()


def is_derived(label: str) -> bool:
    """Whether a table ("app.model", lower case) is made anew rather than backed up."""
    return label in _tables
