"""The class desk (课间十分钟): choose a class, its readers stand on a wall, what is scanned is done for who is picked.

Every act is one post. With scripts the answer is the pieces of the page that changed, without them the page anew.
"""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, needs, scope
from shuxiang.circulation import selectors, services
from shuxiang.circulation.services import Outcome
from shuxiang.circulation.services.class_scan import ClassScan, about_guest, about_now, scan_for_class
from shuxiang.common import clock
from shuxiang.common.decisions import Decision, Refused
from shuxiang.desk import class_sitting, class_wall, class_words
from shuxiang.desk.class_sitting import LENT, RENEWED, RETURNED, Said
from shuxiang.desk.class_table import ClassTable, once
from shuxiang.libraries.selectors import label_of
from shuxiang.patrons import selectors as patrons

if TYPE_CHECKING:
    from shuxiang.circulation.models import Loan
    from shuxiang.patrons.models import Patron

LONGEST_SCAN = 100  # a barcode has a dozen digits; what is longer is a key that stuck


def _table(request: StaffRequest, pk: int) -> ClassTable:
    school_class = class_wall.find_class(request.library, pk)
    if school_class is None or not request.scope.has_class(pk):
        raise Http404
    at = clock.now()
    members = patrons.members_of(school_class, clock.local_date(at))
    sitting = class_sitting.remembered(request, [request.library.pk, request.user.pk], at)
    return ClassTable(request, school_class, members, sitting, at)


def _may_override(request: StaffRequest, today: date) -> bool:
    return bool(scope(request.user, "desk.override", request.library, today))


@require_safe
@needs("desk.lend", scoped=True)
def choose(request: StaffRequest) -> HttpResponse:
    """Which class: the one whose turn it is is offered first; a helper of one class is taken there."""
    reach = None if request.scope.everywhere else request.scope.class_ids
    found = class_wall.choices(request.library, clock.now(), reach)
    if reach is not None and len(found) == 1:
        return redirect("desk:class_desk", pk=found[0].pk)
    grades: dict[int, list[class_wall.Choice]] = {}
    for choice in found:
        grades.setdefault(choice.grade, []).append(choice)
    later = sorted((c for c in found if c.turn and not c.is_on), key=lambda c: c.turn.starts if c.turn else 0)
    context = {"grades": list(grades.items()), "now": [c for c in found if c.is_on], "later": later[:3]}
    return render(request, "desk/class/choose.html", context)


@require_safe
@needs("desk.lend", scoped=True)
def class_desk(request: StaffRequest, pk: int) -> HttpResponse:
    """The page: the box, the last act or question, the wall, how far one is."""
    table = _table(request, pk)
    choice = next((c for c in class_wall.choices(request.library, table.at, {pk})), None)
    label = choice.label if choice else label_of(table.school_class, table.today)
    standing = about_now(table.act(), table.school_class)
    context = _pieces(table) | {
        "wall": class_wall.wall(request.library, table.members, table.sitting, table.today),
        "choice": choice,
        "label": label,
        "notes": class_words.spoken(standing),
        "counted": any(reason.code == "turn_of_others" for reason in standing.reasons),
    }
    response = render(request, "desk/class/desk.html", context)
    return _kept(response, table)


def _pieces(table: ClassTable) -> dict[str, object]:
    """What every answer shows anew: the box's label, the last act, what the reader has out, the counts."""
    sitting, request = table.sitting, table.request
    reader = table.reader(sitting.patron)
    served = sum(key in table.member_keys for key in sitting.tally)
    asks = bool(sitting.said.get("codes"))
    return {
        "school_class": table.school_class,
        "sitting": sitting,
        "said": sitting.said,
        "reader": reader,
        "called": table.called(reader),
        "loans": class_wall.loans_of(reader),
        "choices": [(pk, table.called(table.reader(pk))) for pk in sitting.said.get("patrons", [])],
        "can_override": asks and _may_override(request, table.today),
        "served": served,
        "size": len(table.members),
        "minutes": int((table.at - sitting.begun_at).total_seconds()) // 60,
        "lent": sitting.total(LENT),
        "returned": sitting.total(RETURNED),
        "renewed": sitting.total(RENEWED),
        "visitors": sum(key not in {0, *table.member_keys} for key in sitting.tally),
        "today": table.today,
        "operation": uuid4(),
    }


def _kept(response: HttpResponse, table: ClassTable) -> HttpResponse:
    secure = table.request.is_secure()
    class_sitting.remember(response, table.sitting, path=table.path, secure=secure)
    return response


