"""Pupil librarians (小图书管理员): chosen, trained, put on the roster, counted, thanked."""

from django.db import models
from django.db.models import F, Q

from shuxiang.accounts.models import Account
from shuxiang.libraries.models import Library, Room, SchoolClass
from shuxiang.patrons.models import Patron


class Helper(models.Model):
    """A pupil proposed or appointed for a time: for the own class, or (class empty) for shifts that serve everybody."""

    class State(models.TextChoices):
        PROPOSED = "proposed"
        APPOINTED = "appointed"
        DECLINED = "declined"
        ENDED = "ended"

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="helpers")
    patron = models.ForeignKey(Patron, on_delete=models.PROTECT, related_name="helper_times")
    school_class = models.ForeignKey(
        SchoolClass, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.PROPOSED)
    votes = models.PositiveSmallIntegerField(null=True, blank=True)
    proposed_on = models.DateField()
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="helper_times"
    )
    modified_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patron"], condition=Q(state__in=["proposed", "appointed"]), name="helper_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="appointed") | Q(from_on__isnull=False, to_on__isnull=False),
                name="helper_has_time",
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="helper_order"
            ),
        ]
        indexes = [models.Index(fields=["library", "state"], name="helper_state")]

    def __str__(self) -> str:
        return f"{self.patron_id} {self.state}"


class Training(models.Model):
    """A training or meeting of the pupil librarians, with who was there."""

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="helper_trainings")
    topic = models.CharField(max_length=12)  # of rules.TOPICS
    on = models.DateField()
    trainer = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=200, blank=True)
    present = models.ManyToManyField(Helper, related_name="trainings", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["library", "-on"], name="training_on")]

    def __str__(self) -> str:
        return f"{self.topic} {self.on}"


class Duty(models.Model):
    """A turn of the duty roster (值日): this helper, every week or week A or B, at a time of a weekday in a room."""

    helper = models.ForeignKey(Helper, on_delete=models.CASCADE, related_name="duties")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField()
    week = models.CharField(max_length=5, default="every")
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.UniqueConstraint(fields=["helper", "weekday", "week", "starts"], name="duty_once"),
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="duty_weekday"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="duty_order"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts:%H:%M}"


class Served(models.Model):
    """A turn that was kept: whoever came says so, or the librarian does. Hours are counted from these."""

    helper = models.ForeignKey(Helper, on_delete=models.CASCADE, related_name="served")
    on = models.DateField()
    starts = models.TimeField()
    minutes = models.PositiveSmallIntegerField()
    noted_by = models.CharField(max_length=80)

    class Meta:
        verbose_name_plural = "served"
        constraints = [
            models.UniqueConstraint(fields=["helper", "on", "starts"], name="served_once"),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=600), name="served_minutes"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.minutes}"


class Award(models.Model):
    """优秀小管理员 of a term: the row behind the certificate."""

    helper = models.ForeignKey(Helper, on_delete=models.PROTECT, related_name="awards")
    term = models.CharField(max_length=11)
    on = models.DateField()
    acts = models.PositiveIntegerField()
    minutes = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["helper", "term"], name="award_once")]

    def __str__(self) -> str:
        return self.term
