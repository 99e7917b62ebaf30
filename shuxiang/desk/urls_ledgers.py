"""Addresses of the account books; the desk's own urls include them."""

from django.urls import path

from shuxiang.desk.lazily import views

ledgers = views("ledgers")
ledgers_files = views("ledgers_files")
ledgers_profile = views("ledgers_profile")
ledgers_years = views("ledgers_years")
urlpatterns = [
    path("ledgers/", ledgers.listing, name="ledgers"),
    path("ledgers/profile/", ledgers_profile.profile, name="ledger_profile"),
    path("ledgers/profile/keep", ledgers_profile.keep, name="ledger_profile_keep"),
    path("ledgers/years/<int:year>/", ledgers_years.year, name="ledger_year"),
    path("ledgers/years/<int:year>/close", ledgers_years.close, name="ledger_year_close"),
    path("ledgers/files/<uuid:pk>/", ledgers_files.file, name="ledger_file"),
    path("ledgers/files/<uuid:pk>/progress", ledgers_files.progress, name="ledger_file_progress"),
    path("ledgers/files/<uuid:pk>/download", ledgers_files.download, name="ledger_download"),
    path("ledgers/<str:code>/", ledgers.book, name="ledger"),
    path("ledgers/<str:code>/write", ledgers_files.write, name="ledger_write"),
]
