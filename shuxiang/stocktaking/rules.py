"""Into which heap a volume falls, and which books stand out of order: facts in, answer out."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PRESENT, LOST, OUT, MISSING, MISPLACED, AWAY = "present", "lost", "out", "missing", "misplaced", "away"
HEAPS = (PRESENT, LOST, OUT, MISSING, MISPLACED)  # the five; AWAY is what is rightly elsewhere
ALL_HEAPS = (*HEAPS, AWAY)
# heap → acts that may settle it, the usual one first
ACTS: Mapping[str, tuple[str, ...]] = {
    LOST: ("found",),
    OUT: ("take_back",),
    MISSING: ("mark_missing",),
    MISPLACED: ("bring_home", "keep_here", "seen_to"),
}
_SET_ASIDE = ("mending", "binding")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one volume when the heaps are made."""

    account: str
    is_scanned: bool
    is_expected: bool = True  # belongs to what is counted
    is_elsewhere: bool = False  # was scanned at another place than the one where it should stand
    moved_since_scan: bool = False  # an act after its scan
    moved_since_open: bool = False  # an act since the stocktake was opened
    corners_counted: bool = (
        False  # places were named, so class corners are counted only where they were named
    )


def heap_of(facts: Facts) -> tuple[str, str]:
    """The heap, and why it lies there ('' where nothing needs to be said).

    What happened after the scan prevails: a volume lent after it was scanned is present, not wrongly out.
    """
    return _heap_of_scanned(facts) if facts.is_scanned else _heap_of_unscanned(facts)


def _heap_of_unscanned(facts: Facts) -> tuple[str, str]:
    if facts.account == "missing":
        return AWAY, "still_missing"
    if facts.account in ("loan", "display", "review", *_SET_ASIDE):
        return AWAY, facts.account
    if facts.account == "corner" and not facts.corners_counted:
        return AWAY, "corner"
    if facts.moved_since_open:
        return PRESENT, "handled"
    return MISSING, ""


# account → the heap of a volume that was scanned: as the books had it then, and when an act followed the scan
_SCANNED: Mapping[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "withdrawn": ((MISPLACED, "withdrawn"), (MISPLACED, "withdrawn_since")),
    "missing": ((LOST, ""), (AWAY, "missing_since")),
    "loan": ((OUT, "loan"), (PRESENT, "lent_since")),
    "mending": ((OUT, "mending"), (PRESENT, "aside_since")),
    "binding": ((OUT, "binding"), (PRESENT, "aside_since")),
    "review": ((MISPLACED, "review"), (PRESENT, "aside_since")),
}


def _heap_of_scanned(facts: Facts) -> tuple[str, str]:
    if facts.account in _SCANNED:
        return _SCANNED[facts.account][facts.moved_since_scan]
    if not facts.is_expected:
        return MISPLACED, "not_counted_here"
    return (MISPLACED, "other_place") if facts.is_elsewhere else (PRESENT, "")


@dataclass(frozen=True, slots=True)
class Stray:
    """A book to be moved: where it stands in the sequence, and the place behind which it belongs (-1: to the front)."""

    index: int
    behind: int


def out_of_order(keys: Sequence[str]) -> list[Stray]:
    """The fewest books to move so that all stand in rising order of their keys: those outside a longest rising run.

    Equal keys may stand in any order. Takes n log n steps.
    """
    standing = _longest_run(keys)
    kept = set(standing)
    run = [keys[index] for index in standing]
    strays = []
    for index, key in enumerate(keys):
        if index not in kept:
            place = bisect_right(run, key)
            strays.append(Stray(index, standing[place - 1] if place else -1))
    return strays


def _longest_run(keys: Sequence[str]) -> list[int]:
    """Indices of a longest subsequence that never falls (patience sorting)."""
    tails: list[str] = []
    ends: list[int] = []  # index of the key on each pile
    before = [-1] * len(keys)
    for index, key in enumerate(keys):
        pile = bisect_right(tails, key)
        if pile == len(tails):
            tails.append(key)
            ends.append(index)
        else:
            tails[pile] = key
            ends[pile] = index
        before[index] = ends[pile - 1] if pile else -1
    found = []
    at = ends[-1] if ends else -1
    while at >= 0:
        found.append(at)
        at = before[at]
    return found[::-1]


def class_prefixes(text: str) -> tuple[str, ...]:
    """The beginnings of class numbers in what was typed: "I，H1 TP3" names three."""
    for separator in ",，、;；":
        text = text.replace(separator, " ")
    return tuple(dict.fromkeys(part[0].upper() + part[1:] for part in text.split()))


def range_keys(first: str, last: str) -> tuple[str, str]:
    """From and below which keys a range of call numbers lies, both ends with all that begins like them.

    Takes keys as holdings.rules.sort_key makes them; '' sets no bound. A key ends with "0", and goes on with 1 to 4.
    """
    return first.removesuffix("0"), f"{last.removesuffix('0')}5" if last else ""
