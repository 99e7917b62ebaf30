"""What is rebuilt rather than backed up (search indexes): rooms above register how."""

from collections.abc import Callable

_rebuilders: dict[str, Callable[[], None]] = {}


def derived(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a function that makes something anew from the tables; it runs inside the restoring transaction."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        _rebuilders[name] = function
        return function

    return register


def rebuild_all() -> None:
    for name in sorted(_rebuilders):
        _rebuilders[name]()
