"""Addresses of places and of carrying volumes; the desk's own urls include them."""

from django.urls import path

from shuxiang.desk.lazily import views

carrying = views("places.carrying")
editing = views("places.editing")
urlpatterns = [
    path("places/", editing.places, name="places"),
    path("places/new", editing.place_new, name="place_new"),
    path("places/<int:pk>/", editing.place, name="place"),
    path("places/<int:pk>/edit", editing.place_edit, name="place_edit"),
    path("places/<int:pk>/remove", editing.place_remove, name="place_remove"),
    path("places/<int:pk>/lay-out", editing.lay_out, name="place_lay_out"),
    path("places/<int:pk>/signs", editing.signs, name="place_signs"),
    path("places/groups/new", editing.group_new, name="group_new"),
    path("places/groups/<int:pk>/", editing.group_edit, name="group_edit"),
    path("places/groups/<int:pk>/remove", editing.group_remove, name="group_remove"),
    path("places/carry/", carrying.carry, name="carry"),
    path("places/carry/<uuid:pk>/", carrying.carriage, name="carriage"),
    path("places/carry/<uuid:pk>/progress", carrying.carriage_progress, name="carriage_progress"),
    path("places/carry/<uuid:pk>/go", carrying.carriage_go, name="carriage_go"),
    path("places/carry/<uuid:pk>/back", carrying.carriage_back, name="carriage_back"),
]
