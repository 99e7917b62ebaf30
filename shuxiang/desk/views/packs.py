"""Packs of records: bring one, watch it being loaded, remove it."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from shuxiang import marc
from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.desk.views.imports.shown import progress_of
from shuxiang.desk.views.sources import CHANGE, PACK_MB, SEE, STATES, may_change, page
from shuxiang.imports.services.served import settle
from shuxiang.sources import selectors, services
from shuxiang.sources.messages import pack_line, sentence

if TYPE_CHECKING:
    from shuxiang.sources.models import Pack

PATIENCE_SECONDS = 1.0
_FORM_BYTES = 64 * 1024  # what the rest of the form may take beside the file
_MOVING = frozenset({"waiting", "loading", "removing"})


@csrf_exempt  # checked below: the check reads the whole body, and a body that is too large is not read at all
@require_POST
@needs(CHANGE)
def bring(request: StaffRequest) -> HttpResponse:
    """Take a file in and go to its page."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > (PACK_MB << 20) + _FORM_BYTES:
        problem = _("The file has more than %(limit)s MB. Split it into several files.") % {"limit": PACK_MB}
        return page(request, problem=problem, status=413)
    return _bring(request)


@csrf_protect
def _bring(request: StaffRequest) -> HttpResponse:
    given = request.FILES.get("file")
    if not isinstance(given, UploadedFile) or not given.name:
        return page(request, problem=_("No file was chosen. Choose one."), status=422)
    try:
        pack = services.bring(
            cast(BinaryIO, given),
            name=request.POST.get("name", ""),
            file_name=given.name,
            library=request.library,
            by=actor_of(request),
            at=clock.now(),
            pack_id=_uuid(request.POST.get("operation", "")),
        )
    except Refused as refusal:
        return page(request, problem=sentence(refusal.decision.reasons[0]), status=422)
    settle(pack.job_id, seconds=PATIENCE_SECONDS)
    return redirect("desk:pack", pk=pack.pk)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _pack(pk: UUID) -> Pack:
    found = selectors.find_pack(pk)
    if found is None:
        raise Http404(str(pk))
    return found


@require_safe
@needs(SEE)
def pack(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One pack: what became of its records, or how far it is."""
    found = _pack(pk)
    context = _moving(found) | {
        "state": STATES[found.state],
        "line": pack_line(found),
        "refusals": [(one["position"], _why(one)) for one in found.first_refusals],
        "may_remove": found.library_id == request.library.pk or may_change(request),
    }
    return render(request, "desk/sources/pack.html", context)


def _why(refusal: dict[str, object]) -> str:
    return _(marc.MESSAGES[str(refusal["code"])]).format(**cast("dict[str, object]", refusal["params"]))


def _moving(found: Pack) -> dict[str, object]:
    return {
        "pack": found,
        "is_moving": found.state in _MOVING,
        "progress": progress_of(selectors.job_of(found), clock.now()),
    }


@require_safe
@needs(SEE)
def progress(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The moving part of the page; when it has come to rest, the whole page is another one."""
    found = _pack(pk)
    if found.state not in _MOVING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "desk/sources/moving.html", _moving(found))


@require_POST
@needs(CHANGE)
def remove(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take a pack out of use; its records go, what was catalogued from them stays."""
    found = _pack(pk)
    if found.library_id != request.library.pk and not may_change(request):
        messages.error(request, _("Another library brought this pack; it is removed there."))
        return redirect("desk:pack", pk=pk)
    services.remove(found, by=actor_of(request), at=clock.now())
    settle(found.job_id, seconds=PATIENCE_SECONDS)
    messages.success(request, _("“%(name)s” is not used any more.") % {"name": found.name})
    return redirect("desk:sources")
