"""Mending and binding: the log of what was repaired, by whom, when and at what cost; repair afternoons and consignments."""

from django.db import models
from django.db.models import Q

from shuxiang.holdings.models import Item
from shuxiang.libraries.models import Library, SchoolClass


class Round(models.Model):
    """Volumes dealt with together: an afternoon on which pupils repair, or a consignment to a binder (送装)."""

    class Kind(models.TextChoices):
        AFTERNOON = "afternoon"
        BINDER = "binder"

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="mending_rounds")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    name = models.CharField(max_length=80)  # of the afternoon, or of the binder
    on = models.DateField()  # held, or sent
    due_on = models.DateField(null=True, blank=True)  # when the binder is to bring them back
    school_class = models.ForeignKey(SchoolClass, null=True, blank=True, on_delete=models.SET_NULL)
    helpers = models.PositiveSmallIntegerField(null=True, blank=True)  # how many pupils helped
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["library", "kind", "on"], name="round_on")]

    def __str__(self) -> str:
        return self.name


class Task(models.Model):
    """One volume that is mended or bound: open while it is away, then a line of the log for good."""

    class Kind(models.TextChoices):
        COVER = "cover"
        SPINE = "spine"
        PAGES = "pages"
        LABEL = "label"
        CLEANING = "cleaning"
        BINDING = "binding"
        OTHER = "other"

    class Outcome(models.TextChoices):
        MENDED = "mended"
        UNMENDED = "unmended"  # came back as it was
        BEYOND = "beyond"  # cannot be mended: stays away until it is withdrawn

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="mending_tasks")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="mending_tasks")
    round = models.ForeignKey(Round, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    note = models.CharField(max_length=200, blank=True)
    came_on = models.DateField()
    came_by = models.CharField(max_length=80)
    ended_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    helper = models.CharField(max_length=60, blank=True)  # who mended it, as the librarian writes it
    cost_fen = models.PositiveIntegerField(null=True, blank=True)
    in_operation = models.UUIDField(
        null=True, blank=True
    )  # that put it aside; none when it never left its place
    out_operation = models.UUIDField(null=True, blank=True)  # that put it back
    modified_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(ended_on__isnull=True), name="task_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, outcome="") | (Q(ended_on__isnull=False) & ~Q(outcome="")),
                name="task_ended_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["library", "ended_on"], name="task_ended")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.kind} {self.outcome}"
