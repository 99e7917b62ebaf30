"""The turn of the school year as a plan that is drafted, carried out once and may be taken back; and clearance."""

from django.db import models
from django.db.models import Q

from shuxiang.audit.models import Job
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.patrons.models import Patron


class YearOpening(models.Model):
    """The opening of one school year. `choices`: what differs from everybody moving up; `totals`: what came of it."""

    class State(models.TextChoices):
        DRAFT = "draft"
        RUNNING = "running"  # queued or being carried out: both survive a power cut
        DONE = "done"
        UNDOING = "undoing"
        UNDONE = "undone"

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="year_openings")
    school_year = models.CharField(max_length=9)
    state = models.CharField(max_length=7, choices=State.choices, default=State.DRAFT)
    choices = models.JSONField(default=dict)  # {"classes": {key: {…}}, "pupils": {key: "leave"}}
    file_name = models.CharField(max_length=120, blank=True)
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    totals = models.JSONField(default=dict)
    lines = models.JSONField(default=list)  # classes before → after, as they were shown when it was begun
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    done_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["library"], condition=~Q(state__in=["done", "undone"]), name="opening_one_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["library", "school_year"], name="opening_year")]

    def __str__(self) -> str:
        return self.school_year


class Entrant(models.Model):
    """A row of the list of new pupils, until the opening is carried out. Personal data: the name."""

    opening = models.ForeignKey(YearOpening, on_delete=models.CASCADE, related_name="entrants")
    row = models.PositiveIntegerField()  # in the file
    name = models.CharField(max_length=60, blank=True)
    card = models.CharField(max_length=40, blank=True)
    label = models.CharField(max_length=40, blank=True)
    grade = models.PositiveSmallIntegerField(null=True, blank=True)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    problem = models.CharField(max_length=30, blank=True)  # code of what makes the row unreadable
    answer = models.CharField(max_length=20, blank=True)  # new, twice, or the key of the reader it is

    def __str__(self) -> str:
        return f"{self.row}"


class Step(models.Model):
    """One thing that an opening does: to a class, or to a reader. What it wrote stands in `effects`, for taking back."""

    class Kind(models.TextChoices):
        RENAME = "rename"
        OPEN = "open"
        RETURN = "return"
        MOVE = "move"
        LEAVE = "leave"
        ENTER = "enter"
        CLOSE = "close"
        COUNT = "count"

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        KEPT = "kept"  # something stood in the way: `note` says what
        UNDONE = "undone"
        STAYS = "stays"  # touched by others since, so undo left it

    opening = models.ForeignKey(YearOpening, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    patron = models.ForeignKey(Patron, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    school_class = models.ForeignKey(
        SchoolClass, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    wants = models.JSONField(default=dict)
    effects = models.JSONField(default=dict)
    note = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["opening", "state"], name="step_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Clearance(models.Model):
    """A reader gave everything back and is written off the list of readers (清退): the row behind the certificate."""

    class Reason(models.TextChoices):
        GRADUATED = "graduated"
        TRANSFERRED = "transferred"
        SUSPENDED = "suspended"  # 休学
        RETIRED = "retired"  # a teacher goes
        OTHER = "other"

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="clearances")
    patron = models.ForeignKey(Patron, on_delete=models.PROTECT, related_name="clearances")
    number = models.CharField(max_length=20)
    reason = models.CharField(max_length=11, choices=Reason.choices)
    cleared_on = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    class_label = models.CharField(max_length=30, blank=True)  # as it was on that day
    batch = models.UUIDField()  # of one act
    effects = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "number"], name="clearance_number"),
            models.UniqueConstraint(
                fields=["patron"], condition=Q(undone_at__isnull=True), name="clearance_one_standing"
            ),
        ]
        indexes = [
            models.Index(fields=["library", "-cleared_on"], name="clearance_on"),
            models.Index(fields=["batch"], name="clearance_batch"),
        ]

    def __str__(self) -> str:
        return self.number
