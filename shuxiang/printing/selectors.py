"""Reads of the print room: sheets, printers, the log."""

from dataclasses import fields
from datetime import datetime

from django.db.models import QuerySet

from shuxiang.libraries.models import Library
from shuxiang.printing.messages import sheet_name
from shuxiang.printing.models import LabelSheet, Printer, PrintRun
from shuxiang.printing.rules import Correction, next_place
from shuxiang.printing.sheets import BY_CODE, SHIPPED, Sheet

OWN = "own-"
_UM = 1000
LENGTHS = ("page_width", "page_height", "left", "top", "width", "height", "across", "down", "padding")
_PLAIN = ("columns", "rows", "is_roll", "cut")
assert {f.name for f in fields(Sheet)} == {"code", "name", *LENGTHS, *_PLAIN}  # noqa: S101  a column without its length


def sheet_of(row: LabelSheet) -> Sheet:
    """A library's own sheet, in millimetres."""
    lengths = {name: getattr(row, name) / _UM for name in LENGTHS}
    plain = {name: getattr(row, name) for name in _PLAIN}
    return Sheet(code=f"{OWN}{row.pk}", name=row.name, **lengths, **plain)


def sheets_of(library: Library) -> list[tuple[str, Sheet]]:
    """(name, sheet) of a library's own sheets, then of the shipped ones."""
    own = [
        (row.name, sheet_of(row)) for row in LabelSheet.objects.filter(library=library).order_by("name", "pk")
    ]
    return own + [(sheet_name(sheet.code), sheet) for sheet in SHIPPED]


def own_sheet(library: Library, pk: int) -> LabelSheet | None:
    return LabelSheet.objects.filter(library=library, pk=pk).first()


def find_sheet(library: Library, code: str) -> Sheet | None:
    """A sheet by its code, the library's own or a shipped one."""
    if not code.startswith(OWN):
        return BY_CODE.get(code)
    number = code.removeprefix(OWN)
    row = (
        own_sheet(library, int(number))
        if number.isascii() and number.isdecimal() and len(number) < 16
        else None
    )
    return sheet_of(row) if row else None


def name_of(library: Library, code: str) -> str:
    """What a sheet is called; its code when it is not there any more."""
    sheet = find_sheet(library, code)
    return (sheet.name or sheet_name(sheet.code)) if sheet else code


def printers_of(library: Library) -> list[Printer]:
    return list(Printer.objects.filter(library=library).order_by("name", "pk"))


def find_printer(library: Library, pk: int) -> Printer | None:
    return Printer.objects.filter(library=library, pk=pk).first()


def correction_of(printer: Printer | None) -> Correction:
    """What a printer does to a page; nothing for one that was not measured, or none."""
    if printer is None:
        return Correction()
    return Correction(
        printer.right_um / 1000, printer.down_um / 1000, printer.wider_ppm / 1e6, printer.taller_ppm / 1e6
    )


def find_run(library: Library, pk: int) -> PrintRun | None:
    return PrintRun.objects.filter(library=library, pk=pk).select_related("printer").first()


def printed(library: Library) -> QuerySet[PrintRun]:
    """What was printed, the latest first."""
    runs = PrintRun.objects.filter(library=library, printed_at__isnull=False).select_related("printer")
    return runs.order_by("-printed_at", "-pk")


def last_choice(library: Library, kind: str) -> PrintRun | None:
    """What was printed last of a kind: its sheet and printer are proposed again."""
    return printed(library).filter(kind=kind).first()


def place_after(library: Library, sheet: Sheet, before: datetime) -> int:
    """Where the sheet begun last has its first unused label; 1 when it was filled, or none was printed."""
    if sheet.is_roll:
        return 1
    last = printed(library).filter(sheet=sheet.code, printed_at__lte=before).first()
    return next_place(sheet, last.start, last.labels) if last else 1
