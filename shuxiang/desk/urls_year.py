"""Addresses of the turn of the school year and of clearance; the desk's own urls include them."""

from django.urls import path

from shuxiang.desk.lazily import views

clearance = views("clearance")
year = views("year")
urlpatterns = [
    path("year/", year.openings, name="year"),
    path("year/begin", year.begin, name="year_begin"),
    path("year/<int:pk>/", year.opening, name="year_opening"),
    path("year/<int:pk>/progress", year.progress, name="year_progress"),
    path("year/<int:pk>/list", year.bring, name="year_list"),
    path("year/<int:pk>/answers", year.answers, name="year_answers"),
    path("year/<int:pk>/classes/<int:class_pk>/", year.school_class, name="year_class"),
    path("year/<int:pk>/go", year.go, name="year_go"),
    path("year/<int:pk>/undo", year.undo, name="year_undo"),
    path("year/<int:pk>/discard", year.discard, name="year_discard"),
    path("clearance/", clearance.clearances, name="clearance"),
    path("clearance/owing/", clearance.owing, name="clearance_owing"),
    path("clearance/classes/<int:pk>/", clearance.school_class, name="clearance_class"),
    path("clearance/classes/<int:pk>/sheet/", clearance.sheet, name="clearance_sheet"),
    path("clearance/clear", clearance.clear, name="clearance_clear"),
    path("clearance/<int:pk>/certificate/", clearance.certificate, name="clearance_certificate"),
    path("clearance/<int:pk>/undo", clearance.undo, name="clearance_undo"),
    path("clearance/acts/<uuid:batch>/", clearance.act, name="clearance_act"),
    path("clearance/acts/<uuid:batch>/undo", clearance.undo_act, name="clearance_undo_act"),
]
