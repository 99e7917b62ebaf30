"""Addresses of mending, binding and what is missing; the desk's own urls include them."""

from django.urls import path

from shuxiang.desk.lazily import views

mending = views("mending")
mending_rounds = views("mending_rounds")
missing = views("missing")
urlpatterns = [
    path("mending/", mending.mending, name="mending"),
    path("mending/log/", mending.log, name="mending_log"),
    path("mending/scan", mending.scan, name="mending_scan"),
    path("mending/volumes/<int:pk>/", mending.volume, name="mending_volume"),
    path("mending/volumes/<int:pk>/take-in", mending.take_in, name="mending_take_in"),
    path("mending/volumes/<int:pk>/mend", mending.mend, name="mending_mend"),
    path("mending/tasks/<int:pk>/finish", mending.finish, name="mending_finish"),
    path("mending/tasks/<int:pk>/undo", mending.undo, name="mending_undo"),
    path("mending/rounds/", mending_rounds.rounds, name="mending_rounds"),
    path("mending/rounds/afternoon", mending_rounds.begin_afternoon, name="mending_afternoon"),
    path("mending/rounds/consignment", mending_rounds.begin_consignment, name="mending_consignment"),
    path("mending/rounds/<int:pk>/", mending_rounds.round_page, name="mending_round"),
    path("mending/rounds/<int:pk>/scan", mending_rounds.scan, name="mending_round_scan"),
    path("mending/rounds/<int:pk>/home", mending_rounds.home, name="mending_home"),
    path("missing/", missing.missing, name="missing"),
    path("missing/scan", missing.scan, name="missing_scan"),
    path("missing/undo", missing.undo, name="missing_undo"),
]
