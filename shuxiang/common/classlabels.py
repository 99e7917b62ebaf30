"""Labels of classes as schools write them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClassLabel:
    """`grade` counts school years from 1 (primary) to 12; None when the label names none."""

    grade: int | None
    pattern: str
    number: str = ""
    entry_year: int | None = None


def parse_class_label(text: str) -> ClassLabel | None:
    raise NotImplementedError


def render_label(pattern: str, grade: int) -> str:
    raise NotImplementedError


def to_chinese(number: int) -> str:
    raise NotImplementedError


def from_chinese(text: str) -> int:
    raise NotImplementedError
