"""What a column can hold: its name, its wordings and how its cells look.

Wordings come from ledgers, school systems' exports, union-catalogue forms and the lists of real schools. They are
compared after `mapping.normal`: case, blanks, brackets and units do not matter; Traditional characters are listed
beside Simplified ones where they differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Detector = Callable[[str], float]
"""How much one non-empty cell looks like the field: 0.0 (cannot be) to 1.0 (surely)."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One thing a row may tell. `synonyms` are column titles; `detector` judges cells when the title does not help.

    `guess_by_content` is False where the detector may only confirm or refute a title: many columns hold small
    numbers or short words. `strict` means that cells which do not fit refute even a known title.
    """

    name: str
    synonyms: tuple[str, ...]
    detector: Detector | None = None
    required: bool = False
    guess_by_content: bool = False
    strict: bool = False


def described(name: str, words: str, detector: Detector | None = None, **options: bool) -> FieldSpec:
    """`words` are separated by blanks; an underscore stands for a blank inside a wording."""
    return FieldSpec(name, tuple(word.replace("_", " ") for word in words.split()), detector, **options)
