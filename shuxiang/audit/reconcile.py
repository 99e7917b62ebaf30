"""The registry of reconciliation checks (帐帐相符): each room registers its own; none knows the others."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from shuxiang.audit.discovery import Discovery
from shuxiang.audit.statistics import know_sizes


@dataclass(frozen=True)
class Difference:
    """One row that does not agree. `allowed` marks a known exception: named, counted, no failure."""

    check: str
    library_code: str
    subject: str  # "holdings.item:123", or what a person can find it by
    code: str  # reason code; words in the room's messages.py
    params: dict[str, object] = field(default_factory=dict)
    allowed: bool = False


Check = Callable[[str | None], Iterator[Difference]]
Words = Callable[[str, dict[str, object]], str]

_checks: dict[str, Check] = {}
_words: dict[str, Words] = {}
_discover = Discovery("reconcile")  # each room's reconcile registers its checks and its words


def check(code: str) -> Callable[[Check], Check]:
    """Register a check under room.name; it gets a library code, or None for all libraries."""

    def register(function: Check) -> Check:
        if code in _checks and _checks[code] is not function:
            raise ValueError(f"check {code} registered twice")
        _checks[code] = function
        return function

    return register


def words(room: str, speak: Words) -> None:
    """Register how a room puts its difference codes into sentences."""
    _words[room] = speak


def describe(difference: Difference) -> str:
    _discover()
    speak = _words.get(difference.check.partition(".")[0])
    return speak(difference.code, difference.params) if speak else f"{difference.code} {difference.params}"


@dataclass(frozen=True)
class Outcome:
    checks: tuple[str, ...]
    differences: tuple[Difference, ...]
    exceptions: tuple[Difference, ...]

    @property
    def is_clean(self) -> bool:
        return not self.differences


def run(library_code: str | None = None) -> Outcome:
    """Run every check; differences are failures, exceptions are known and allowed."""
    _discover()
    know_sizes()
    found = [difference for function in _checks.values() for difference in function(library_code)]
    return Outcome(
        checks=tuple(sorted(_checks)),
        differences=tuple(d for d in found if not d.allowed),
        exceptions=tuple(d for d in found if d.allowed),
    )
