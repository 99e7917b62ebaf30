"""The whole rotation table: carried on from another day, filled by proposal, read from a spreadsheet, printed."""

from __future__ import annotations

import io
import re
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.classlife import PDF, day_of, download, number_of, operation_of, time_of, today
from shuxiang.desk.views.rotation import EDIT, SEE, room_asked, table_url, week_choices
from shuxiang.imports import tables
from shuxiang.imports.messages import sentence
from shuxiang.imports.shapes import Note
from shuxiang.libraries import rotation
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.messages import speak, words
from shuxiang.libraries.rules.rotation import Time, carry, judge_all, propose
from shuxiang.libraries.rules.rotation_grid import GridCell, read_grid, times_of
from shuxiang.libraries.rules.timetable import Slot
from shuxiang.libraries.services.rotation import rewrite
from shuxiang.visits import posters
from shuxiang.visits.messages import ACTIVITIES, WEEKDAYS
from shuxiang.visits.sheets import write_pdf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shuxiang.libraries.models import Room

SALT = "shuxiang.rotation"
LARGEST_FILE = 2_000_000  # bytes; a table of a school's week is a few thousand
SPAN_SIGNS = 400
GRADE = re.compile(r"([一二三四五六七八九])年级")


def packed(slots: Sequence[Slot], ending: Sequence[int], from_on: date) -> str:
    """A proposal as the page carries it to the button that applies it, signed."""
    rows = [
        [
            slot.room_id, slot.weekday, slot.week, f"{slot.starts:%H:%M}", f"{slot.ends:%H:%M}", slot.activity,
            slot.valid_from.isoformat(), slot.valid_to.isoformat() if slot.valid_to else "", slot.class_id, slot.grade,
        ]
        for slot in slots
    ]  # fmt: skip
    return signing.dumps([rows, list(ending), from_on.isoformat()], salt=SALT, compress=True)


def unpacked(text: str) -> tuple[list[Slot], list[int], date] | None:
    """What was packed; None when the form was tampered with or is a day old."""
    try:
        rows, ending, from_on = signing.loads(text, salt=SALT, max_age=86_400)
    except signing.BadSignature:
        return None
    slots = []
    for room, weekday, week, starts, ends, activity, valid_from, valid_to, class_id, grade in rows:
        begins, closes = time_of(starts), time_of(ends)
        if begins is None or closes is None:
            return None
        slots.append(
            Slot(
                room, weekday, week, begins, closes, activity, date.fromisoformat(valid_from), day_of(valid_to),
                class_id, grade,
            )
        )  # fmt: skip
    return slots, ending, date.fromisoformat(from_on)


def preview(request: StaffRequest, room: Room, slots: Sequence[Slot], **more: object) -> HttpResponse:
    """What would be made, every cell with what is to be said of it; nothing is written yet."""
    from_on = more.get("from_on")
    start = from_on if isinstance(from_on, date) else today()
    ending = (
        [row.pk for row in rotation.cells_on(request.library, start, room)] if more.get("replaces") else []
    )
    around = rotation.around(request.library, start)
    judged = judge_all(slots, rotation.standing(request.library, set(ending), start), around)
    rows = [
        {
            "who": around.who(slot) or "—",
            "weekday": WEEKDAYS[slot.weekday],
            "slot": slot,
            "activity": ACTIVITIES[slot.activity],
            "week": dict(week_choices())[slot.week],
            "reasons": [words(reason) for reason in decision.reasons],
            "is_refused": bool(decision.refused),
        }
        for slot, decision in judged
    ]
    asks = sorted({reason.code for _slot, decision in judged for reason in decision.asks})
    kept = [slot for slot, decision in judged if not decision.refused]
    context = {
        "room": room,
        "rows": rows,
        "asks": asks,
        "made": len(kept),
        "refused": len(rows) - len(kept),
        "ended": len(ending),
        "from_on": start,
        "packed": packed(kept, ending, start),
        "operation": uuid7(),
        "back": table_url(room.pk, start),
    } | more
    return render(request, "desk/rotation/preview.html", context)


@require_POST
@needs(EDIT)
def apply(request: StaffRequest) -> HttpResponse:
    """Write what the preview showed; what was asked there is confirmed by this button."""
    given = unpacked(request.POST.get("packed", ""))
    room = room_asked(request, request.POST.get("room", ""))
    if given is None or room is None:
        messages.error(request, _("The preview is too old. Make it again."))
        return redirect("desk:rotation")
    slots, ending, from_on = given
    try:
        done = rewrite(
            library=request.library,
            adding=slots,
            ending=ending,
            from_on=from_on,
            confirmed=request.POST.getlist("confirmed"),
            by=actor_of(request),
            at=clock.now(),
            operation_id=operation_of(request),
        )
    except Refused as refusal:
        messages.error(request, " ".join(dict.fromkeys(words(reason) for reason in refusal.decision.reasons)))
        return redirect(table_url(room.pk, from_on))
    said = ngettext("%(n)s cell is made.", "%(n)s cells are made.", done.made) % {"n": done.made}
    messages.success(request, said)
    return redirect(table_url(room.pk, from_on, done.operation.pk))


