"""One request at the desk: who stands there, what was asked before, and what an act turned into, ready to be shown."""

import re
from collections import Counter as Tally
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID, uuid5

from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext as _

from shuxiang.accounts.access import StaffRequest, actor_of, scope
from shuxiang.audit.operations import OperationMismatch
from shuxiang.circulation import selectors, services
from shuxiang.circulation.services import Outcome, ScanResult, Sitting
from shuxiang.circulation.today import Act, kept_for, stands_elsewhere
from shuxiang.common import clock
from shuxiang.common.actors import Actor
from shuxiang.common.ids import uuid7
from shuxiang.desk import madegood, showing, sitting
from shuxiang.desk.showing import Choice, Shown
from shuxiang.desk.sitting import Kept, Last
from shuxiang.holdings.shown import Where, held_record, where_are
from shuxiang.patrons import classes
from shuxiang.patrons import selectors as patrons
from shuxiang.ui.numbers import short_day

if TYPE_CHECKING:
    from shuxiang.catalogue.models import BibliographicRecord
    from shuxiang.circulation.models import Loan
    from shuxiang.holdings.search import Hit
    from shuxiang.patrons.models import Patron

Done = TypeVar("Done")
PICK = re.compile(r"[0-9]{1,3}")
CHOICE = re.compile(r"([rtl])([0-9]{1,3}):([0-9]{1,12})")
QUESTIONS = {str(Outcome.ASKED): "lend", str(Outcome.WHOSE): "return"}
MOST_DROPPED = 30
KEY = re.compile(r"[0-9]{1,18}")  # what a database takes as a key: 64 bits


@dataclass
class Desk:
    """The desk in one request; acts change it, the answer shows it."""

    request: StaffRequest
    at: datetime
    kept: Kept
    patron: "Patron | None"
    shown: Shown = field(default_factory=Shown)
    last: Last = field(default_factory=Last)
    lines: list[Act] = field(default_factory=list)  # for “just done”, in the order of the acts
    counted: Tally[str] = field(default_factory=Tally)  # what today's figures have grown by
    reader_before: int | None = None
    dropped: tuple[tuple[str, int], ...] = ()  # see Kept; shown until the next reader

    @property
    def today(self) -> date:
        return clock.local_date(self.at)

    @property
    def operation(self) -> UUID:
        """The id that came with the request, or a new one."""
        try:
            return UUID(self.request.POST.get("operation", ""))
        except ValueError:
            return uuid7()

    @property
    def by(self) -> Actor:
        return actor_of(self.request)

    @property
    def left(self) -> Kept:
        """How the desk is left for the next request."""
        patron = self.patron.pk if self.patron else None
        return Kept(patron, self.last, self.at, () if self.is_next_reader else self.dropped)

    @property
    def is_next_reader(self) -> bool:
        """Whether who stood here has left."""
        patron = self.patron.pk if self.patron else None
        return self.reader_before is not None and patron != self.reader_before

    def drop(self, asked: Last) -> None:
        """A question that the next scan left unanswered: its book is named until the reader leaves."""
        what = QUESTIONS.get(asked.outcome)
        if what is not None and (what, asked.record) not in self.dropped:
            self.dropped = (*self.dropped, (what, asked.record))[-MOST_DROPPED:]

    def sitting(self, operation: UUID, *, confirmed: frozenset[str] = frozenset(), kind: str = "") -> Sitting:
        return Sitting(
            library=self.request.library,
            at=self.at,
            by=self.by,
            patron=self.patron,
            confirmed=confirmed,
            kind=kind,
            operation_id=operation,
        )

    def confirmed(self) -> frozenset[str]:
        """The questions that this request answers with yes, if the account may."""
        codes = frozenset(self.request.POST.get("confirm", "").split())
        return codes if codes and may(self.request, "desk.override") else frozenset()

    def reader(self, pk: object) -> "Patron | None":
        """A reader of this library; for a helper of one class only those in it."""
        key = key_of(pk)
        found = patrons.find_patron(self.request.library, key) if key is not None else None
        return found if found is not None and in_reach(self.request, found, self.today) else None

    def loan(self, pk: int) -> "Loan | None":
        """A loan of this library, of a reader in reach."""
        key = key_of(pk)
        found = selectors.find_loan(self.request.library, key) if key is not None else None
        unreachable = found and found.patron and not in_reach(self.request, found.patron, self.today)
        return None if unreachable else found


