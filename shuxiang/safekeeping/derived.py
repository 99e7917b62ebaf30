"""What is rebuilt rather than backed up (search indexes): rooms above register how, and which tables it fills."""

from collections.abc import Callable

Rebuilder = Callable[[], None]

_rebuilders: dict[str, Rebuilder] = {}
_is_current: dict[str, Callable[[], bool]] = {}
_tables: set[str] = set()


def derived(
    name: str, *, tables: tuple[str, ...], is_current: Callable[[], bool]
) -> Callable[[Rebuilder], Rebuilder]:
    """Register a function that fills `tables` ("catalogue.searchrow") anew, inside the restoring transaction."""

    def register(function: Rebuilder) -> Rebuilder:
        _rebuilders[name], _is_current[name] = function, is_current
        _tables.update(tables)
        return function

    return register


def rebuild_all() -> None:
    """Make everything derived anew: the tables under it were replaced."""
    for name in sorted(_rebuilders):
        _rebuilders[name]()


def renew_stale() -> None:
    """Make anew what an upgrade left empty or of an older form."""
    for name in sorted(_rebuilders):
        if not _is_current[name]():
            _rebuilders[name]()


def is_derived(label: str) -> bool:
    """Whether a table ("app.model", lower case) is made anew rather than backed up."""
    return label in _tables
