"""Addresses of what is there for when the network or the power goes; the desk's own urls include them."""

from django.urls import path

from shuxiang.desk.views import certificate, offline
from shuxiang.desk.views import keptacts as kept

urlpatterns = [
    path("offline", offline.shell, name="offline"),
    path("offline-worker.js", offline.worker, name="offline_worker"),
    path("offline/replay", offline.replay, name="offline_replay"),
    path("offline/kept/", kept.kept_acts, name="kept"),
    path("offline/kept/<uuid:pk>/settle", kept.settle, name="kept_settle"),
    path("offline/kept/<uuid:pk>/dismiss", kept.dismiss, name="kept_dismiss"),
    path("offline/kept/<uuid:pk>/reopen", kept.reopen, name="kept_reopen"),
    path("certificate", certificate.page, name="certificate"),
    path("certificate/shuxiang-ca.crt", certificate.file, name="certificate_file"),
    path("certificate/shuxiang.mobileconfig", certificate.profile, name="certificate_profile"),
]
