"""The room's own addresses and three probes that say what a guarded view was given."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from shuxiang.accounts.access import StaffRequest, needs, public


@needs("desk.lend")
def home(request: StaffRequest) -> HttpResponse:
    return HttpResponse(f"at {request.library.code}")


@needs("patrons.view", scoped=True)
def readers(request: StaffRequest) -> HttpResponse:
    return HttpResponse(f"all={request.scope.everywhere} classes={len(request.scope.class_ids)}")


@public
def shelf(request: HttpRequest, code: str) -> HttpResponse:
    return HttpResponse(f"{code}: {request.library.name}")  # type: ignore[attr-defined]


urlpatterns = [
    path("desk/", home, name="home"),
    path("desk/readers", readers, name="readers"),
    path("desk/", include("shuxiang.accounts.urls")),
    path("l/<str:code>/", shelf, name="shelf"),
]
