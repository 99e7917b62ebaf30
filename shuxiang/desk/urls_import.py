"""Addresses of the import wizard; the desk's own urls include them."""

from django.urls import path

from shuxiang.desk.lazily import views

drafts = views("imports.drafts")
listing = views("imports.listing")
runs = views("imports.runs")
urlpatterns = [
    path("import/", listing.listing, name="imports"),
    path("import/bring", listing.bring, name="import_bring"),
    path("import/files/<uuid:pk>/", drafts.draft, name="import_draft"),
    path("import/files/<uuid:pk>/progress", drafts.progress, name="import_draft_progress"),
    path("import/files/<uuid:pk>/columns", drafts.choose, name="import_columns"),
    path("import/files/<uuid:pk>/enter", drafts.start, name="import_start"),
    path("import/files/<uuid:pk>/discard", drafts.discard, name="import_discard"),
    path("import/files/<uuid:pk>/corrections", drafts.corrections, name="import_corrections"),
    path("import/<uuid:pk>/", runs.run, name="import_run"),
    path("import/<uuid:pk>/progress", runs.run_progress, name="import_run_progress"),
    path("import/<uuid:pk>/corrections", runs.run_corrections, name="import_run_corrections"),
    path("import/<uuid:pk>/again", runs.bring_again, name="import_again"),
    path("import/<uuid:pk>/undo", runs.undo, name="import_undo"),
    path("import/<uuid:pk>/take-back", runs.take_back, name="import_take_back"),
]