def _room(request: StaffRequest) -> Room:
    room = room_asked(request, request.POST.get("room") if request.method == "POST" else None)
    if room is None:
        raise Http404
    return room


@require_http_methods(["GET", "POST"])
@needs(EDIT)
def carry_on(request: StaffRequest) -> HttpResponse:
    """The table of another day, most often of last term, carried on from a day."""
    room = _room(request)
    calendar = libraries.calendar_of(request.library)
    term = calendar.term_on(today())
    before = calendar.before(term)
    if request.method != "POST":
        context = {
            "room": room,
            "source": before.teaching_to,
            "from_on": term.teaching_from,
            "before": before,
        }
        return render(request, "desk/rotation/carry.html", context)
    source = day_of(request.POST.get("source"), before.teaching_to) or before.teaching_to
    from_on = day_of(request.POST.get("from_on"), term.teaching_from) or term.teaching_from
    rows = [libraries.slot_facts(row) for row in rotation.cells_on(request.library, source, room)]
    present = {here.pk: here for here in rotation.classes_here(request.library, from_on)}
    carried = carry(rows, rotation.standing(request.library, (), from_on), present, from_on, None)
    notes = [
        _(
            "%(read)s cells on %(on)s: %(made)s carried on, %(there)s stand already, %(gone)s of classes that have left."
        )
        % {
            "read": len(rows),
            "on": source,
            "made": len(carried.cells),
            "there": carried.there,
            "gone": carried.gone,
        }
    ]
    return preview(request, room, carried.cells, from_on=from_on, notes=notes)


@require_http_methods(["GET", "POST"])
@needs(EDIT)
def fill(request: StaffRequest) -> HttpResponse:
    """Propose a time once a week for every class that has none."""
    room = _room(request)
    grid = rotation.grid(request.library, room, today())
    spans = (
        "\n".join(f"{line.starts:%H:%M}-{line.ends:%H:%M}" for line in grid.lines)
        or "11:30-12:30\n15:40-16:50"
    )
    typed = request.POST if request.method == "POST" else request.GET
    context: dict[str, object] = {
        "room": room,
        "spans": typed.get("spans", spans)[:SPAN_SIGNS],
        "activities": [(code, said) for code, said in ACTIVITIES.items() if code != "closed"],
        "activity": typed.get("activity", "lend"),
        "weekdays": WEEKDAYS.items(),
        "chosen": typed.getlist("weekday") or ["1", "2", "3", "4", "5"],
        "from_on": day_of(typed.get("from_on"), today()),
    }
    if request.method != "POST":
        return render(request, "desk/rotation/fill.html", context)
    lines = [line for line in request.POST.get("spans", "")[:SPAN_SIGNS].splitlines() if line.strip()]
    read = [times_of(line) for line in lines]
    days = [day for day in range(1, 8) if str(day) in request.POST.getlist("weekday")]
    if not read or None in read or not days:
        problem = _("Write one time a line, like 11:30-12:30, and choose at least one day.")
        return render(request, "desk/rotation/fill.html", context | {"problem": problem}, status=422)
    times = [Time(*span, day) for span in read if span for day in days]
    return _proposed(request, room, times)


def _proposed(request: StaffRequest, room: Room, times: Sequence[Time]) -> HttpResponse:
    from_on = day_of(request.POST.get("from_on"), today()) or today()
    activity = request.POST.get("activity", "lend")
    around = rotation.around(request.library, from_on)
    said = propose(
        list(around.classes.values()),
        times,
        rotation.standing(request.library, (), from_on),
        around,
        room_id=room.pk,
        activity=activity if activity in ACTIVITIES and activity != "closed" else "lend",
        from_on=from_on,
    )
    why = {
        "has_one": _("has a time already"),
        "free": _("the room is empty then"),
        "shared": _("together with %(beside)s: there are seats for all"),
        "none_left": _("no time is left: add a time, or let classes share by hand"),
    }
    told = [(each.of.label, why[each.why] % {"beside": each.beside}, each.slot) for each in said]
    slots = [each.slot for each in said if each.slot is not None]
    return preview(request, room, slots, from_on=from_on, told=told)


