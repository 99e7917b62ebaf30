"""A reader's own page (我的借阅): signing in by card and pictures, what is out, keeping it longer, signing out."""

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuxiang.accounts.access import public
from shuxiang.circulation import queue, selectors, services
from shuxiang.circulation.history import loans_before
from shuxiang.circulation.messages import words as circulation_words
from shuxiang.common import clock
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.holdings import shown
from shuxiang.opac import reader
from shuxiang.opac.face import public_face
from shuxiang.opac.reader import ReaderRequest
from shuxiang.opac.views.lost import library_of
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.messages import PICTURES as PICTURE_WORDS
from shuxiang.patrons.messages import words as patron_words
from shuxiang.patrons.rules import LENGTH, PICTURES
from shuxiang.patrons.services import check_code
from shuxiang.ui.numbers import short_day
from shuxiang.urging.selectors import times_urged

if TYPE_CHECKING:
    from datetime import date

    from shuxiang.circulation.models import Loan
    from shuxiang.libraries.models import Library
    from shuxiang.patrons.models import Patron

LONGEST_CARD = 100
MOST_BEFORE = 100


@public
@never_cache
@sensitive_post_parameters("so_far", "picture")
@require_http_methods(["GET", "POST"])
def me_enter(request: HttpRequest, code: str) -> HttpResponse:
    """Card number and four pictures, one post each or, with scripts, all at once. A wrong card and wrong pictures are
    answered alike, so that nobody learns which numbers are cards."""
    library = library_of(request, code)
    if reader.signed_in(request, library) is not None:
        return redirect("opac:me", code=code)
    card = request.POST.get("card", "").strip()[:LONGEST_CARD]
    chosen = [] if "again" in request.POST else _pressed(request)
    problem = ""
    if request.method == "POST" and not card:
        problem, chosen = _("Type the number of your card, or scan it."), []
    elif len(chosen) == LENGTH:
        patron, said = _tried(request, library, card, chosen)
        if patron is not None:
            response = redirect("opac:me", code=code)
            reader.keep(response, library, patron)
            return response
        problem, chosen = said, []
    context = public_face(library).context("-") | {
        "card": card,
        "problem": problem,
        "pictures": list(PICTURE_WORDS.items()),
        "so_far": ",".join(map(str, chosen)),
        "dots": [place < len(chosen) for place in range(LENGTH)],
        "pressed": len(chosen),
        "length": LENGTH,
    }
    return render(request, "opac/me_enter.html", context, status=422 if problem else 200)


def _pressed(request: HttpRequest) -> list[int]:
    sent = [*request.POST.get("so_far", "").split(","), *request.POST.getlist("picture")]
    numbers = [int(one) for one in sent if one.isascii() and one.isdigit() and len(one) < 3]
    return [one for one in numbers if 1 <= one <= PICTURES][:LENGTH]


def _tried(
    request: HttpRequest, library: "Library", number: str, chosen: list[int]
) -> "tuple[Patron | None, str]":
    """The reader, or what to say."""
    card = patrons.find_card(library, number)
    device = reader.device_of(request)
    patron = card.patron if card and card.to_at is None and card.patron.left_on is None else None
    if patron is None:
        return None, _("Card or pictures are not right. Try once more, or ask the librarian.")
    said = check_code(patron=patron, pictures=chosen, device=device, at=clock.now())
    if not said.reasons:
        return patron, ""
    waits = [patron_words(one) for one in said.reasons if one.code == "pictures_wait"]
    return None, waits[0] if waits else _(
        "Card or pictures are not right. Try once more, or ask the librarian."
    )


@require_safe
@reader.reader
def me(request: ReaderRequest) -> HttpResponse:
    """What I have out, the nearest day first; what was before only where the library shows it."""
    library, patron = request.library, request.patron
    today = clock.local_date(clock.now())
    loans = selectors.loans_of(patron)
    urged = times_urged([loan.pk for loan in loans])
    shows_history = patrons.shows_history(library)
    face = public_face(library)
    context = face.context("-") | {
        "patron": patron,
        "class_label": patrons.class_label_on(patron, today),
        "loans": [_line(loan, today, urged.get(loan.pk, 0)) for loan in loans],
        "late": sum(loan.due_on < today for loan in loans),
        "blocks": patrons.blocks_on(patron, today),
        "shows_history": shows_history,
        "before": loans_before(patron, MOST_BEFORE) if shows_history else [],
        "holds": _holds(patron),
        "idle_seconds": int(reader.IDLE.total_seconds()),
    }
    return render(request, "opac/me.html", context)


