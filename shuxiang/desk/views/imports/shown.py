"""What the wizard's pages show, ready for the templates: tabs, rows, columns to choose, progress."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shuxiang.audit import jobs
from shuxiang.common import clock
from shuxiang.desk.views.imports import words
from shuxiang.imports import profiles, registry
from shuxiang.imports.fieldwords import field_word
from shuxiang.imports.messages import sentence
from shuxiang.imports.services import still_missing
from shuxiang.imports.services.looking import Head

if TYPE_CHECKING:
    from shuxiang.audit.models import Job
    from shuxiang.imports.models import Draft

PER_PAGE = 50
YEARS_OFFERED = 20


class CountedPaginator(Paginator):  # type: ignore[type-arg]  # it takes no type when the program runs
    """Pages of rows whose number is known: nothing is counted again at every page."""

    def __init__(self, rows: QuerySet[Any], known: int | None) -> None:
        super().__init__(rows, PER_PAGE)
        self._known = known

    @cached_property
    def count(self) -> int:
        return int(super().count) if self._known is None else self._known


@dataclass(frozen=True)
class Tab:
    """One verdict to look at, with its number of rows."""

    code: str
    words: str
    count: int
    is_current: bool


def tabs(counts: Mapping[str, int], current: str) -> list[Tab]:
    """All rows, then each verdict that occurs; refused ones are always named."""
    shown = [Tab("", _("All rows"), words.read(counts), current == "")]
    for code, label in words.VERDICTS.items():
        if counts.get(code, 0) or code in ("refused", current):
            shown.append(Tab(code, str(label), counts.get(code, 0), code == current))
    return shown


@dataclass(frozen=True)
class ShownRow:
    """One row and its verdict; `url` leads to what it made."""

    place: str
    verdict: str
    seal: str
    words: str
    label: str
    detail: str
    volumes: int | None
    why: list[str]
    url: str = ""


def place_of(sheet: str, number: int) -> str:
    return f"{sheet} {number}" if sheet else str(number)


def shown_row(row: Any, url: str = "") -> ShownRow:
    """A draft's or a run's row for the table."""
    return ShownRow(
        place=place_of(row.sheet, row.number),
        verdict=row.verdict,
        seal=words.SEALS[row.verdict],
        words=str(words.VERDICTS[row.verdict]),
        label=row.label,
        detail=getattr(row, "detail", ""),
        volumes=getattr(row, "volumes", None),
        why=[sentence(reason) for reason in row.reasons],
        url=url,
    )


def sentences(notes: Iterable[Mapping[str, object]]) -> list[str]:
    """Each sentence once: twenty sheets with the same odd column are one remark."""
    return list(dict.fromkeys(map(sentence, notes)))


def page_of(rows: QuerySet[Any], number: str, known: int | None) -> Page[Any]:
    return CountedPaginator(rows, known).get_page(number)


@dataclass(frozen=True)
class Option:
    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True)
class ColumnChoice:
    """One column of the file: what stands in it, and what it may be taken for."""

    name: str
    title: str
    samples: list[str]
    required: list[Option]
    others: list[Option]
    is_recognised: bool


@dataclass(frozen=True)
class GroupChoice:
    """Sheets with the same columns."""

    sheets: list[str]
    header: str
    above: str
    columns: list[ColumnChoice]

    @property
    def recognised(self) -> int:
        return sum(column.is_recognised for column in self.columns)


def groups(draft: Draft, head: Head) -> list[GroupChoice]:
    """The columns of every chosen sheet, like sheets together."""
    by_sheet = draft.mapping.get("sheets") or {}
    shown: dict[int, list[str]] = {}
    for one in head.sheets:
        if one.name in by_sheet:
            shown.setdefault(one.group, []).append(one.name)
    return [_group(draft, head, number, names) for number, names in shown.items()]


def _group(draft: Draft, head: Head, number: int, names: list[str]) -> GroupChoice:
    group = head.groups[number]
    mapping = draft.mapping["sheets"][names[0]]
    chosen = {entry[0]: name for name, entry in mapping.items()}
    columns = [
        _column(draft.kind, f"c-{number}-{index}", title, group.samples[index], chosen.get(index, ""))
        for index, title in enumerate(group.titles)
    ]
    rows = "、".join(map(str, group.header_rows))
    header = (
        _("row %(rows)s holds the column titles") % {"rows": rows} if rows else _("no row of column titles")
    )
    return GroupChoice(names, header, " ".join(group.above)[:120], columns)


def _column(kind: str, name: str, title: str, samples: Sequence[str], chosen: str) -> ColumnChoice:
    importer = registry.get(kind)
    required: list[Option] = []
    others: list[Option] = []
    for spec in importer.fields:
        label = field_word(spec.name)
        if spec.name in importer.left_out:
            label = _("%(field)s (not kept)") % {"field": label}
        (required if spec.required else others).append(Option(spec.name, label, spec.name == chosen))
    return ColumnChoice(name, title, list(samples), required, others, bool(chosen))


def missing_words(draft: Draft) -> list[str]:
    """What still lacks a column, each in words: one field, or one of several."""
    either = _(" or ")
    return [either.join(field_word(name) for name in some) for some in still_missing(draft)]


@dataclass(frozen=True)
class Form:
    """Everything of a draft that a person may choose."""

    kinds: list[Option]
    years: list[Option]
    sheets: list[tuple[str, str, int, bool]] = field(
        default_factory=list
    )  # name, kind in words, rows, chosen
    profiles: list[Option] = field(default_factory=list)
    groups: list[GroupChoice] = field(default_factory=list)
    encodings: list[Option] = field(default_factory=list)
    marc_profiles: list[Option] = field(default_factory=list)


def form_of(draft: Draft, head: Head, kinds: Sequence[str], at: datetime) -> Form:
    form = Form(
        kinds=[Option(kind, str(words.KINDS[kind]), kind == draft.kind) for kind in kinds],
        years=years(draft.options.get("school_year", ""), at) if draft.kind != "loans" else [],
    )
    if head.marc is not None:
        form.encodings.extend(_encodings(draft))
        form.marc_profiles.extend(
            Option(code, label, draft.mapping.get("profile") == code)
            for code, label in (("cnmarc", "CNMARC"), ("marc21", "MARC 21"))
        )
        return form
    chosen = draft.mapping.get("sheets") or {}
    if len(head.sheets) > 1:
        form.sheets.extend(
            (one.name, str(words.KINDS.get(one.kind, _("no list"))), one.rows, one.name in chosen)
            for one in head.sheets
        )
    used = draft.options.get("used", "")
    saved = profiles.of_library(draft.library, draft.kind)
    form.profiles.extend(Option(one.name, one.name, one.name == used) for one in saved)
    form.groups.extend(groups(draft, head))
    return form


def _encodings(draft: Draft) -> Iterable[Option]:
    chosen = draft.mapping.get("encoding")
    for code, label in (
        ("utf-8", "UTF-8"),
        ("gb18030", "GBK / GB 18030"),
        ("big5", "Big5"),
        ("marc-8", "MARC-8"),
    ):
        yield Option(code, label, chosen == code)


def years(chosen: str, at: datetime) -> list[Option]:
    """School years to choose from, the coming one first."""
    last = clock.local_date(at).year
    offered = [f"{year}-{year + 1}" for year in range(last, last - YEARS_OFFERED, -1)]
    if chosen and chosen not in offered:
        offered.append(chosen)
    return [Option(code, code, code == chosen) for code in offered]


@dataclass(frozen=True)
class Progress:
    """How far a job is: `total` 0 while nobody knows; `left` is empty until it can be told."""

    is_waiting: bool
    done: int
    total: int
    left: str
    ahead: str = ""


def progress_of(job: Job | None, at: datetime) -> Progress:
    """How far the job is, and about how long it still takes."""
    if job is None or jobs.is_queued(job):
        return Progress(True, 0, 0, "")
    left = ""
    total = job.total or 0
    if job.started_at and job.done and total > job.done:
        passed = (at - job.started_at).total_seconds()
        if passed > 2:
            left = words.time_left(passed * (total - job.done) / job.done)
    return Progress(False, job.done, total, left)