def key_of(value: object) -> int | None:
    """A key out of a form or an address; None for what no database has for a key."""
    text = str(value)
    return int(text) if KEY.fullmatch(text) else None


def once(desk: Desk, act: Callable[[UUID], Done]) -> tuple[Done, UUID]:
    """Do an act with the request's id; an id that stood for another act (of an old page) makes way for a new one."""
    operation = desk.operation
    try:
        return act(operation), operation
    except OperationMismatch:
        operation = uuid7()
        return act(operation), operation


def undo(desk: Desk, act: UUID) -> services.Undone:
    """Undo an act by its id. Raises Refused when it no longer can be."""
    library, at, by = desk.request.library, desk.at, desk.by
    undone, _operation = once(
        desk, lambda key: services.undo_act(library=library, act=act, at=at, by=by, operation_id=key)
    )
    return undone


def may_undo(desk: Desk, act: Act) -> bool:
    """One's own acts of today, whosever they were about; those of others, of readers in reach, where one may override."""
    if clock.local_date(act.at) != desk.today:
        return False
    if act.by == desk.request.user.username:
        return True
    in_sight = act.loan_id is None or desk.loan(act.loan_id) is not None
    return in_sight and may(desk.request, "desk.override")


def may(request: StaffRequest, permission: str) -> bool:
    return bool(scope(request.user, permission, request.library, clock.local_date(clock.now())))


def form_token(request: StaffRequest) -> str:
    """What the forms of an answer carry: the token that came with the request and was found right, else a new one."""
    return request.POST.get("csrfmiddlewaretoken") or request.headers.get("X-CSRFToken") or get_token(request)


def in_reach(request: StaffRequest, patron: "Patron", day: date) -> bool:
    """A helper with a grant for one class serves that class only."""
    if request.scope.everywhere:
        return True
    membership = patrons.membership_on(patron, day)
    return membership is not None and request.scope.has_class(membership.school_class_id)


def opened(request: StaffRequest) -> Desk:
    """The desk that the request comes from: the reader its page shows, or where it says nothing, the one remembered."""
    at = clock.now()
    kept = sitting.remembered(request, at)
    desk = Desk(request, at, kept, None)
    desk.patron = desk.reader(request.POST.get("patron", kept.patron))
    desk.reader_before = desk.patron.pk if desk.patron else None
    desk.dropped = kept.dropped if desk.reader_before == kept.patron else ()
    return desk


def do_scans(desk: Desk, scans: Iterable[str]) -> None:
    """Each scan of a line of input in its order, with operations of their own."""
    first = desk.operation
    for place, code in enumerate(scans):
        operation = uuid5(first, str(place)) if place else first
        desk.drop(desk.last)
        take(desk, services.scan(desk.sitting(operation, confirmed=desk.confirmed()), code), operation)


def take(desk: Desk, result: ScanResult, operation: UUID) -> None:
    """What a scan gave becomes what the desk shows and remembers."""
    brought = result.patron if result.outcome is Outcome.READER else None
    if brought is not None and not in_reach(desk.request, brought, desk.today):
        desk.shown = Shown(kind="refuse", heading=_("This reader is not in your class."))
        desk.last = Last()
        return
    desk.patron = brought or desk.patron
    desk.shown = with_choices(desk, result, showing.show(result, operation=str(operation)))
    desk.last = _last(result, operation)
    _with_case(desk, result)
    if result.outcome in (Outcome.LENT, Outcome.RETURNED):
        _note(desk, result, operation)