@require_http_methods(["GET", "POST"])
@needs(EDIT)
def read_file(request: StaffRequest) -> HttpResponse:
    """A table drawn in Excel: weekdays across, times down. Shown first; what cannot be read is named by row and column."""
    room = _room(request)
    context = {"room": room, "activities": ACTIVITIES.items(), "from_on": today()}
    if request.method != "POST":
        return render(request, "desk/rotation/file.html", context)
    rows, problem = rows_of_upload(request)
    if problem:
        return render(request, "desk/rotation/file.html", context | {"problem": problem}, status=422)
    from_on = day_of(request.POST.get("from_on"), today()) or today()
    activity = request.POST.get("activity", "lend")
    cells, problems = read_grid(rows)
    notes = [
        speak(each.code, {"row": each.row, "column": each.column, "text": each.text}) for each in problems
    ]
    slots = []
    for cell in cells:
        slot = _slot(request, room, cell, activity if activity in ACTIVITIES else "lend", from_on)
        if slot is None:
            place = {"row": cell.row, "column": cell.column, "text": cell.who}
            notes.append(speak("grid_no_class", place))
        else:
            slots.append(slot)
    replaces = bool(request.POST.get("replaces"))
    if not slots:
        said = " ".join(notes) or _("The sheet has no class in it.")
        return render(request, "desk/rotation/file.html", context | {"problem": said}, status=422)
    return preview(request, room, slots, from_on=from_on, notes=notes, replaces=replaces)


def rows_of_upload(request: StaffRequest) -> tuple[list[list[str]], str]:
    """The rows of the first sheet of an uploaded file, or why it cannot be read."""
    upload = request.FILES.get("file")
    if upload is None or not upload.size:
        return [], _("Choose a file that is not empty.")
    if upload.size > LARGEST_FILE:
        return [], _("The file is too large for such a list. Is it the right one?")
    with tempfile.TemporaryDirectory(prefix="shuxiang-") as folder:
        path = Path(folder) / f"file{Path(upload.name or '').suffix[:6]}"
        path.write_bytes(upload.read())
        try:
            with tables.open_table(path, name=upload.name or "") as table:
                sheet = next((one for one in table.sheets if not one.is_empty), None)
                rows = [list(row.cells) for row in sheet.raw_rows()] if sheet else []
        except tables.TableError as error:
            return [], sentence(Note(error.code, error.params))
    return rows, ""


def _slot(request: StaffRequest, room: Room, cell: GridCell, activity: str, from_on: date) -> Slot | None:
    """A cell of the sheet as one of the table; None when there is no such class or grade."""
    bare = Slot(room.pk, cell.weekday, cell.week, cell.starts, cell.ends, activity, from_on)
    if cell.is_closed:
        return replace(bare, activity="closed")
    grade = GRADE.fullmatch(cell.who)
    if grade:
        return replace(bare, grade="一二三四五六七八九".index(grade.group(1)) + 1)
    year = libraries.calendar_of(request.library).school_year_on(from_on)
    found = libraries.find_class(request.library, cell.who, f"{year}-{year + 1}")
    return None if found is None else replace(bare, class_id=found.pk)


@require_safe
@needs(*SEE, scoped=True)
def poster(request: StaffRequest) -> HttpResponse:
    """The table as a poster: one room or all, A4 or A3."""
    day = day_of(request.GET.get("on"), today()) or today()
    wanted = number_of(request.GET.get("room"))
    rooms = [room for room in rotation.rooms_of(request.library) if wanted in (None, room.pk)]
    drawn = [(room.name, rotation.grid(request.library, room, day)) for room in rooms]
    full = [(name, grid) for name, grid in drawn if grid.cells] or drawn[:1]
    if not full:
        raise Http404
    out = io.BytesIO()
    paper = posters.PAPERS.get(request.GET.get("paper", ""), posters.PAPERS["a4"])
    posters.draw_poster(out, request.library, full, day, paper=paper, at=clock.now())
    return download(out.getvalue(), _("Rotation table") + f" {day.isoformat()}.pdf", PDF)


@require_safe
@needs(*SEE, scoped=True)
def class_slip(request: StaffRequest) -> HttpResponse:
    """A page for every class (or one) with its own times, to hang in the classroom."""
    day = day_of(request.GET.get("on"), today()) or today()
    wanted = number_of(request.GET.get("class"))
    classes = [here for here in rotation.classes_here(request.library, day) if wanted in (None, here.pk)]
    if not classes:
        raise Http404
    sheets = [
        posters.class_sheet(
            request.library, here.label, rotation.cells_of_class(request.library, here, day), day
        )
        for here in classes
    ]
    out = io.BytesIO()
    title = _("Times of the classes")
    write_pdf(out, sheets, title=title, author=request.library.name, at=clock.now())
    return download(out.getvalue(), f"{title} {day.isoformat()}.pdf", PDF)
