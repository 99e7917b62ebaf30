"""A library's own sheets, its printers with what they are off, and the log of what was printed."""

from django.db import models
from django.db.models import Q

from shuxiang.libraries.models import Library


class LabelSheet(models.Model):
    """A sheet of labels as a library measured it; lengths in micrometres (sheets.Sheet has them in millimetres)."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="label_sheets")
    name = models.CharField(max_length=60)
    page_width = models.PositiveIntegerField()
    page_height = models.PositiveIntegerField()
    columns = models.PositiveSmallIntegerField()
    rows = models.PositiveSmallIntegerField()
    left = models.PositiveIntegerField()
    top = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    across = models.PositiveIntegerField()
    down = models.PositiveIntegerField()
    padding = models.PositiveIntegerField()
    is_roll = models.BooleanField(default=False)
    cut = models.BooleanField(default=False)  # blank paper: every label gets a line to cut along

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "name"], name="label_sheet_name")]

    def __str__(self) -> str:
        return self.name


class Printer(models.Model):
    """A printer and what its test sheet showed: how far it moves a page (µm) and stretches it (millionths)."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="printers")
    name = models.CharField(max_length=60)
    right_um = models.IntegerField(default=0)
    down_um = models.IntegerField(default=0)
    wider_ppm = models.IntegerField(default=1_000_000)
    taller_ppm = models.IntegerField(default=1_000_000)
    measured_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "name"], name="printer_name")]

    def __str__(self) -> str:
        return self.name


class PrintRun(models.Model):
    """What was chosen to be printed and, with `printed_at`, what was. Readers and volumes are named by their keys only."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="print_runs")
    kind = models.CharField(max_length=20)  # spine, barcode … : whoever prints knows them
    options = models.JSONField(default=dict)
    source = models.JSONField(default=dict)  # how it was chosen: {"by": "batch", "batch": 3}
    subjects = models.JSONField(default=list)  # keys of volumes or readers, or texts of signs, in their order
    total = models.PositiveIntegerField()
    sheet = models.CharField(max_length=40, blank=True)  # code of a shipped sheet, or own-3
    printer = models.ForeignKey(Printer, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    start = models.PositiveSmallIntegerField(default=1)  # place on the first sheet
    first = models.PositiveIntegerField(default=1)  # labels first to last of the total
    last = models.PositiveIntegerField(default=0)
    labels = models.PositiveIntegerField(default=0)  # printed
    repeats = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    prepared_at = models.DateTimeField()
    printed_at = models.DateTimeField(null=True, blank=True)
    actor = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["library", "-prepared_at"], name="print_run_log")]
        constraints = [
            models.CheckConstraint(
                condition=Q(printed_at__isnull=True) | Q(sheet__gt="", last__gte=1), name="print_run_printed"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.total}"
