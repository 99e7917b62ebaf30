"""The term summary as a page: its text with linked numbers, its human parts to be written, the Word file, signing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, may, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.desk.views.periods import choices, chosen_period, period_label, span, today
from shuxiang.reports import selectors, services
from shuxiang.reports.blocks import (
    Block,
    Chart,
    Heading,
    Human,
    Num,
    Paper,
    Paragraph,
    Runs,
    Signature,
    Table,
)
from shuxiang.reports.messages import speak_all
from shuxiang.reports.summary.words import period_name
from shuxiang.ui.charts import Bar

CODE = "term-summary"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Piece:
    """Words of a line; with an address when they are a number."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Shown:
    """One block as the page shows it."""

    kind: str
    text: str = ""
    pieces: list[Piece] = field(default_factory=list)
    lines: list[list[Piece]] = field(default_factory=list)
    rows: list[list[list[Piece]]] = field(default_factory=list)
    total: list[list[Piece]] = field(default_factory=list)
    head: tuple[str, ...] = ()
    bars: list[Bar] = field(default_factory=list)
    previous: str = ""
    key: str = ""
    prompt: str = ""
    on: date | None = None
    level: int = 0


@require_safe
@needs("figures.view")
def summary(request: StaffRequest) -> HttpResponse:
    """The paper of a period, written out; parts that people write are fields for who may write."""
    period = chosen_period(request)
    paper = selectors.paper_of(request.library, CODE, period.code, today=today())
    signed = selectors.frozen(request.library, CODE, period.code)
    context = {
        "period": period,
        "period_label": period_label(period),
        "span": span(period.starts_on, period.ends_on),
        "choices": choices(request.library, period),
        "title": paper.title,
        "blocks": list(shown_blocks(paper)),
        "signed": signed,
        "may_write": signed is None and may(request.user, "reports.write", request.library, today()),
        "may_sign": signed is None
        and period.ends_on <= today()
        and may(request.user, "reports.sign", request.library, today()),
    }
    return render(request, "desk/reports/summary.html", context)


@require_safe
@needs("figures.view")
def word_file(request: StaffRequest) -> HttpResponse:
    """The paper as a Word file to keep."""
    period = chosen_period(request)
    content = selectors.word_file(request.library, CODE, period.code, today=today())
    name = f"{request.library.name}{period_name(period.code)}工作总结.docx"
    found = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=WORD, headers={"Content-Disposition": found or "attachment"})


@require_POST
@needs("reports.write")
def keep_part(request: StaffRequest) -> HttpResponse:
    """Keep what was written into one part."""
    period = chosen_period(request)
    try:
        services.keep_human_text(
            library=request.library,
            report=CODE,
            period=period.code,
            key=request.POST.get("key", ""),
            text=request.POST.get("text", ""),
            by=actor_of(request),
            at=clock.now(),
        )
        messages.success(request, _("The text is kept."))
    except Refused as problem:
        messages.error(request, speak_all(problem.decision))
    return redirect(f"{reverse('desk:summary')}?period={period.code}")


@require_POST
@needs("reports.sign")
def sign(request: StaffRequest) -> HttpResponse:
    """Sign: the values and words of now stay."""
    period = chosen_period(request)
    try:
        services.sign_report(
            library=request.library, report=CODE, period=period.code, by=actor_of(request), at=clock.now()
        )
        messages.success(request, _("Signed: the summary keeps these numbers and words."))
    except Refused as problem:
        messages.error(request, speak_all(problem.decision))
    return redirect(f"{reverse('desk:summary')}?period={period.code}")


def shown_blocks(paper: Paper) -> Iterator[Shown]:
    """The blocks of a paper as pages show them."""
    for block in paper.blocks:
        yield _block(block)


def _block(block: Block) -> Shown:
    match block:
        case Paragraph():
            return Shown("paragraph", pieces=_pieces(block.runs))
        case Heading():
            return Shown("heading", text=block.text, level=block.level)
        case Human():
            lines = [[Piece(line)] for line in block.text.split("\n")] if block.text else []
            proposal = [_pieces(paragraph.runs) for paragraph in block.proposal]
            words = block.text or "\n".join(paragraph.text for paragraph in block.proposal)
            kind = "written" if block.text else "proposed" if block.proposal else "empty"
            return Shown(
                "human", text=words, lines=lines or proposal, key=block.key, prompt=block.prompt, previous=kind,
                head=(block.title,),
            )  # fmt: skip
        case Table():
            rows = [[_pieces(cell) for cell in row] for row in block.rows]
            total = [_pieces(cell) for cell in block.total]
            return Shown(
                "table", text=block.caption, head=block.head, rows=rows, total=total, level=block.words
            )
        case Chart():
            return _chart(block)
        case Signature():
            return Shown("signature", text=block.name, on=block.on)


def _chart(block: Chart) -> Shown:
    before = block.series[1].values if len(block.series) > 1 else (None,) * len(block.categories)
    bars = [
        Bar(label, value, last)
        for label, value, last in zip(block.categories, block.series[0].values, before, strict=True)
        if value is not None
    ]
    return Shown(
        "chart",
        text=block.caption,
        bars=bars,
        previous=block.series[-1].name if len(block.series) > 1 else "",
    )


def _pieces(runs: Runs) -> list[Piece]:
    return [Piece(run.text, run.fact.path) if isinstance(run, Num) else Piece(run) for run in runs]
