"""Reading reports: the paper of a period, with what people wrote, frozen once it is signed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from shuxiang.libraries.models import Library
from shuxiang.reports import docx, registry
from shuxiang.reports.blocks import Human, Paper
from shuxiang.reports.facts import FactBook, collect, from_json
from shuxiang.reports.models import FrozenReport, ReportText
from shuxiang.reports.rules import Kept


def kept_texts(library: Library, report: str, period: str) -> dict[str, Kept]:
    """What people wrote, by the key of the part."""
    rows = ReportText.objects.filter(library=library, report=report, period=period)
    return {row.key: Kept(row.text, row.changed_at) for row in rows}


def frozen(library: Library, report: str, period: str) -> FrozenReport | None:
    """The signed report of a period, if it was signed."""
    return FrozenReport.objects.filter(library=library, report=report, period=period).first()


def book_of(library: Library, report: str, period: str, *, today: date) -> FactBook:
    """The facts of a report: those it was signed with, else the figures of now. Raises BadPeriod, UnknownReport."""
    signed = frozen(library, report, period)
    if signed:
        return from_json(signed.values["book"])
    return collect(library, period, registry.get(report).wanted, today=today)


def paper_of(library: Library, report: str, period: str, *, today: date) -> Paper:
    """The whole paper. Raises BadPeriod, UnknownReport."""
    paper = registry.get(report).compose(book_of(library, report, period, today=today))
    signed = frozen(library, report, period)
    if signed:
        return with_texts(paper, signed.values["texts"])
    return with_texts(paper, {key: kept.text for key, kept in kept_texts(library, report, period).items()})


def with_texts(paper: Paper, texts: Mapping[str, str]) -> Paper:
    """The paper with what people wrote in its human parts."""
    blocks = (
        replace(block, text=texts.get(block.key, "")) if isinstance(block, Human) else block
        for block in paper.blocks
    )
    return replace(paper, blocks=tuple(blocks))


def word_file(library: Library, report: str, period: str, *, today: date) -> bytes:
    """The paper as a Word file. Raises BadPeriod, UnknownReport."""
    signed = frozen(library, report, period) is not None
    paper = paper_of(library, report, period, today=today)
    return docx.write(paper, mark=docx.mark_of(library.code, report, period), is_final=signed)
