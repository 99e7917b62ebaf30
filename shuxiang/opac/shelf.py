"""The shelf of the first page: a spine for each class, as broad as the square root of its volumes."""

from typing import TYPE_CHECKING

from shuxiang.holdings import listing
from shuxiang.opac import classes
from shuxiang.opac.face import Face

if TYPE_CHECKING:
    from shuxiang.libraries.models import Library


def volumes_by_class(library: "Library") -> dict[str, int]:
    """Volumes on the books by main class; '' for those not yet classed. Classes without volumes are left out."""
    held: dict[str, int] = {}
    for letter, volumes in listing.volumes_by_class(library).items():
        key = letter if letter in classes.LETTERS else ""
        held[key] = held.get(key, 0) + volumes
    return held


def smallest(held: dict[str, int]) -> int:
    """The volumes that the thinnest spine stands for: of very few volumes not all others become equally thick."""
    counts = [count for letter, count in held.items() if letter]
    return max(min(counts, default=1), max(counts, default=1) // 100)


def spines(held: dict[str, int], face: Face) -> list[tuple[str, str, int, str]]:
    """(letter, short name, volumes, address) of each of the 22 classes."""
    return [
        (letter, classes.short_name(letter), held.get(letter, 0), face.find(clc=letter))
        for letter in classes.LETTERS
    ]
