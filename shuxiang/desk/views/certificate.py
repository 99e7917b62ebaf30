"""The certificate of this installation for other desks, tablets and telephones: how to trust it, and the file itself."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuxiang.accounts.access import public
from shuxiang.common import trust
from shuxiang.common.trust import Trust


@public
@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """How to trust it, for every system; anybody may read it, for it is read before one can sign in safely."""
    told = trust.read(Path(settings.HOME))
    context: dict[str, object] = {"told": told}
    if told is not None:
        address = told.addresses[0]
        link = told.url("http", address) + reverse("desk:certificate")
        context |= {
            "link": link,
            "qr": _qr(link),
            "secure": told.url("https", _asked_name(request, told)) + "/desk/",
            "others": [told.url("https", name) + "/" for name in told.addresses],
            "pairs": told.fingerprint.split(":"),
        }
    return render(request, "desk/offline/certificate.html", context)


def _asked_name(request: HttpRequest, told: Trust) -> str:
    """The name by which this browser reached us, if the certificate is for it."""
    name = request.get_host().rsplit(":", 1)[0].strip("[]").lower()
    return name if name in told.addresses else told.addresses[0]


def _qr(address: str) -> SafeString:
    import segno  # noqa: PLC0415  wanted seldom

    drawing = segno.make_qr(address, error="m").svg_inline(border=2, omitsize=True, dark="#000", light="#fff")
    return mark_safe(drawing)  # noqa: S308  drawn here, from squares only


@public
@require_safe
def file(request: HttpRequest) -> HttpResponse:
    """The certificate as a file that Windows, Android, macOS and Linux open."""
    return _sent(_told().certificate, "application/x-x509-ca-cert", "shuxiang-ca.crt")


@public
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """The certificate as a profile, which iPhone and iPad open."""
    content = trust.apple_profile(_told(), _("Shuxiang library"))
    return _sent(content, "application/x-apple-aspen-config", "shuxiang.mobileconfig")


def _told() -> Trust:
    told = trust.read(Path(settings.HOME))
    if told is None:
        raise Http404
    return told


def _sent(content: bytes, kind: str, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