def _with_case(desk: Desk, result: ScanResult) -> None:
    desk.shown = madegood.added(desk.shown, desk.request, desk.last.item, result.decision)


def _last(result: ScanResult, operation: UUID) -> Last:
    if result.outcome is Outcome.READER:
        return Last()
    asked_anew = result.outcome is Outcome.ASKED or (result.outcome is Outcome.REFUSED and result.item)
    reasons = () if asked_anew else kept_reasons(result)
    return Last(
        outcome=str(result.outcome),
        code=result.code,
        operation=str(operation) if result.outcome in (Outcome.LENT, Outcome.RETURNED) else "",
        loan=result.loan.pk if result.loan else 0,
        item=result.item.pk if result.item else 0,
        record=result.record.pk if result.record else 0,
        reasons=reasons,
    )


def kept_reasons(result: ScanResult) -> tuple[tuple[str, int, dict[str, str]], ...]:
    return tuple(
        (reason.code, int(reason.weight), {name: str(value) for name, value in reason.params.items()})
        for reason in result.decision.reasons
    )


def _note(desk: Desk, result: ScanResult, operation: UUID) -> None:
    """A line for “just done”, from what is known already."""
    loan, item, record = result.loan, result.item, result.record
    lent = result.outcome is Outcome.LENT
    kind = "lent" if lent else "returned"
    late = [reason.params["days"] for reason in result.decision.reasons if reason.code == "returned_late"]
    notes = tuple(reason.code for reason in result.decision.reasons)
    done_by = (loan.out_operation_id if lent else loan.in_operation_id) if loan else None
    desk.lines.append(
        Act(
            operation=done_by or operation,
            kind=kind,
            at=desk.at,
            by=desk.request.user.username,
            title=record.title if record else "",
            clc=record.clc if record else "",
            place=(item.current or item.home).name if item else "",
            is_elsewhere=stands_elsewhere(item),
            call_number=item.holding.call_number if item else "",
            name=result.patron.name if result.patron else "",
            class_label=loan.class_label if loan else "",
            late_days=int(str(late[0])) if late else 0,
            notes=notes,
            is_undone=False,
            can_be_undone=loan is not None or bool({"found_again", "keep_for"} & set(notes)),
            loan_id=loan.pk if loan else None,
            kept_for=next((kept_for(r.params) for r in result.decision.reasons if r.code == "keep_for"), ""),
        )
    )
    desk.dropped = tuple(one for one in desk.dropped if record is None or one[1] != record.pk)
    if loan is not None:
        desk.counted[kind] += 1
    if lent:
        desk.counted["term"] += 1


# ---- lists to choose from


def with_choices(desk: Desk, result: ScanResult, shown: Shown) -> Shown:
    """The lines of a question that has several answers."""
    if result.outcome is Outcome.WHOSE:
        lines = [
            Choice(
                0,
                "l",
                loan.pk,
                loan.patron.name if loan.patron else "",
                loan.class_label,
                short_day(loan.due_on),
            )
            for loan in result.loans
        ]
    elif result.outcome in (Outcome.WHICH_READER, Outcome.WHICH_TITLE):
        lines = [*_readers(desk, result), *_titles(desk, result.titles)]
    else:
        return shown
    return replace(shown, choices=showing.numbered(lines))


def _readers(desk: Desk, result: ScanResult) -> list[Choice]:
    found = [p for p in result.patrons if in_reach(desk.request, p, desk.today)]
    labels = patrons.labels_on(desk.request.library, found, desk.today)
    own = classes.numbers_on(found, desk.today) if result.school_class else {}
    return [Choice(own.get(p.pk, 0), "r", p.pk, p.name, labels.get(p.pk, p.category.name)) for p in found]


