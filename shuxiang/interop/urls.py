"""The addresses of /api/v1/, loaded when the first of them is asked for: pydantic takes a second and 30 MiB."""

from shuxiang.interop.api import api

urlpatterns = api.urls[0]
