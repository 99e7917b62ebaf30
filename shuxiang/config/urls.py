"""Every address of the program; each door brings its own."""

from django.urls import path

from shuxiang.config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
]