def _answer(table: ClassTable, touched: set[int | None], guests: set[int]) -> HttpResponse:
    """The changed pieces, or without scripts the page again. A guest who came or went redraws the wall."""
    if not table.request.headers.get("HX-Request"):
        return _kept(redirect(table.path), table)
    drawn = class_wall.wall(table.request.library, table.members, table.sitting, table.today)
    changed = guests != {tile.pk for tile in drawn.guests}
    tiles = [tile for tile in (*drawn.tiles, *drawn.guests) if tile.pk in touched]
    context = _pieces(table) | {"wall": drawn if changed else None, "tiles": [] if changed else tiles}
    return _kept(render(table.request, "desk/class/pieces.html", context), table)


def _was_answered(table: ClassTable) -> bool:
    """A post that the browser sends again because the answer was lost: what was done and counted stays."""
    sent = table.request.POST
    wants = " ".join([table.request.path, *(sent.get(name, "") for name in ("scan", "reader", "confirm"))])
    return table.sitting.is_again(sent.get("operation", ""), wants)


def _answer_again(table: ClassTable) -> HttpResponse:
    return _answer(table, {table.sitting.patron, *table.sitting.undo[2:3]}, set())


def _guests(table: ClassTable) -> set[int]:
    known = {key for key in (*table.sitting.tally, table.sitting.patron) if key}
    return known - table.member_keys


@require_POST
@needs("desk.lend", scoped=True)
def class_scan(request: StaffRequest, pk: int) -> HttpResponse:
    """A scan, what was typed, or the confirmation of the pending question."""
    table = _table(request, pk)
    if _was_answered(table):
        return _answer_again(table)
    sitting, guests, before = table.sitting, _guests(table), table.sitting.patron
    code, confirmed = request.POST.get("scan", ""), frozenset[str]()
    if "confirm" in request.POST and sitting.said.get("codes"):
        code = sitting.said.get("code", "")
        if _may_override(request, table.today):
            confirmed = frozenset(sitting.said["codes"])
    code = code.strip()[:LONGEST_SCAN]
    if not code:
        return _answer(table, set(), guests)
    act = replace(table.act(), confirmed=confirmed)
    done = scan_for_class(act, table.school_class, code, members=table.members)
    touched = _take_in(table, done, bool(confirmed))
    return _answer(table, {before, sitting.patron, *touched}, guests)


def _take_in(table: ClassTable, done: ClassScan, was_asked: bool) -> set[int | None]:
    """Count what a scan did and say it; returns the readers whose tiles change. Who gives back a book is served next."""
    sitting, result = table.sitting, done.result
    reader = result.patron
    if result.outcome is Outcome.READER and reader is not None:
        return _pick(table, reader)
    seen = reader if reader is None or table.reaches(reader) else None
    sitting.said = class_words.of_scan(done, table.called(seen))
    if result.outcome in (Outcome.LENT, Outcome.RETURNED):
        last = sitting.said.pop("undo", [])
        sitting.undo = [*last, sitting.said.get("heading", ""), ""] if last else []
    if result.outcome is Outcome.LENT and reader is not None:
        sitting.count(reader.pk, LENT)
        sitting.out_of_turn += done.out_of_turn
        sitting.not_done -= was_asked
    elif result.outcome is Outcome.RETURNED and result.loan is not None:
        sitting.count(_shown(table, result.loan), RETURNED)
        if reader is not None and reader.pk in table.member_keys:
            sitting.patron = reader.pk
    elif result.outcome not in (Outcome.WHOSE, Outcome.WHICH_READER):
        sitting.not_done += not was_asked
    return {reader.pk if reader else None}


def _shown(table: ClassTable, loan: "Loan") -> int | None:
    """Whom an act is counted for: a reader out of reach is not shown on the wall."""
    return loan.patron_id if loan.patron is None or table.reaches(loan.patron) else None


def _pick(table: ClassTable, reader: "Patron") -> set[int | None]:
    if not table.reaches(reader):
        table.sitting.said = class_words.out_of_reach()
        return set()
    table.sitting.patron = reader.pk
    is_guest = reader.pk not in table.member_keys
    notes = about_guest(table.act(), table.school_class, reader) if is_guest else Decision()
    table.sitting.said = class_words.of_guest(table.called(reader), notes) if is_guest else Said()
    return {reader.pk}


@require_POST
@needs("desk.lend", scoped=True)
def class_pick(request: StaffRequest, pk: int) -> HttpResponse:
    """A tile was pressed; the tile of who is picked already lets go."""
    table = _table(request, pk)
    if _was_answered(table):
        return _answer_again(table)
    guests, before = _guests(table), table.sitting.patron
    wanted = request.POST.get("reader", "")
    reader = table.reader(int(wanted)) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else None
    if reader is None:
        raise Http404
    if reader.pk == before and not table.sitting.said.get("patrons"):
        table.sitting.patron, table.sitting.said = None, Said()
    else:
        _pick(table, reader)
    return _answer(table, {before, reader.pk}, guests)


