"""Every address of the program; each door brings its own."""

from typing import Any

from django.urls import URLResolver, include, path
from django.urls.resolvers import RoutePattern
from django.utils.translation import get_language
from django.views.i18n import set_language

from shuxiang.config.health import healthz


class Later(URLResolver):
    """Addresses with a namespace, loaded when one of them is asked for, not when all the others are gathered."""

    def _populate(self) -> None:
        """What the gathering calls; it takes nothing from addresses that have a namespace."""

    @property
    def reverse_dict(self) -> Any:
        """By name, for reverse()."""
        if get_language() not in self._reverse_dict:
            super()._populate()
        return super().reverse_dict


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("language", set_language, name="set_language"),
    path("desk/", include("shuxiang.accounts.urls")),
    path("desk/", include("shuxiang.desk.urls")),
    path("kiosk/", include("shuxiang.kiosk.urls")),
    path("ui/", include("shuxiang.ui.urls")),
    Later(RoutePattern("api/v1/"), "shuxiang.interop.urls", app_name="ninja", namespace="api"),
    path("", include("shuxiang.interop.sruurls")),
    path("", include("shuxiang.opac.urls")),
]
