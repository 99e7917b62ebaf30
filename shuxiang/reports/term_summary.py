"""The term summary (工作总结): pure composition of its sections over the facts."""

from django.utils.translation import gettext_lazy as _

from shuxiang.reports.blocks import Block, Heading, Paper, Signature
from shuxiang.reports.facts import FactBook, Wanted
from shuxiang.reports.registry import report
from shuxiang.reports.summary import lending, outlook, overview, stock

CODE = "term-summary"
NUMERALS = "一二三四五六七八九十"
WANTED = Wanted(
    codes=(
        "libraries.classes", "libraries.pupils", "libraries.opening_hours", "patrons.teachers", "patrons.card_rate",
        "holdings.titles", "holdings.volumes", "holdings.value", "holdings.unknown_prices",
        "holdings.volumes_per_pupil", "holdings.gap", "holdings.divisions", "holdings.additions",
        "holdings.additions_value", "holdings.additions_per_pupil", "holdings.withdrawals",
        "circulation.loans", "circulation.loans_pupils", "circulation.loans_teachers", "circulation.loans_per_pupil",
        "circulation.loans_per_teacher", "circulation.participation", "circulation.participation_week",
        "circulation.rate", "circulation.rate_volumes", "circulation.never_borrowed", "circulation.overdue",
    ),
    parts=(
        ("holdings.divisions", "division"), ("circulation.loans", "month"), ("circulation.loans", "clc"),
        ("circulation.loans_per_pupil", "class"), ("circulation.participation", "class"),
        ("circulation.never_borrowed", "class"),
    ),
    previous_codes=(
        "circulation.loans", "circulation.loans_per_pupil", "circulation.loans_per_teacher",
        "circulation.participation", "circulation.rate", "holdings.additions",
    ),
    previous_parts=(("circulation.loans_per_pupil", "class"),),
)  # fmt: skip


@report(CODE, title=_("Term summary"), wanted=WANTED)
def compose(book: FactBook) -> Paper:
    blocks: list[Block] = [
        *overview.opening(book),
        *overview.basics(book),
        *stock.section(book),
        *lending.section(book),
        *outlook.activities(book),
        *outlook.team(book),
        *outlook.problems(book),
        *outlook.plans(book),
        Signature(book.library, book.written_on),
    ]
    return Paper(overview.title(book), tuple(numbered(overview.without_empty(blocks))))


def numbered(blocks: list[Block]) -> list[Block]:
    """一、 before headings of the first level, （一） before those of the second."""
    first = second = 0
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            first, second = first + 1, 0
            block = Heading(1, f"{NUMERALS[first - 1]}、{block.text}")
        elif isinstance(block, Heading):
            second += 1
            block = Heading(block.level, f"（{NUMERALS[second - 1]}）{block.text}")
        found.append(block)
    return found
