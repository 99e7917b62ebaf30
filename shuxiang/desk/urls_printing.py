"""Addresses of printing; the desk's own urls include them."""

from django.urls import path

from shuxiang.desk.lazily import views

pages = views("printing.pages")
printers = views("printing.printers")
sheets = views("printing.sheets")
urlpatterns = [
    path("printing/", pages.printing, name="printing"),
    path("printing/cards/", pages.cards, name="printing_cards"),
    path("printing/choose/<str:kind>/", pages.choose, name="printing_choose"),
    path("printing/runs/<int:run_pk>/", pages.run, name="printing_run"),
    path("printing/runs/<int:run_pk>/file", pages.file, name="printing_file"),
    path("printing/sheets/", sheets.sheets, name="printing_sheets"),
    path("printing/sheets/new/", sheets.new_sheet, name="printing_new_sheet"),
    path("printing/sheets/<int:sheet_pk>/", sheets.sheet, name="printing_sheet"),
    path("printing/sheets/<int:sheet_pk>/delete", sheets.delete_sheet, name="printing_delete_sheet"),
    path("printing/printers/", printers.printers, name="printing_printers"),
    path("printing/printers/<int:printer_pk>/", printers.printer, name="printing_printer"),
    path("printing/printers/<int:printer_pk>/test-sheet", printers.test_sheet, name="printing_test_sheet"),
    path(
        "printing/printers/<int:printer_pk>/rename", printers.rename_printer, name="printing_rename_printer"
    ),
    path(
        "printing/printers/<int:printer_pk>/delete", printers.delete_printer, name="printing_delete_printer"
    ),
]
