"""What a paper is made of, whatever writes it: Word file or page. Plain values, no database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shuxiang.reports.facts import Fact


@dataclass(frozen=True)
class Num:
    """A number in the text and the fact that it comes from."""

    text: str
    fact: Fact


Inline = str | Num
Runs = tuple[Inline, ...]


@dataclass(frozen=True)
class Paragraph:
    runs: Runs

    @property
    def text(self) -> str:
        return plain(self.runs)


@dataclass(frozen=True)
class Heading:
    """Level 1 is 一、, level 2 is （一）; the sign is part of the text."""

    level: int
    text: str


@dataclass(frozen=True)
class Human:
    """A part that a person writes: kept when the paper is made again.

    `proposal` is what the data suggest; `text` is what the person wrote, and then stands instead of it.
    """

    key: str
    title: str
    prompt: str
    proposal: tuple[Paragraph, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Table:
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Runs, ...], ...]
    total: tuple[Runs, ...] = ()
    widths_mm: tuple[int, ...] = ()
    words: int = 1  # so many first columns hold words, the others numbers
    is_small: bool = False  # a long list: two sheets instead of five


@dataclass(frozen=True)
class Series:
    name: str
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Chart:
    """Bars of one or two series over the same categories."""

    caption: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    decimals: int


@dataclass(frozen=True)
class Signature:
    name: str
    on: date


Block = Paragraph | Heading | Human | Table | Chart | Signature


@dataclass(frozen=True)
class Paper:
    """A whole paper; `title` has one entry a line."""

    title: tuple[str, ...]
    blocks: tuple[Block, ...]


def plain(runs: Sequence[Inline]) -> str:
    return "".join(run if isinstance(run, str) else run.text for run in runs)


def numbers(paper: Paper) -> Iterator[Num]:
    """Every linked number of a paper in the order of reading."""
    for block in paper.blocks:
        yield from (run for runs in _runs_of(block) for run in runs if isinstance(run, Num))


def _runs_of(block: Block) -> Iterator[Runs]:
    if isinstance(block, Paragraph):
        yield block.runs
    elif isinstance(block, Human) and not block.text:
        yield from (paragraph.runs for paragraph in block.proposal)
    elif isinstance(block, Table):
        for row in (*block.rows, block.total):
            yield from row


def humans(paper: Paper) -> list[Human]:
    return [block for block in paper.blocks if isinstance(block, Human)]


def sources(paper: Paper) -> list[Fact]:
    """The facts behind a paper, one a figure, period and way of parting, in the order of first use."""
    found: dict[str, Fact] = {}
    for number in numbers(paper):
        found.setdefault(number.fact.source, number.fact)
    return list(found.values())
