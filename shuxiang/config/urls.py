"""Every address of the program; each door brings its own."""

from django.urls import URLResolver, include, path
from django.urls.resolvers import RoutePattern
from django.views.i18n import set_language

from shuxiang.config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("language", set_language, name="set_language"),
    path("desk/", include("shuxiang.accounts.urls")),
    path("desk/", include("shuxiang.desk.urls")),
    path("ui/", include("shuxiang.ui.urls")),
    # not include(), which loads at once
    URLResolver(RoutePattern("api/v1/"), "shuxiang.interop.urls", app_name="ninja", namespace="api"),
    path("", include("shuxiang.opac.urls")),
]