@require_POST
@needs("desk.lend", scoped=True)
def class_drop(request: StaffRequest, pk: int) -> HttpResponse:
    """Drop the pending question; with none pending, whoever is picked is done."""
    table = _table(request, pk)
    if _was_answered(table):
        return _answer_again(table)
    guests, before = _guests(table), table.sitting.patron
    if table.sitting.said.get("kind") not in ("ask", "refuse"):
        table.sitting.patron = None
    table.sitting.said = Said()
    return _answer(table, {before}, guests)


def _loan(table: ClassTable, pk: int) -> "Loan":
    loan = selectors.find_loan(table.request.library, pk)
    if loan is None or (loan.patron is not None and not table.reaches(loan.patron)):
        raise Http404
    return loan


@require_POST
@needs("desk.lend", scoped=True)
def class_return(request: StaffRequest, pk: int, loan_pk: int) -> HttpResponse:
    """Take back one loan that was pointed at: the answer to “whose is it?”, and the way without its barcode."""
    table = _table(request, pk)
    if _was_answered(table):
        return _answer_again(table)
    guests, before = _guests(table), table.sitting.patron
    loan = _loan(table, loan_pk)
    act = table.act()
    done, _ = once(
        act, lambda operation: services.check_in_loan(loan=loan, at=act.at, by=act.by, operation_id=operation)
    )
    result = services.ScanResult(
        Outcome.RETURNED,
        "",
        done.decision,
        patron=loan.patron,
        loan=done.loan,
        item=done.item,
        record=loan.record,
    )
    touched = _take_in(table, ClassScan(result), was_asked=False)
    return _answer(table, {before, table.sitting.patron, *touched}, guests)


@require_POST
@needs("desk.lend", scoped=True)
def class_renew(request: StaffRequest, pk: int, loan_pk: int) -> HttpResponse:
    """A longer loan of what the picked reader has out."""
    table = _table(request, pk)
    if _was_answered(table):
        return _answer_again(table)
    guests, loan, act = _guests(table), _loan(table, loan_pk), table.act()
    try:
        renewed, operation = once(
            act, lambda operation: services.renew(loan=loan, at=act.at, by=act.by, operation_id=operation)
        )
        said = class_words.of_renewal(renewed, table.called(loan.patron))
        table.sitting.count(loan.patron_id, RENEWED)
        table.sitting.said = said
        table.sitting.undo = ["renewed", loan.pk, loan.patron_id, 0, said["heading"], str(operation)]
    except Refused as refusal:
        table.sitting.not_done += 1
        table.sitting.said = class_words.not_renewed(loan, refusal.decision)
    return _answer(table, {loan.patron_id}, guests)


@require_POST
@needs("desk.lend", scoped=True)
def class_undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Undo the last act of this sitting; it is no longer counted."""
    table = _table(request, pk)
    if _was_answered(table):
        return _answer_again(table)
    sitting, guests, act = table.sitting, _guests(table), table.act()
    # one's own act of a moment ago is in reach, even where its reader is not
    loan = selectors.find_loan(request.library, sitting.undo[1]) if sitting.undo else None
    if loan is None:
        return _answer(table, set(), guests)
    what, _, reader, out_of_turn, _, operation = sitting.undo
    sitting.undo = []
    try:
        if what == "renewed":
            services.undo_act(library=request.library, act=UUID(operation), at=act.at, by=act.by)
        else:
            opposite = services.cancel_loan if what == "lent" else services.reopen_loan
            opposite(loan=loan, at=act.at, by=act.by)
        sitting.count(_shown(table, loan), {"lent": LENT, "renewed": RENEWED}.get(what, RETURNED), -1)
        sitting.out_of_turn -= out_of_turn
        sitting.said = class_words.undone(loan)
    except Refused as refusal:
        sitting.said = class_words.not_undone(loan, refusal.decision)
    return _answer(table, {reader, sitting.patron}, guests)


@needs("desk.lend", scoped=True)
def class_end(request: StaffRequest, pk: int) -> HttpResponse:
    """The end of the break: what was done, in a line that adds up, and who still has what; posted, the sitting is over."""
    table = _table(request, pk)
    if request.method == "POST":
        response = redirect("desk:classes")
        class_sitting.forget(response, path=table.path)
        return response
    wall = class_wall.wall(request.library, table.members, table.sitting, table.today)
    choice = next((c for c in class_wall.choices(request.library, table.at, {pk})), None)
    label = choice.label if choice else label_of(table.school_class, table.today)
    reach = None if request.scope.everywhere else request.scope.class_ids
    waiting = [c for c in class_wall.choices(request.library, table.at, reach) if c.pk != pk and c.turn]
    following = min(waiting, key=lambda c: c.turn.starts if c.turn else table.at.time(), default=None)
    context = _pieces(table) | {"wall": wall, "label": label, "following": following}
    return render(request, "desk/class/end.html", context)
