"""Choose what to print, look at the first sheet, make the PDF, and what was printed."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from shuxiang.accounts.access import StaffRequest, actor_of, needs, scope
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.common.ids import uuid7
from shuxiang.desk.views.printing import setting, shown
from shuxiang.desk.views.printing.choosing import choose as choose_subjects
from shuxiang.desk.views.printing.choosing import way_of
from shuxiang.desk.views.printing.kinds import BY_CODE, KINDS, PATRONS, READERS, STOCK, VOLUMES, Kind
from shuxiang.holdings import labels as stock
from shuxiang.holdings.shelving import places_of
from shuxiang.libraries import selectors as ground
from shuxiang.patrons.selectors import categories_of
from shuxiang.printing import rules, selectors, services
from shuxiang.printing.making import write
from shuxiang.printing.messages import words

if TYPE_CHECKING:
    from django.http import QueryDict

    from shuxiang.printing.models import PrintRun

RUNS_A_PAGE = 20
PDF = "application/pdf"
ORDERS = (
    ("", gettext_lazy("as chosen")),
    ("call_number", gettext_lazy("by call number")),
    ("accession", gettext_lazy("by accession number")),
    ("barcode", gettext_lazy("by barcode")),
)


@require_safe
@needs(STOCK, READERS)
def printing(request: StaffRequest) -> HttpResponse:
    """What can be printed, and what was."""
    kinds = [kind for kind in KINDS if _may(request, kind)]
    runs = selectors.printed(request.library).filter(kind__in=[kind.code for kind in kinds])
    page = Paginator(runs, RUNS_A_PAGE).get_page(request.GET.get("page"))
    context = {"kinds": kinds, "page": page, "runs": [shown.logged(request.library, run) for run in page]}
    return render(request, "desk/printing/hub.html", context)


@needs(STOCK, READERS)
def choose(request: StaffRequest, kind: str) -> HttpResponse:
    """Which volumes, readers or signs: a batch, a range, a list, a class."""
    found = _kind(request, kind)
    if request.method != "POST":
        return _choosing(request, found, request.GET, [])
    today = clock.local_date(clock.now())
    chosen = choose_subjects(request.library, found, request.POST.dict(), today)
    if not chosen.problems:
        try:
            run = services.prepare_run(
                library=request.library,
                kind=found.code,
                subjects=chosen.subjects,
                options={one.code: one.read(request.POST.get(one.code, "")) for one in found.options},
                source=chosen.source,
                by=actor_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            chosen.problems = [words(reason) for reason in refusal.decision.refused]
        else:
            return redirect("desk:printing_run", run_pk=run.pk)
    return _choosing(request, found, request.POST, chosen.problems)


@needs(READERS)
def cards(request: StaffRequest) -> HttpResponse:
    """The way to readers' cards for who prints nothing else."""
    return choose(request, kind="reader-card")  # type: ignore[return-value]


def _choosing(request: StaffRequest, kind: Kind, given: QueryDict, problems: list[str]) -> HttpResponse:
    """The form, with what was given."""
    today = clock.local_date(clock.now())
    context: dict[str, object] = {
        "kind": kind,
        "problems": problems,
        "way": way_of(kind, given.dict()),  # type: ignore[arg-type]
        "given": given,
        "options": [(one, one.read(given.get(one.code, ""))) for one in kind.options],
        "most": rules.MOST_LABELS,
    }
    if kind.of == VOLUMES:
        context |= {
            "batches": [(one.pk, shown.batch_words(one)) for one in stock.batches(request.library)],
            "places": [(place.pk, place.name) for place in places_of(request.library)],
            "orders": ORDERS,
        }
    elif kind.of == PATRONS:
        classes = ground.classes_on(request.library, today)
        labels = ground.class_labels(request.library, classes, today)
        context |= {
            "classes": [(one.pk, labels[one.pk]) for one in classes],
            "categories": [(one.pk, one.name) for one in categories_of(request.library)],
        }
    status = 422 if problems else 200
    return render(request, f"desk/printing/choose_{kind.of}.html", context, status=status)


@needs(STOCK, READERS)
def run(request: StaffRequest, run_pk: int) -> HttpResponse:
    """The first sheet as it will come out, and what stands in the way of single labels; a POST only sets the form."""
    found = _run(request, run_pk)
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in setting.FIELDS}
        return redirect(f"{reverse('desk:printing_run', args=[found.pk])}?{urlencode(given)}")
    return _looked_at(request, found, setting.read(request.library, found, request.GET), uuid7())


@require_POST
@needs(STOCK, READERS)
def file(request: StaffRequest, run_pk: int) -> HttpResponse:
    """The PDF, noted in the log; what cannot be printed so comes back as the page, with the reason."""
    found = _run(request, run_pk)
    chosen = setting.read(request.library, found, request.POST)
    form = _form_id(request)
    if chosen.problems or chosen.sheet is None:
        return _looked_at(request, found, chosen, form, status=422)
    at = clock.now()
    labels, _lacking = shown.labels(request.library, found, chosen, clock.local_date(at))
    out = BytesIO()
    title = f"{request.library.name} {BY_CODE[found.kind].words}"
    told = write(
        out,
        labels,
        chosen.sheet,
        start=chosen.start,
        correction=selectors.correction_of(chosen.printer),
        title=title,
        author=request.library.name,
        at=at,
    )
    if not told.printed:
        messages.error(request, _("None of the labels can be printed so."))
        return _looked_at(request, found, chosen, form, status=422)
    services.note_printed(
        found,
        sheet=chosen.sheet,
        printer=chosen.printer,
        start=chosen.start,
        first=chosen.first,
        last=chosen.last,
        labels=told.printed,
        by=actor_of(request),
        at=at,
        operation_id=uuid5(form, repr(chosen.key)),
    )
    header = content_disposition_header(as_attachment=True, filename=f"{title} {found.pk}.pdf")
    return HttpResponse(
        out.getvalue(), content_type=PDF, headers={"Content-Disposition": header or "attachment"}
    )


def _looked_at(
    request: StaffRequest, found: PrintRun, chosen: setting.Setting, form: UUID, *, status: int = 200
) -> HttpResponse:
    kind = BY_CODE[found.kind]
    context = {
        "run": found,
        "kind": kind,
        "chosen": chosen,
        "form_id": form,
        "source": shown.source_words(request.library, found),
        "sheets": setting.proposed(request.library, kind),
        "printers": selectors.printers_of(request.library),
        "seen": shown.looked_at(request.library, found, chosen, clock.local_date(clock.now())),
    }
    return render(request, "desk/printing/run.html", context, status=status)


def _form_id(request: StaffRequest) -> UUID:
    """The page's own number, so that pressing twice is one print."""
    try:
        return UUID(request.POST.get("form", ""))
    except ValueError:
        return uuid7()


def _may(request: StaffRequest, kind: Kind) -> bool:
    today = clock.local_date(clock.now())
    return scope(request.user, kind.permission, request.library, today).everywhere


def _kind(request: StaffRequest, code: str) -> Kind:
    """The kind of an address; 404 for none, 403 for one of others' trade."""
    if code not in BY_CODE:
        raise Http404(code)
    if not _may(request, BY_CODE[code]):
        raise PermissionDenied
    return BY_CODE[code]


def _run(request: StaffRequest, pk: int) -> PrintRun:
    found = selectors.find_run(request.library, pk) if pk < 2**63 else None
    if found is None:
        raise Http404(str(pk))
    _kind(request, found.kind)
    return found
