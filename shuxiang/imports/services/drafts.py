"""A file on its way to become an import: brought, its columns settled, judged, then started or thrown away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from shuxiang.audit import jobs
from shuxiang.common import clock
from shuxiang.common.actors import Actor
from shuxiang.common.ids import uuid7
from shuxiang.common.schoolyear import BadPeriod
from shuxiang.files import selectors as files
from shuxiang.files import services as file_store
from shuxiang.files.models import StoredFile
from shuxiang.imports import profiles, registry
from shuxiang.imports.models import Draft, DraftRow, Run
from shuxiang.imports.services.looking import Head, mapping_of, missing, saved_on
from shuxiang.imports.services.running import NotImported
from shuxiang.imports.shapes import Note
from shuxiang.libraries.models import Library
from shuxiang.libraries.rules.terms import year_of

KEPT_DAYS = 7
EARLIEST_YEAR = 1950
_OPEN = (Draft.State.WAITING, Draft.State.COLUMNS, Draft.State.CHECKED)
_DELETED_AT_ONCE = 2000


class NotChosen(Exception):
    """Nothing was changed; `notes` say what to correct."""

    def __init__(self, *notes: Note) -> None:
        super().__init__(notes[0].code)
        self.notes = notes


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person says of a file. `columns` is field by column number for each group of like sheets."""

    kind: str
    sheets: Sequence[str] = ()
    columns: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    encoding: str = ""
    marc_profile: str = ""
    school_year: str = ""
    saved: str = ""  # a profile to use instead of `columns`
    save_as: str = ""


def bring(
    content: BinaryIO,
    *,
    name: str,
    library: Library,
    kinds: Sequence[str],
    by: Actor,
    at: datetime,
    draft_id: UUID | None = None,
) -> Draft:
    """Keep the file and have it looked into; the same file sent again under one id is the same draft.

    `kinds` are those that the person may import. Raises NotImported when the disk does not take the file.
    """
    try:
        stored = file_store.store(content, name=name, library=library, by=by, at=at)
    except file_store.NotStored as problem:
        raise NotImported(Note("not_stored", {"name": name, "problem": problem.problem})) from problem
    while True:
        there = _there(draft_id)
        if there is not None and there.library_id == library.pk and there.file.sha256 == stored.sha256:
            stored.delete()
            return there
        try:
            free = draft_id if there is None else None
            return _draft(stored, library, kinds, by=by, at=at, draft_id=free)
        except IntegrityError:
            if there is not None or draft_id is None:
                raise
            # The same upload, sent twice at once, was a moment faster: look again.


def _there(key: UUID | None) -> Draft | None:
    return Draft.objects.select_related("file").filter(pk=key).first() if key else None


def bring_again(run: Run, *, kind: str, by: Actor, at: datetime) -> Draft:
    """Another list of a file that is kept already: its readers after its books. The bytes lie on the disk once.

    Raises NotImported when the file is not there any more.
    """
    if not files.path(run.file).is_file():
        raise NotImported(Note("file_missing", {"name": run.file.name}))
    same = {name: getattr(run.file, name) for name in ("library", "sha256", "name", "size", "media_type")}
    again = StoredFile.objects.create(**same, stored_at=at, stored_by=by.name[:80])
    return _draft(again, run.library, [kind], by=by, at=at, kind=kind)


@transaction.atomic
def _draft(
    file: StoredFile,
    library: Library,
    kinds: Sequence[str],
    *,
    by: Actor,
    at: datetime,
    draft_id: UUID | None = None,
    kind: str = "",
) -> Draft:
    draft = Draft.objects.create(
        id=draft_id or uuid7(),
        library=library,
        kind=kind,
        file=file,
        options={"kinds": list(kinds)},
        requested_by=by.name[:80],
        created_at=at,
        touched_at=at,
    )
    _queue(draft, by)
    return draft


def _queue(draft: Draft, by: Actor) -> None:
    job = jobs.queue(
        "imports.check",
        by=by,
        library_code=draft.library.code,
        params={"draft": str(draft.pk), "round": draft.round, "by": by.name, "account": by.account_id},
    )
    draft.job = job
    draft.save(update_fields=["job"])


@transaction.atomic
def choose(draft: Draft, choice: Choice, *, by: Actor, at: datetime) -> None:
    """Take what the person says of the file and judge its rows anew. Raises NotChosen, with everything as it was."""
    now = Draft.objects.select_for_update().select_related("library", "file").get(pk=draft.pk)
    if now.state not in _OPEN or not now.head:
        raise NotChosen(Note("draft_closed", {"file": now.file.name}))
    if choice.school_year and not is_school_year(choice.school_year, at):
        raise NotChosen(Note("no_school_year", {"text": choice.school_year}))
    head = Head.from_json(now.head)
    now.mapping = {} if _is_anew(now, head, choice) else _mapping(now, head, choice)
    now.kind, now.state, now.touched_at, now.round = choice.kind, Draft.State.WAITING, at, now.round + 1
    now.counts, now.totals, now.warnings, now.failure = {}, {}, [], {}
    said = {
        "school_year": choice.school_year,
        "profile": choice.save_as.strip()[:60],
        "sheets": list(choice.sheets) if choice.kind == draft.kind else [],
    }
    now.options = {"kinds": now.options.get("kinds", [])} | {key: one for key, one in said.items() if one}
    now.save()
    _queue(now, by)


def is_school_year(text: str, at: datetime) -> bool:
    """Whether it is a year of a school, like 2016-2017, and not beyond the next."""
    try:
        return EARLIEST_YEAR <= year_of(text) <= clock.local_date(at).year + 1
    except BadPeriod:
        return False


