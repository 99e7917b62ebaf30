"""Runs: a file carried out row by row, with a verdict for each, that can be resumed and undone."""

from django.db import models

from shuxiang.common.ids import uuid7
from shuxiang.files.models import StoredFile
from shuxiang.libraries.models import Library


class Profile(models.Model):
    """A saved mapping: what the columns or fields of one source mean."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="import_profiles")
    kind = models.CharField(max_length=20)  # books | patrons | loans
    name = models.CharField(max_length=60)
    mapping = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "kind", "name"], name="profile_name")]

    def __str__(self) -> str:
        return self.name


class Run(models.Model):
    """One import. read = made + changed + skipped + refused, always."""

    class State(models.TextChoices):
        PLANNED = "planned"  # verdicts known, nothing written
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        UNDOING = "undoing"
        UNDONE = "undone"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="import_runs")
    kind = models.CharField(max_length=20)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)  # school_year, profile, source …
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    rows_read = models.PositiveIntegerField(default=0)
    rows_made = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_skipped = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    totals = models.JSONField(default=dict)  # {"records": 2662, "items": 9945, …}
    next_row = models.PositiveIntegerField(default=0)  # where a resumed run goes on
    requested_by = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["library", "-started_at"], name="run_library_started")]

    def __str__(self) -> str:
        return f"{self.kind} {self.file.name}"


class RunRow(models.Model):
    """The verdict on one row, and what it made or changed (with the values before), so that undo knows."""

    class Verdict(models.TextChoices):
        MADE = "made"
        CHANGED = "changed"
        SKIPPED = "skipped"
        REFUSED = "refused"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # as the spreadsheet or the file numbers it
    sheet = models.CharField(max_length=60, blank=True)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    reasons = models.JSONField(default=list)  # [{"code": …, "params": {…}}], warnings too
    label = models.CharField(max_length=200, blank=True)  # what a person recognises the row by
    effects = models.JSONField(default=dict)  # {"made": ["catalogue.record:5", …], "before": {...}}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "sheet", "number"], name="run_row")]
        indexes = [models.Index(fields=["run", "verdict"], name="run_row_verdict")]

    def __str__(self) -> str:
        return f"{self.number} {self.verdict}"
