"""Addresses of the rotation table, rooms and opening hours; the desk's own urls include them."""

from django.urls import path

from shuxiang.desk.lazily import views

rotation = views("rotation")
whole = views("rotation_whole")
opening = views("opening")
urlpatterns = [
    path("rotation/", rotation.table, name="rotation"),
    path("rotation/new", rotation.new, name="rotation_new"),
    path("rotation/check", rotation.check, name="rotation_check"),
    path("rotation/undo", rotation.undo, name="rotation_undo"),
    path("rotation/cells/<int:pk>/", rotation.cell, name="rotation_cell"),
    path("rotation/cells/<int:pk>/end", rotation.end, name="rotation_end"),
    path("rotation/carry/", whole.carry_on, name="rotation_carry"),
    path("rotation/fill/", whole.fill, name="rotation_fill"),
    path("rotation/file/", whole.read_file, name="rotation_file"),
    path("rotation/apply", whole.apply, name="rotation_apply"),
    path("rotation/poster.pdf", whole.poster, name="rotation_poster"),
    path("rotation/classes.pdf", whole.class_slip, name="rotation_slips"),
    path("opening/", opening.opening, name="opening"),
    path("opening/rooms", opening.keep_room, name="opening_room"),
    path("opening/hours/<int:pk>/", opening.hours, name="opening_hours"),
    path("opening/days", opening.keep_days, name="opening_days"),
    path("opening/days/<int:pk>/remove", opening.remove_days, name="opening_days_remove"),
    path("opening/terms/<code>/", opening.term, name="opening_term"),
]