def _is_anew(draft: Draft, head: Head, choice: Choice) -> bool:
    """Whether the columns must be guessed again: another kind, or sheets whose columns were not on the page."""
    if choice.kind != draft.kind:
        return True
    if head.marc is not None or choice.saved:
        return False
    if not choice.sheets:
        raise NotChosen(Note("no_sheet_chosen"))
    groups = {one.group for one in head.sheets if one.name in choice.sheets}
    return not groups <= set(choice.columns)


def _mapping(draft: Draft, head: Head, choice: Choice) -> dict[str, object]:
    if head.marc is not None:
        return {"encoding": choice.encoding, "profile": choice.marc_profile}
    if choice.saved:
        saved = profiles.find(draft.library, choice.kind, choice.saved)
        if saved is None:
            raise NotChosen(Note("profile_gone", {"name": choice.saved}))
        return saved_on(head, saved, choice.sheets)
    by_group = {group: _columns(head, group, choice) for group in choice.columns}
    named = {one.name: one.group for one in head.sheets if one.name in choice.sheets}
    return mapping_of({name: by_group[group] for name, group in named.items()})


def _columns(head: Head, group: int, choice: Choice) -> dict[str, list[object]]:
    """field → [column, title]; a field may stand on one column only."""
    known = {spec.name for spec in registry.get(choice.kind).fields}
    titles = head.groups[group].titles if 0 <= group < len(head.groups) else []
    found: dict[str, list[object]] = {}
    for column, name in sorted(choice.columns[group].items()):
        if name not in known or not 0 <= column < len(titles):
            continue
        if name in found:
            raise NotChosen(
                Note("field_twice", {"field": name, "one": found[name][1], "other": titles[column]})
            )
        found[name] = [column, titles[column]]
    return found


def still_missing(draft: Draft) -> list[tuple[str, ...]]:
    """What has no column yet, of the first sheet that lacks anything; nothing for MARC."""
    by_sheet = draft.mapping.get("sheets")
    if not isinstance(by_sheet, dict):
        return []
    fields = registry.get(draft.kind).fields
    lacking = (missing(draft.kind, columns, fields) for columns in by_sheet.values())
    return next(filter(None, lacking), []) if by_sheet else missing(draft.kind, (), fields)


def start(draft: Draft, *, shown_round: int, by: Actor, at: datetime) -> Run:
    """Make it a run of the server's; asked twice, it is the same run. Raises NotChosen when other verdicts stand now."""
    with transaction.atomic():
        taken = Draft.objects.filter(pk=draft.pk, state=Draft.State.CHECKED, round=shown_round)
        if not taken.update(state=Draft.State.STARTED, touched_at=at):
            draft.refresh_from_db()
            if draft.run is not None:
                return draft.run
            raise NotChosen(Note("draft_changed", {"file": draft.file.name}))
        draft.refresh_from_db()
        if name := draft.options.get("profile"):
            profiles.save(draft.library, draft.kind, name, draft.mapping, at=at)
        run = _run(draft, by, at)
        draft.run, draft.head = run, Head.from_json(draft.head).without_samples().to_json()
        draft.save(update_fields=["run", "head"])
        return run


def _run(draft: Draft, by: Actor, at: datetime) -> Run:
    options = {key: draft.options[key] for key in ("school_year", "profile") if key in draft.options}
    run = Run.objects.create(
        library=draft.library,
        kind=draft.kind,
        file=draft.file,
        mapping=draft.mapping,
        options={**options, "warnings": draft.warnings},
        state=Run.State.RUNNING,
        requested_by=by.name[:80],
        started_at=at,
    )
    run.job = jobs.queue(
        "imports.run",
        by=by,
        library_code=draft.library.code,
        params={"run": str(run.pk), "rows": rows_of(draft), "by": by.name, "account": by.account_id},
    )
    run.save(update_fields=["job"])
    return run


def rows_of(draft: Draft) -> int:
    """How many rows the dry run read."""
    return sum(draft.counts.get(verdict, 0) for verdict in ("made", "changed", "skipped", "refused"))


def throw_away(draft: Draft) -> None:
    """The draft, its verdicts and its file are gone, as if it had never been brought; a run of it stays what it is."""
    Draft.objects.filter(pk=draft.pk).update(round=draft.round + 1)  # a dry run that works on it stops itself
    clear_rows(draft)
    file, is_run = draft.file, draft.run_id is not None
    draft.delete()
    if not is_run:
        _let_go(file)


def clear_rows(draft: Draft) -> None:
    """Remove its verdicts, some at a time: the desk does not wait."""
    while keys := list(DraftRow.objects.filter(draft=draft).values_list("pk", flat=True)[:_DELETED_AT_ONCE]):
        DraftRow.objects.filter(pk__in=keys).delete()


def _let_go(file: StoredFile) -> None:
    """The row goes; the bytes too, unless another file, draft or run still needs them."""
    same = StoredFile.objects.filter(sha256=file.sha256).exclude(pk=file.pk)
    spent = Run.objects.filter(file__in=same, state__in=[Run.State.DONE, Run.State.UNDONE])
    done = [run.file_id for run in spent if not registry.get(run.kind).keeps_file]
    if not same.exclude(pk__in=done).exists():
        files.path(file).unlink(missing_ok=True)
    file.delete()


def abandoned(at: datetime) -> QuerySet[Draft]:
    """What nobody has touched for KEPT_DAYS days."""
    return Draft.objects.filter(touched_at__lt=at - timedelta(days=KEPT_DAYS)).select_related("file")


def sweep(at: datetime) -> int:
    """Throw away what was abandoned; returns how many."""
    old = list(abandoned(at))
    for draft in old:
        throw_away(draft)
    return len(old)
