"""A photograph of a barcode, from any telephone: what it says goes into the scan box, or onto a page of buttons."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shuxiang.accounts.access import StaffRequest, needs
from shuxiang.circulation.photographed import meant
from shuxiang.circulation.selectors import Identified

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


def _why(code: str) -> str:
    """What is wrong with a picture, and what to do."""
    return {
        "missing": _("There was no picture. Take one of the barcode, or choose one."),
        "too_long": _("The picture is too large a file. Take it anew with the camera at an ordinary size."),
        "too_large": _("The picture has too many points. Take it anew with the camera at an ordinary size."),
        "unreadable": _("This is not a picture that can be read. Photographs are JPEG, PNG or WebP."),
        "nothing": _(
            "No barcode was found. Go closer, hold still, with light from the side, and take it again."
        ),
        "busy": _("Another photograph is being read just now. Please try again."),
    }[code]


@require_POST
@needs("desk.lend", scoped=True)
def photo(request: StaffRequest) -> HttpResponse:
    """Read a picture. Answers a program with JSON (`codes` with code and words; `sentence`, empty when there are codes)."""
    found, wrong = _read(request)
    codes = [{"code": one.code, "words": _words(one)} for one in found]
    sentence = _why(wrong) if wrong else ""
    status = HTTPStatus.SERVICE_UNAVAILABLE if wrong == "busy" else HTTPStatus.OK
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"codes": codes, "sentence": sentence}, status=status)
    to_class, to_stream = _number(request, "class"), _number(request, "stream")
    act, back, args = "desk:scan", "desk:desk", []
    if to_class and request.scope.has_class(int(to_class)):
        act, back, args = "desk:class_scan", "desk:class_desk", [to_class]
    elif to_stream:
        act, back, args = "desk:stocktake_scan", "desk:stocktake_stream", [to_stream]
    elif request.POST.get("to") == "mending":
        act, back = "desk:mending_scan", "desk:mending"
    context = {
        "codes": codes,
        "sentence": sentence,
        "class_pk": to_class if act == "desk:class_scan" else "",
        "stream_pk": to_stream,
        "to": request.POST.get("to", ""),
        "act_url": reverse(act, args=args),
        "back_url": reverse(back, args=args),
    }
    return render(request, "desk/class/photo.html", context, status=status)


def _number(request: StaffRequest, name: str) -> str:
    """A key that came with the picture: of the class served, of the scanner of a stocktake."""
    key = request.POST.get(name, "")
    return key if key.isascii() and key.isdigit() and len(key) < 10 else ""


def _read(request: StaffRequest) -> tuple[tuple[Identified, ...], str]:
    """What the picture is about, or what is wrong with it."""
    from shuxiang.common import barcodes  # noqa: PLC0415  its libraries of images: with the first photograph

    sent: UploadedFile[bytes] | None = request.FILES.get("photo")
    if sent is None or not sent.size:
        return (), "missing"
    if sent.size > barcodes.MOST_BYTES:
        return (), "too_long"
    try:
        codes = barcodes.read_barcodes(sent.read())
    except barcodes.NotAPicture as bad:
        return (), bad.code
    found = meant(request.library, (code.text for code in codes))
    return found, "" if found else "nothing"


def _words(one: Identified) -> str:
    """What a code stands for, said to who has to choose; nobody's name."""
    if one.item is not None:
        return one.item.holding.record.title
    if one.records:
        return one.records[0].title
    return _("a reader's card") if one.card else ""
