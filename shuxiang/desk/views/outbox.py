"""The outbox: what waits, went or was given up; the sender that the library has chosen."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.money import LARGEST, attempt, typed_number
from shuxiang.desk.views.stocktaking import operation_of
from shuxiang.outbox import selectors, services
from shuxiang.outbox.messages import ERRORS, SECURITIES, SENDERS, STATES, say_all
from shuxiang.outbox.secrets import password_of

SET = "libraries.edit"
A_PAGE = 50


@require_safe
@needs(SET)
def outbox(request: StaffRequest) -> HttpResponse:
    """Messages, the latest first; `state` narrows them."""
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    page = Paginator(selectors.messages_of(request.library, state), A_PAGE).get_page(request.GET.get("page"))
    counts = selectors.counts_of(request.library)
    context = {
        "page": page,
        "messages_": [(one, STATES[one.state], ERRORS.get(one.last_error, "")) for one in page],
        "tabs": [(code, words, counts.get(code, 0)) for code, words in STATES.items()],
        "state": state,
        "sends": selectors.sends(request.library),
        "operation": uuid7(),
    }
    return render(request, "desk/outbox/page.html", context)


@require_POST
@needs(SET)
def turn(request: StaffRequest, pk: int, act: str) -> HttpResponse:
    """Cancel a message that waits, or send one again that was given up."""
    found = selectors.message_of(request.library, pk) if pk < LARGEST else None
    acts = {
        "cancel": (services.cancel, _("It does not go.")),
        "again": (services.send_again, _("It is tried again.")),
    }
    if found is None or act not in acts:
        raise Http404
    service, done = acts[act]
    attempt(
        request,
        lambda: service(found, at=clock.now(), by=actor_of(request), operation_id=operation_of(request)),
        say_all,
        done,
    )
    return redirect("desk:outbox")


@require_http_methods(["GET", "POST"])
@needs(SET)
def sender(request: StaffRequest) -> HttpResponse:
    """Choose how messages go. The password is never shown again, and stays when its field is left empty."""
    if request.method == "POST" and _choose(request):
        return redirect("desk:outbox_sender")
    kept = selectors.settings_of(request.library)
    context = {
        "kept": request.POST if request.method == "POST" else kept,
        "has_password": bool(password_of(request.library.code)),
        "senders": SENDERS.items(),
        "securities": SECURITIES.items(),
        "sends": selectors.sends(request.library),
        "operation": uuid7(),
    }
    return render(request, "desk/outbox/sender.html", context)


def _choose(request: StaffRequest) -> bool:
    typed = request.POST
    kind = typed.get("kind", "")
    values = services.SenderValues(
        kind if kind in SENDERS else selectors.SenderKind.NONE,
        typed.get("host", "").strip()[:200],
        typed_number(typed.get("port", ""), 99999) or 0 if typed.get("port", "").strip() else 465,
        typed.get("security", "tls")[:8],
        typed.get("username", "").strip()[:200],
        typed.get("from_address", "").strip()[:254],
    )
    password = None
    if typed.get("forget"):
        password = ""
    elif typed.get("password"):
        password = typed["password"][:200]
    done = attempt(
        request,
        lambda: services.choose_sender(
            library=request.library,
            values=values,
            password=password,
            at=clock.now(),
            by=actor_of(request),
            operation_id=operation_of(request),
        ),
        say_all,
        _("Kept."),
    )
    return done is not None


@require_POST
@needs(SET)
def test(request: StaffRequest) -> HttpResponse:
    """A message to see whether the way is open."""
    words = {"library": request.library.name}
    done = attempt(
        request,
        lambda: services.queue_test(
            library=request.library,
            to_address=request.POST.get("to", "").strip()[:254],
            subject=_("%(library)s: test message") % words,
            body=_("If you can read this, reminders of %(library)s reach you.") % words + "\n",
            at=clock.now(),
            by=actor_of(request),
            operation_id=operation_of(request),
        ),
        say_all,
        _("The test message is on its way. Its line says what the mail server answered."),
    )
    return redirect("desk:outbox") if done else redirect("desk:outbox_sender")
