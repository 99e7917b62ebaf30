"""Every address of the program; each door brings its own."""

from django.urls import include, path
from django.views.i18n import set_language

from shuxiang.config.health import healthz
from shuxiang.interop.api import api

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("language", set_language, name="set_language"),
    path("desk/", include("shuxiang.accounts.urls")),
    path("desk/", include("shuxiang.desk.urls")),
    path("ui/", include("shuxiang.ui.urls")),
    path("api/v1/", api.urls),
    path("", include("shuxiang.opac.urls")),
]