def _titles(desk: Desk, hits: "Iterable[Hit]") -> list[Choice]:
    lines = []
    for hit in hits:
        n = hit.copies.available
        state = showing.copies_in(n)
        url = reverse("opac:staff_record", args=[hit.record.pk])
        lines.append(
            Choice(
                0, "t", hit.record.pk, hit.record.title, hit.call_number, state, n > 0, hit.record.clc, url
            )
        )
    return lines


def dropped_titles(desk: Desk) -> dict[str, list[str]]:
    """The titles of what was dropped, by what was not done with them: lend, return."""
    titles: dict[str, list[str]] = {}
    for what, pk in desk.left.dropped:
        record = held_record(desk.request.library, pk)
        titles.setdefault(what, []).extend([record.title] if record else [])
    return titles


def posted_choices(request: StaffRequest) -> list[Choice]:
    """The list that the page showed when the box was filled in, by kind, number and key."""
    found = CHOICE.findall(request.POST.get("choices", ""))
    return [Choice(int(number), kind, int(pk), "") for kind, number, pk in found]


def narrowed(desk: Desk, choices: list[Choice], typed: str) -> "list[Patron]":
    """The readers among the choices whom typed letters or characters mean."""
    plain = typed.lower().replace(" ", "")
    keys = [choice.pk for choice in choices if choice.kind == "r"]
    readers = patrons.patrons_of(desk.request.library).filter(pk__in=keys) if keys and plain else []
    fitting = [
        p
        for p in readers
        if typed in p.name or p.name_initials.startswith(plain) or p.name_pinyin.startswith(plain)
    ]
    exactly = [p for p in fitting if typed == p.name or plain == p.name_initials]
    return exactly if len(exactly) == 1 else fitting


def title_card(desk: Desk, record: "BibliographicRecord") -> Shown:
    """A title that was pointed at with nobody there to lend it to: what is in and where, and the way to its record."""
    where = where_are(desk.request.library, [record.pk]).get(record.pk, Where())
    return showing.title(record, where.on_shelf, where.place)


# ---- picked up again


def recalled(desk: Desk) -> None:
    """Show again what the desk showed when it was left: the last act from the books, a question asked anew."""
    last = desk.last = desk.kept.last
    loan = selectors.find_loan(desk.request.library, last.loan) if last.loan else None
    decision = showing.decision_of(last.reasons)
    match last.outcome:
        case "":
            return
        case Outcome.LENT | Outcome.RETURNED | Outcome.TWICE if loan is not None:
            outcome = Outcome(last.outcome)
            result = ScanResult(
                outcome, last.code, decision, loan.patron, loan=loan, item=loan.item, record=loan.record
            )
            desk.shown = showing.show(result, operation=last.operation)
        case Outcome.RETURNED:
            record = held_record(desk.request.library, last.record)
            result = ScanResult(Outcome.RETURNED, last.code, decision, record=record)
            desk.shown = showing.show(result, operation=last.operation)
            _with_case(desk, result)
        case "renewed" if loan is not None:
            desk.shown = showing.renewed(loan, last.operation)
        case "renewal-asked" if loan is not None:
            desk.shown = showing.not_renewed(loan, decision)
        case "title":
            record = held_record(desk.request.library, last.record)
            desk.shown = title_card(desk, record) if record else Shown()
        case "undone" if loan is not None:
            desk.shown = showing.undone(loan.record.title)
        case _:
            _ask_again(desk, last)


def _ask_again(desk: Desk, last: Last) -> None:
    record = held_record(desk.request.library, last.record) if last.record else None
    again = services.pending(desk.sitting(uuid7()), last.code, record)
    if again is None and last.reasons:  # refused for what no book or reader can tell by itself
        decision = showing.decision_of(last.reasons)
        again = ScanResult(Outcome.REFUSED, last.code, decision, desk.patron, record=record)
    if again is None:
        desk.last = Last()
        return
    desk.shown = with_choices(desk, again, showing.show(again))
    _with_case(desk, again)
