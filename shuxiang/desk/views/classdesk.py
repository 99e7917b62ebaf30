"""The class desk (课间十分钟): choose a class, its readers stand on a wall, what is scanned is done for who is picked.

Every act is one post. With scripts the answer is the pieces of the page that changed, without them the page anew.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs, scope
from shuxiang.circulation import selectors, services
from shuxiang.circulation.services import Outcome, Sitting
from shuxiang.circulation.services.class_scan import ClassScan, about_guest, about_now, scan_for_class
from shuxiang.common import clock
from shuxiang.common.decisions import Decision, Refused
from shuxiang.desk import class_sitting, class_wall, class_words
from shuxiang.desk.class_sitting import LENT, RENEWED, RETURNED, ClassSitting, Said
from shuxiang.libraries.selectors import label_of
from shuxiang.patrons import selectors as patrons

if TYPE_CHECKING:
    from shuxiang.circulation.models import Loan
    from shuxiang.libraries.models import SchoolClass
    from shuxiang.patrons.models import ClassMembership, Patron

LONGEST_SCAN = 100  # a barcode has a dozen digits; what is longer is a key that stuck


@dataclass
class ClassTable:
    """One request at a class's desk: who asks, which class, who is in it, what is remembered."""

    request: StaffRequest
    school_class: "SchoolClass"
    members: "list[ClassMembership]"
    sitting: ClassSitting
    at: datetime

    @property
    def today(self) -> date:
        return clock.local_date(self.at)

    @property
    def member_keys(self) -> set[int]:
        return {member.patron_id for member in self.members}

    @property
    def path(self) -> str:
        return reverse("desk:class_desk", args=[self.school_class.pk])

    def reader(self, pk: int | None) -> "Patron | None":
        """A reader of the class, or of another one as far as the account reaches."""
        if pk is None:
            return None
        inside = next((member.patron for member in self.members if member.patron_id == pk), None)
        return inside or self._guest(patrons.find_patron(self.request.library, pk))

    def _guest(self, found: "Patron | None") -> "Patron | None":
        return found if found is not None and self.reaches(found) else None

    def reaches(self, reader: "Patron") -> bool:
        """A helper with a grant for one class serves that class only."""
        if self.request.scope.everywhere or reader.pk in self.member_keys:
            return True
        membership = patrons.membership_on(reader, self.today)
        return membership is not None and self.request.scope.has_class(membership.school_class_id)

    def called(self, reader: "Patron | None") -> str:
        """How a reader is called aloud here: number and name, a guest by class and name."""
        if reader is None:
            return ""
        member = next((one for one in self.members if one.patron_id == reader.pk), None)
        if member is not None:
            return class_words.who(reader.name, member.number)
        label = patrons.class_label_on(reader, self.today) or reader.category.name
        return class_words.who(reader.name, None, label)

    def act(self) -> Sitting:
        """Who stands here, for the services; the operation id of the form makes a repeated post act once."""
        return Sitting(
            library=self.request.library,
            at=self.at,
            by=actor_of(self.request),
            patron=self.reader(self.sitting.patron),
            operation_id=_operation(self.request),
        )


def _operation(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("operation", ""))
    except ValueError:
        return None


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
    return table.sitting.is_again(table.request.POST.get("operation", ""))


def _answer_again(table: ClassTable) -> HttpResponse:
    last = table.sitting.said.get("undo", [])
    return _answer(table, {table.sitting.patron, *last[2:3]}, set())


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
    if result.outcome is Outcome.LENT and reader is not None:
        sitting.count(reader.pk, LENT)
        sitting.out_of_turn += done.out_of_turn
        sitting.not_done -= was_asked
    elif result.outcome is Outcome.RETURNED and result.loan is not None:
        sitting.count(result.loan.patron_id, RETURNED)
        if reader is not None and reader.pk in table.member_keys:
            sitting.patron = reader.pk
    elif result.outcome not in (Outcome.WHOSE, Outcome.WHICH_READER):
        sitting.not_done += not was_asked
    return {reader.pk if reader else None}


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
    done = services.check_in_loan(loan=loan, at=act.at, by=act.by, operation_id=act.operation_id)
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
        renewed = services.renew(loan=loan, at=act.at, by=act.by, operation_id=act.operation_id)
        table.sitting.count(loan.patron_id, RENEWED)
        table.sitting.said = class_words.of_renewal(renewed, table.called(loan.patron))
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
    sitting, guests = table.sitting, _guests(table)
    last = sitting.said.get("undo")
    if not last:
        return _answer(table, set(), guests)
    what, loan_pk, reader, out_of_turn = last
    loan, act = _loan(table, loan_pk), table.act()
    opposite = services.cancel_loan if what == "lent" else services.reopen_loan
    try:
        opposite(loan=loan, at=act.at, by=act.by)
        sitting.count(reader, LENT if what == "lent" else RETURNED, -1)
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
