"""A book as a file: asked for, being written with progress, fetched."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs
from shuxiang.common import clock
from shuxiang.desk.views.imports.listing import anew
from shuxiang.desk.views.imports.shown import progress_of
from shuxiang.desk.views.ledgers import VIEW, chosen, may_see_names
from shuxiang.imports.services.served import settle
from shuxiang.reports.ledgers import reading, registry, serving

PATIENCE_SECONDS = 2.0
_PIECE = 1 << 16
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


@require_POST
@needs(VIEW)
def write(request: StaffRequest, code: str) -> HttpResponse:
    """Have the book written, and go where its progress is shown."""
    form = request.POST.get("format", "")
    if form not in TYPES or code not in {each.code for each in registry.all_books()}:
        raise Http404(code)
    job = serving.write_later(
        library=request.library,
        code=code,
        period=chosen(request).code,
        form=form,
        with_names=may_see_names(request),
        by=actor_of(request),
    )
    settle(job.pk, seconds=PATIENCE_SECONDS)
    return redirect("desk:ledger_file", pk=job.pk)


@require_safe
@needs(VIEW)
def file(request: StaffRequest, pk: UUID) -> HttpResponse:
    """How far the file is, or that it is ready."""
    return render(request, "desk/ledgers/file.html", _context(request, pk))


@require_safe
@needs(VIEW)
def progress(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The moving part of the page; when it is over, the page comes anew."""
    context = _context(request, pk)
    return render(request, "desk/ledgers/writing.html", context) if context["is_moving"] else anew()


def _context(request: StaffRequest, pk: UUID) -> dict[str, object]:
    job = serving.job_of(request.library, pk, serving.FILE)
    if job is None:
        raise Http404
    found, kept = reading.kept_book(request.library, str(job.params["code"]))
    return {
        "job": job,
        "code": job.params["code"],
        "title": reading.title_of(found, kept),
        "period_code": job.params["period"],
        "progress": progress_of(job, clock.now()),
        "is_moving": job.state in {"queued", "running"},
        "is_there": job.state == "done" and serving.path_of(job).is_file(),
        "kept_days": serving.KEPT_DAYS,
    }


@require_safe
@needs(VIEW)
def download(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """The file. One that names readers is only for who may see them."""
    context = _context(request, pk)
    job = serving.job_of(request.library, pk, serving.FILE)
    if job is None or not context["is_there"]:
        raise Http404
    names_readers = any(column.is_personal for column in registry.get(str(job.params["code"])).columns)
    if names_readers and job.params["with_names"] and not may_see_names(request):
        raise PermissionDenied
    form = str(job.params["format"])
    name = _("%(library)s %(title)s %(period)s") % {
        "library": request.library.name,
        "title": context["title"],
        "period": job.params["period"],
    }
    path = serving.path_of(job)
    found = content_disposition_header(as_attachment=True, filename=f"{name}.{form}") or "attachment"
    headers = {"Content-Disposition": found, "Content-Length": str(path.stat().st_size)}
    return StreamingHttpResponse(_pieces(path), content_type=TYPES[form], headers=headers)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
