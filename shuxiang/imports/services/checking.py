"""The dry run of a draft: look into the file, guess its columns, judge every row and keep the verdicts."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from shuxiang.common.actors import Actor
from shuxiang.files import selectors as files
from shuxiang.imports import profiles, registry
from shuxiang.imports.models import Draft, DraftRow
from shuxiang.imports.services.drafts import clear_rows, still_missing
from shuxiang.imports.services.looking import Head, guessed, look, saved_on
from shuxiang.imports.services.running import NotImported, preview
from shuxiang.imports.shapes import CHANGED, MADE, REFUSED, Note, Progress, RowPlan, SourceRow
from shuxiang.imports.tables import TableError

State = Draft.State
_DETAILS = {
    "books": ("isbn", "barcode"),
    "patrons": ("card", "unit"),
    "loans": ("time", "lent_time", "action", "card"),
}
_DETAIL_CHARS, _CELL_CHARS = 200, 2000


@runtime_checkable
class CountsVolumes(Protocol):
    """A payload that knows how many volumes its row brings."""

    volumes: int


class _Superseded(Exception):
    """Somebody chose other columns, or threw the draft away, while its rows were being judged."""


def check(draft: Draft, *, by: Actor, at: datetime, progress: Progress) -> None:
    """Bring the draft to CHECKED, COLUMNS or UNREADABLE; stops quietly when another round has begun."""
    try:
        _check(draft, by, at, progress)
    except _Superseded:
        return
    except (TableError, NotImported) as problem:
        note = problem.note if isinstance(problem, NotImported) else _note(problem, draft)
        _stop(draft, State.COLUMNS if draft.head else State.UNREADABLE, note)
    except Exception as problem:
        _stop(draft, State.UNREADABLE, Note("check_failed", {"problem": str(problem)[:300]}))
        logging.getLogger("shuxiang.imports").exception("draft %s", draft.pk)
        raise


def _note(problem: TableError, draft: Draft) -> Note:
    return Note(problem.code, {"name": draft.file.name, **problem.params})


def _stop(draft: Draft, state: str, note: Note) -> None:
    """Say why it cannot go on; verdicts of a part of the file would mislead."""
    clear_rows(draft)
    Draft.objects.filter(pk=draft.pk, round=draft.round, state=State.WAITING).update(
        state=state, failure=note.to_json(), counts={}, totals={}
    )


def _save(draft: Draft, **values: object) -> None:
    for name, value in values.items():
        setattr(draft, name, value)
    current = Draft.objects.filter(pk=draft.pk, round=draft.round, state=State.WAITING)
    if not current.update(**values):
        raise _Superseded


def _check(draft: Draft, by: Actor, at: datetime, progress: Progress) -> None:
    clear_rows(draft)
    if not draft.head:
        kinds = [kind for kind in draft.options.get("kinds", []) if kind in registry.kinds()]
        head = look(files.path(draft.file), name=draft.file.name, kinds=kinds)
        _save(draft, head=head.to_json(), kind=draft.kind or head.likeliest(kinds))
    head = Head.from_json(draft.head)
    if not draft.mapping:
        _save(draft, mapping=_likely_mapping(draft, head))
    if head.marc is not None and draft.kind != "books":
        raise NotImported(Note("marc_is_books"))
    if still_missing(draft):
        _save(draft, state=State.COLUMNS)
        return
    _judge(draft, head, by, at, progress)


def _likely_mapping(draft: Draft, head: Head) -> dict[str, object]:
    """A saved profile whose every column is there, else what titles and contents suggest."""
    sheets = draft.options.get("sheets") or head.sheets_of(draft.kind)
    if head.marc is None:
        for profile in profiles.of_library(draft.library, draft.kind):
            laid = saved_on(head, profile.mapping, sheets)
            by_sheet = laid["sheets"]
            if isinstance(by_sheet, dict) and _fits(profile.mapping, by_sheet):
                draft.options = {**draft.options, "used": profile.name}
                _save(draft, options=draft.options)
                return laid
    return guessed(head, draft.kind, files.path(draft.file), draft.file.name, sheets)


def _fits(saved: Mapping[str, object], by_sheet: Mapping[str, Collection[str]]) -> bool:
    """Whether each sheet has every column of a profile."""
    columns = saved.get("columns")
    wanted = set(columns) if isinstance(columns, dict) else set()
    return bool(wanted) and bool(by_sheet) and all(set(one) == wanted for one in by_sheet.values())


def _judge(draft: Draft, head: Head, by: Actor, at: datetime, progress: Progress) -> None:
    counts: Counter[str] = Counter()

    def keep(rows: Sequence[SourceRow], plans: Sequence[RowPlan]) -> None:
        counts.update(plan.verdict for plan in plans)
        counts["remarked"] += sum(map(_is_remarked, plans))
        _save(draft, counts=dict(counts))
        places = {(row.sheet, row.number): row for row in rows}
        kept = (_row(draft, plan, places[plan.sheet, plan.number]) for plan in plans)
        DraftRow.objects.bulk_create(kept)

    chosen = draft.mapping.get("sheets", {})
    expected = sum(one.rows for one in head.sheets if one.name in chosen) or head.rows
    options = {key: one for key, one in draft.options.items() if key == "school_year"}
    found = preview(
        draft.kind,
        files.path(draft.file),
        library=draft.library,
        name=draft.file.name,
        by=by,
        at=at,
        options=options,
        mapping=draft.mapping,
        progress=lambda done, _total: progress(done, expected),
        seen=keep,
    )
    warnings = [note.to_json() for note in found.warnings]
    _save(draft, state=State.CHECKED, totals=found.totals, warnings=warnings, counts=dict(counts))


def _is_remarked(plan: RowPlan) -> bool:
    return plan.verdict in (MADE, CHANGED) and bool(plan.notes)


def kept_titles(kind: str, titles: Mapping[str, str]) -> set[str] | None:
    """The columns (by field) of which a draft may keep the cells: of people, only what is imported. None is all."""
    importer = registry.get(kind)
    if importer.keeps_file:
        return None
    return {title for name, title in titles.items() if name not in importer.left_out}


def _row(draft: Draft, plan: RowPlan, row: SourceRow) -> DraftRow:
    remarked = _is_remarked(plan)
    said = (row.get(name) for name in _DETAILS.get(draft.kind, ()))
    volumes = plan.payload.volumes if isinstance(plan.payload, CountsVolumes) else None
    kept = kept_titles(draft.kind, row.titles)
    cells = {title: cell[:_CELL_CHARS] for title, cell in row.cells.items() if kept is None or title in kept}
    return DraftRow(
        draft=draft,
        number=plan.number,
        sheet=plan.sheet,
        verdict=plan.verdict,
        is_remarked=remarked,
        reasons=[note.to_json() for note in plan.notes],
        label=plan.label,
        detail=" ".join(filter(None, said))[:_DETAIL_CHARS],
        volumes=volumes,
        cells=cells if remarked or plan.verdict == REFUSED else {},
    )
