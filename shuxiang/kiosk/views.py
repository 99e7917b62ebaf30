"""The self-service machine (自助借还): whose turn it is, what was scanned, and nothing of it afterwards.

Every act is a post that leads back to the one page; what that shows, the turn's cookie says.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuxiang.accounts.access import public
from shuxiang.accounts.messages import sentences
from shuxiang.accounts.services import register_kiosk
from shuxiang.circulation import queue, selectors
from shuxiang.circulation.photographed import meant
from shuxiang.common import clock
from shuxiang.common.decisions import Refused
from shuxiang.kiosk import acting, showing
from shuxiang.kiosk import words as speech
from shuxiang.kiosk.gate import KioskRequest, at_kiosk, keep_key
from shuxiang.kiosk.sitting import CLASSES, ME, PAD, WALL, Sitting, keep, remembered, touch
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.rules import LENGTH, PICTURES
from shuxiang.patrons.services import check_code

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


def _now_at(request: KioskRequest, sitting: Sitting) -> HttpResponse:
    """Back to the page, with the turn as it stands now."""
    response = redirect("kiosk:kiosk")
    keep(request, response, sitting, clock.now())
    return response


def _shown(request: KioskRequest, sitting: Sitting, **more: Any) -> HttpResponse:
    """The page of the step that the turn has come to."""
    now = clock.now()
    today = clock.local_date(now)
    shows_pinyin = request.kiosk.shows_pinyin if sitting.pinyin is None else sitting.pinyin
    context = {
        "kiosk": request.kiosk,
        "library": request.library,
        "library_name": request.library.name,
        "step": sitting.step,
        "is_busy": not sitting.is_empty,
        "said": speech.said(sitting.said, today),
        "pinyin": shows_pinyin,
        "operation": uuid4(),
        "theme": request.COOKIES.get("theme", "light"),
    }
    context |= showing.of_step(request.library, sitting, today, kiosk=request.kiosk) | more
    response = render(request, f"kiosk/{sitting.step}.html", context)
    keep(request, response, sitting, now)
    return response


@require_safe
@at_kiosk
def kiosk(request: KioskRequest) -> HttpResponse:
    """The page: the box to scan into, the classes, the names of one, the pictures, or who is there with their books."""
    sitting = remembered(request, clock.now())
    if sitting.step in (ME, PAD) and patrons.find_patron(request.library, sitting.patron) is None:
        sitting = Sitting()
    return _shown(request, sitting)


@public
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Make this browser a machine by a librarian's one-time code; nobody of the staff stays signed in at it."""
    problems: list[str] = []
    if request.method == "POST":
        now = clock.now()
        try:
            kiosk, key = register_kiosk(code=request.POST.get("code", "")[:100], at=now)
        except Refused as refused:
            problems = sentences(refused)
        else:
            logout(request)
            way_in = redirect("kiosk:kiosk")
            keep_key(way_in, kiosk, key, now)
            return way_in
    context = {"problems": problems, "theme": "light"}
    response = render(request, "kiosk/register.html", context, status=422 if problems else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@at_kiosk
def scan(request: KioskRequest) -> HttpResponse:
    """A card, a volume, or an ISBN. With `alone` it is only taken back, whoever is signed in."""
    now = clock.now()
    sitting = remembered(request, now)
    done = acting.scan_all(
        request.kiosk,
        sitting,
        request.POST.get("scan", ""),
        _operation(request),
        now,
        alone="alone" in request.POST,
    )
    return _now_at(request, done)


def _operation(request: KioskRequest) -> UUID:
    """The id that the page gave to this act; a new one when it came without or with something else."""
    try:
        return UUID(request.POST.get("operation", ""))
    except ValueError:
        return uuid4()


def _number(request: KioskRequest, name: str) -> int:
    sent = request.POST.get(name, "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def _by_class(request: KioskRequest) -> None:
    """Raises Http404 where readers without a card are sent to the desk."""
    if not request.kiosk.by_class:
        raise Http404


@require_POST
@at_kiosk
def classes(request: KioskRequest) -> HttpResponse:
    """Without a card: first the class."""
    _by_class(request)
    sitting = remembered(request, clock.now())
    return _now_at(request, Sitting(step=CLASSES, pinyin=sitting.pinyin))


@require_POST
@at_kiosk
def choose_class(request: KioskRequest) -> HttpResponse:
    """The names of one class."""
    _by_class(request)
    sitting = remembered(request, clock.now())
    wanted = _number(request, "class")
    if wanted not in showing.class_keys(request.library, clock.local_date(clock.now())):
        raise Http404
    return _now_at(request, Sitting(step=WALL, school_class=wanted, pinyin=sitting.pinyin))


@require_POST
@at_kiosk
def choose_reader(request: KioskRequest) -> HttpResponse:
    """One of the names: then the pictures. Who has none is told where to get them."""
    _by_class(request)
    now = clock.now()
    sitting = remembered(request, now)
    reader = showing.member(request.library, sitting.school_class, _number(request, "reader"), now)
    if reader is None:
        raise Http404
    if not patrons.codes_set_at([reader]):
        said = {"did": "pictures", "codes": ["pictures_none"]}
        return _now_at(request, replace(sitting, step=WALL, patron=0, said=said))
    return _now_at(request, replace(sitting, step=PAD, patron=reader.pk, said={}))


@sensitive_post_parameters("so_far", "picture")
@require_POST
@at_kiosk
def pictures(request: KioskRequest) -> HttpResponse:
    """A picture more; the fourth is looked at. With scripts all four come at once."""
    _by_class(request)
    now = clock.now()
    sitting = remembered(request, now)
    reader = patrons.find_patron(request.library, sitting.patron) if sitting.step == PAD else None
    if reader is None:
        return _now_at(request, Sitting())
    if "again" in request.POST:
        return _now_at(request, replace(sitting, said={}))
    pressed = [*request.POST.get("so_far", "").split(","), *request.POST.getlist("picture")]
    chosen = [int(one) for one in pressed if one.isascii() and one.isdigit() and len(one) < 3]
    chosen = [one for one in chosen if 1 <= one <= PICTURES][:LENGTH]
    if len(chosen) < LENGTH:
        return _shown(request, replace(sitting, said={}), **showing.pressed(chosen))
    device = f"kiosk:{request.kiosk.pk}"
    wrong = check_code(patron=reader, pictures=chosen, device=device, at=now)
    if reader.left_on is not None or wrong.reasons:
        codes = [reason.code for reason in wrong.reasons] or ["reader_left"]
        return _now_at(request, replace(sitting, said={"did": "pictures", "codes": codes}))
    return _now_at(request, Sitting(step=ME, patron=reader.pk, pinyin=sitting.pinyin))


@require_POST
@at_kiosk
def renew(request: KioskRequest) -> HttpResponse:
    """Keep a book longer: one of one's own."""
    now = clock.now()
    sitting = remembered(request, now)
    loan = selectors.find_loan(request.library, _number(request, "loan"))
    if sitting.step != ME:
        return _now_at(request, Sitting())
    if loan is None or loan.patron_id != sitting.patron:
        raise Http404
    return _now_at(request, acting.renew(request.kiosk, sitting, loan, _operation(request), now))


@require_POST
@at_kiosk
def give_up_hold(request: KioskRequest) -> HttpResponse:
    """Wait no more: a title of one's own."""
    now = clock.now()
    sitting = remembered(request, now)
    hold = queue.find_hold(request.library, _number(request, "hold"))
    if sitting.step != ME:
        return _now_at(request, Sitting())
    if hold is None or hold.patron_id != sitting.patron:
        raise Http404
    return _now_at(request, acting.give_up(request.kiosk, sitting, hold, _operation(request), now))


@require_POST
@at_kiosk
def photo(request: KioskRequest) -> HttpResponse:
    """A photograph of a barcode instead of a scanner; several in one picture are offered to choose from."""
    from shuxiang.common import barcodes  # noqa: PLC0415  its libraries of images: with the first photograph

    now = clock.now()
    sitting = remembered(request, now)
    sent: UploadedFile[bytes] | None = request.FILES.get("photo")
    codes: list[str] = []
    if sent is not None and 0 < (sent.size or 0) <= barcodes.MOST_BYTES:
        try:
            codes = [code.text for code in barcodes.read_barcodes(sent.read())]
        except barcodes.NotAPicture:
            codes = []
    found = meant(request.library, codes)
    if not found:
        return _now_at(request, acting.say(sitting, "photo"))
    if len(found) > 1:
        return _shown(request, sitting, found=showing.found(found))
    done = acting.scan_all(request.kiosk, sitting, found[0].code, _operation(request), now)
    return _now_at(request, done)


@require_POST
@at_kiosk
def stay(request: KioskRequest) -> HttpResponse:
    """Somebody touched the screen: the turn begins to count anew."""
    response = HttpResponse(status=204)
    touch(request, response, clock.now())
    return response


@require_http_methods(["GET", "POST"])
@at_kiosk
def left(request: KioskRequest) -> HttpResponse:
    """The turn is over, by the button or because nobody touched anything: nothing of it is kept, nor its language."""
    response = _now_at(request, Sitting())
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, path=settings.LANGUAGE_COOKIE_PATH, samesite="Lax")
    return response


@require_POST
@at_kiosk
def pinyin(request: KioskRequest) -> HttpResponse:
    """Pinyin above the characters, or not, for this turn."""
    sitting = remembered(request, clock.now())
    return _now_at(request, replace(sitting, pinyin=request.POST.get("pinyin") == "on"))
