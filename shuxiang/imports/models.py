"""Runs: a file carried out row by row, with a verdict for each, that can be resumed and undone."""

from django.db import models

from shuxiang.audit.models import Job
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
    # the job of the server that carries it out or undoes it now: where its progress is read
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

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


class Draft(models.Model):
    """A file that somebody brought and that is not imported yet: what it holds, what its columns mean, the dry run.

    Kept until it becomes a run, is thrown away, or nobody has touched it for some days; then its rows and bytes go.
    """

    class State(models.TextChoices):
        WAITING = "waiting"  # being opened, or its rows being judged
        COLUMNS = "columns"  # a person must say what the columns mean
        UNREADABLE = "unreadable"
        CHECKED = "checked"  # every row has its verdict
        STARTED = "started"  # it is a run now

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="import_drafts")
    kind = models.CharField(max_length=20, blank=True)  # empty until the file was looked into
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    head = models.JSONField(default=dict)  # services.looking.Head
    mapping = models.JSONField(
        default=dict
    )  # as Run.mapping; empty until somebody or the guess has filled it
    options = models.JSONField(default=dict)  # school_year, profile (a name to keep the mapping under), kinds
    warnings = models.JSONField(default=list)  # notes about the file
    failure = models.JSONField(default=dict)  # the note that says why it cannot go on
    counts = models.JSONField(default=dict)  # made, changed, skipped, refused, remarked
    totals = models.JSONField(default=dict)
    round = models.PositiveIntegerField(
        default=0
    )  # which dry run: an older one that still works stops itself
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    run = models.OneToOneField(Run, null=True, blank=True, on_delete=models.CASCADE, related_name="draft")
    requested_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["library", "-created_at"], name="draft_library_created"),
            models.Index(fields=["touched_at"], name="draft_touched"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.file.name}"


class DraftRow(models.Model):
    """The verdict that one row would get now."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    sheet = models.CharField(max_length=60, blank=True)
    verdict = models.CharField(max_length=8, choices=RunRow.Verdict.choices)
    is_remarked = models.BooleanField(default=False)  # comes in, and there is something to say
    reasons = models.JSONField(default=list)
    label = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=200, blank=True)  # an ISBN, a card: what tells like rows apart
    volumes = models.PositiveIntegerField(null=True, blank=True)
    cells = models.JSONField(default=dict)  # by column title, of rows that a person may want to correct

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "sheet", "number"], name="draft_row"),
        ]
        indexes = [
            models.Index(fields=["draft", "verdict", "sheet", "number"], name="draft_row_verdict"),
            models.Index(fields=["draft", "is_remarked", "sheet", "number"], name="draft_row_remarked"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.verdict}"