def _line(loan: "Loan", today: "date", urged: int) -> dict[str, Any]:
    days = (loan.due_on - today).days
    due = short_day(loan.due_on)
    if days < 0:
        when = _("%(n)s days overdue, was due on %(day)s") % {"n": -days, "day": due}
    elif days == 0:
        when = _("due today")
    else:
        when = _("%(n)s days left, due on %(day)s") % {"n": days, "day": due}
    told = ngettext("asked back %(n)s time", "asked back %(n)s times", urged) % {"n": urged} if urged else ""
    return {"loan": loan, "when": when, "is_late": days < 0, "urged": told, "operation": uuid4()}


def by_reader(patron: "Patron") -> Actor:
    """Who acts: the reader, by key; the name would stay in the records of acts for ever."""
    return Actor(name=f"reader {patron.pk}", door="opac")


def _holds(patron: "Patron") -> list[dict[str, Any]]:
    """What I wait for: ready until a day, or at which place in the queue."""
    holds = queue.holds_of(patron)
    places = queue.places_of(holds)
    return [{"hold": hold, "place": places.get(hold.pk), "is_ready": hold.state == "ready"} for hold in holds]


@require_POST
@reader.reader
def me_renew(request: ReaderRequest) -> HttpResponse:
    """Keep one of one's own books longer; what a librarian could confirm is refused here."""
    loan = selectors.find_loan(request.library, _key(request.POST.get("loan", "")))
    if loan is None or loan.patron_id != request.patron.pk:
        raise Http404
    at = clock.now()
    try:
        renewed = services.renew(
            loan=loan, at=at, by=by_reader(request.patron), operation_id=_operation(request)
        )
    except Refused as refusal:
        for words in _spoken(refusal.decision):
            messages.error(request, f"《{loan.record.title}》{words}")
    else:
        words = _("You may keep it until %(day)s.") % {"day": short_day(renewed.due_on)}
        messages.success(request, f"《{loan.record.title}》{words}")
    return redirect("opac:me", code=request.library.code)


def _key(sent: str) -> int:
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 19 else 0


def _operation(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("operation", ""))
    except ValueError:
        return uuid4()


def _spoken(decision: Decision) -> list[str]:
    """The reasons, and whom to ask where somebody may decide otherwise."""
    said = [circulation_words(one) for one in decision.reasons if one.weight is not Weight.NOTE]
    return [*said, _("Ask the librarian.")] if _is_asked(decision.reasons) else said


def _is_asked(reasons: tuple[Reason, ...]) -> bool:
    return any(one.weight is Weight.ASK for one in reasons)


@require_http_methods(["GET", "POST"])
@reader.reader
def me_hold(request: ReaderRequest) -> HttpResponse:
    """Wait for a title: first what stands in the way, then the button; posted, one stands at the end of the queue."""
    library, patron, at = request.library, request.patron, clock.now()
    asked = request.POST if request.method == "POST" else request.GET
    record = shown.held_record(library, _key(asked.get("record", "")))
    if record is None:
        raise Http404
    if request.method == "POST":
        try:
            services.place_hold(
                library=library,
                patron=patron,
                record=record,
                at=at,
                by=by_reader(patron),
                operation_id=_operation(request),
            )
        except Refused as refusal:
            for words in _spoken(refusal.decision):
                messages.error(request, f"《{record.title}》{words}")
        else:
            messages.success(request, f"《{record.title}》" + _("You wait for this title now."))
        return redirect("opac:me", code=library.code)
    decision = services.preview_hold(library=library, patron=patron, record=record, at=at)
    face = public_face(library)
    context = face.context("-") | {
        "record": record,
        "record_url": face.record(record.pk),
        "against": _spoken(decision),
        "waiting": queue.waiting_count(library, record.pk),
        "operation": uuid4(),
    }
    return render(request, "opac/me_hold.html", context)


@require_POST
@reader.reader
def me_hold_cancel(request: ReaderRequest) -> HttpResponse:
    """Wait no more; what was kept goes to the next."""
    hold = queue.find_hold(request.library, _key(request.POST.get("hold", "")))
    if hold is None or hold.patron_id != request.patron.pk:
        raise Http404
    try:
        services.cancel_hold(
            hold=hold,
            reason="",
            at=clock.now(),
            by=by_reader(request.patron),
            operation_id=_operation(request),
        )
    except Refused as refusal:
        for words in _spoken(refusal.decision):
            messages.error(request, f"《{hold.record.title}》{words}")
    else:
        messages.success(request, f"《{hold.record.title}》" + _("You no longer wait for this title."))
    return redirect("opac:me", code=request.library.code)


@require_POST
@reader.reader
def me_leave(request: ReaderRequest) -> HttpResponse:
    """Signed out: back to the first page of the catalogue."""
    response = redirect("opac:home", code=request.library.code)
    reader.forget(response, request.library)
    return response
