"""The addresses of /sru."""

from django.urls import path

from shuxiang.interop import sru

app_name = "sru"
urlpatterns = [
    path("sru", sru.all_libraries, name="all"),
    path("sru/<str:code>", sru.one_library, name="library"),
]
