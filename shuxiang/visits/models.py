"""Visits to the rooms, reading lessons and who was there, the visitors' book, and the score sheet of the classes."""

from django.db import models
from django.db.models import F, Q

from shuxiang.libraries.models import Library, Room, RotationSlot, SchoolClass
from shuxiang.patrons.models import Patron


class CountingRule(models.Model):
    """How a library counts cards at the door: the same card again within so many minutes is one visit."""

    library = models.OneToOneField(Library, on_delete=models.CASCADE, related_name="visit_counting")
    pause_minutes = models.PositiveSmallIntegerField(default=30)

    def __str__(self) -> str:
        return f"{self.library_id}: {self.pause_minutes}"


class GateFile(models.Model):
    """A file of a gate counter that was taken over: what it was, and whether it was taken back."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="gate_files")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="gate_files")
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    from_on = models.DateField()
    to_on = models.DateField()
    rows = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["library", "room", "digest"],
                condition=Q(undone_at__isnull=True),
                name="gate_file_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Lesson(models.Model):
    """A reading lesson (阅览课) of a class: held with so many pupils, or not held and why."""

    class State(models.TextChoices):
        HELD = "held"
        DROPPED = "dropped"

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="lessons")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="lessons")
    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, related_name="lessons")
    slot = models.ForeignKey(
        RotationSlot, null=True, blank=True, on_delete=models.SET_NULL, related_name="lessons"
    )
    on = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField()
    state = models.CharField(max_length=7, choices=State.choices)
    teacher = models.CharField(max_length=40, blank=True)
    topic = models.CharField(max_length=120, blank=True)
    books = models.CharField(max_length=300, blank=True)  # titles used, as the teacher writes them
    reason = models.CharField(max_length=120, blank=True)  # why it was not held
    head_count = models.PositiveSmallIntegerField(null=True, blank=True)
    modified_at = models.DateTimeField()
    modified_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school_class", "on", "starts"], name="lesson_once"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="lesson_order"),
            models.CheckConstraint(
                condition=Q(state="held", head_count__isnull=False)
                | Q(state="dropped", head_count__isnull=True),
                name="lesson_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["library", "on"], name="lesson_on")]

    def __str__(self) -> str:
        return f"{self.school_class_id} {self.on} {self.starts:%H:%M}"


class Attendance(models.Model):
    """A pupil who was ticked as present in a lesson."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="attendance")
    patron = models.ForeignKey(Patron, on_delete=models.CASCADE, related_name="lessons_attended")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lesson", "patron"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.patron_id} in {self.lesson_id}"


class TeacherReading(models.Model):
    """A line of the teachers' reading-room register (教师阅览登记)."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="teacher_readings")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="teacher_readings")
    patron = models.ForeignKey(Patron, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=40)
    on = models.DateField()
    starts = models.TimeField()
    what = models.CharField(max_length=120, blank=True)  # read
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["library", "on"], name="teacher_reading_on")]

    def __str__(self) -> str:
        return f"{self.name} {self.on}"


class VisitorGroup(models.Model):
    """A line of the visitors' book (来访登记): who came, what for, how many. Not readers, so not counted as visits."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="visitor_groups")
    on = models.DateField()
    organisation = models.CharField(max_length=80)
    purpose = models.CharField(max_length=120, blank=True)
    people = models.PositiveSmallIntegerField()
    received_by = models.CharField(max_length=40, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(people__gte=1), name="visitors_some")]
        indexes = [models.Index(fields=["library", "on"], name="visitors_on")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.on}"


class Visit(models.Model):
    """One entry: so many people in a room in an hour. Never changed: a correction is an entry of its own, below zero too."""

    class Way(models.TextChoices):
        CARD = "card"
        CLASS = "class"
        LESSON = "lesson"
        KEY = "key"
        GATE = "gate"
        REGISTER = "register"
        CORRECTION = "correction"

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="visits")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="visits")
    way = models.CharField(max_length=10, choices=Way.choices)
    on = models.DateField()
    hour = models.PositiveSmallIntegerField()  # local, 0 to 23
    at = models.DateTimeField()
    count = models.IntegerField()
    is_pupil = models.BooleanField()  # counts for visits per pupil
    school_class = models.ForeignKey(
        SchoolClass, null=True, blank=True, on_delete=models.PROTECT, related_name="visits"
    )
    patron = models.ForeignKey(Patron, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    lesson = models.ForeignKey(
        Lesson, null=True, blank=True, on_delete=models.SET_NULL, related_name="visits"
    )
    reading = models.ForeignKey(
        TeacherReading, null=True, blank=True, on_delete=models.SET_NULL, related_name="visits"
    )
    gate_file = models.ForeignKey(
        GateFile, null=True, blank=True, on_delete=models.PROTECT, related_name="visits"
    )
    corrects = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )
    reason = models.CharField(max_length=120, blank=True)
    by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hour__lte=23), name="visit_hour"),
            models.CheckConstraint(condition=~Q(count=0), name="visit_some"),
            models.CheckConstraint(condition=Q(way="correction") | Q(count__gt=0), name="visit_below_zero"),
        ]
        indexes = [
            models.Index(fields=["library", "on"], name="visit_on"),
            models.Index(fields=["patron", "at"], condition=Q(way="card"), name="visit_card"),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.on} {self.hour}: {self.count}"


class Criterion(models.Model):
    """What a school scores its classes by: a figure of the program (so many points a unit), or points given by hand."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="score_criteria")
    name = models.CharField(max_length=60)
    figure = models.CharField(max_length=60, blank=True)  # code of a figure parted by class; empty: by hand
    base = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    per_unit = models.DecimalField(max_digits=7, decimal_places=2, default=1)
    most = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(
                fields=["library", "name"], condition=Q(ended_at__isnull=True), name="criterion_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class PointsEntry(models.Model):
    """Points given to a class by hand, or taken, on a day with a reason; struck out, never deleted."""

    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="entries")
    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, related_name="points")
    on = models.DateField()
    points = models.DecimalField(max_digits=7, decimal_places=2)
    reason = models.CharField(max_length=120)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "points entries"
        indexes = [models.Index(fields=["school_class", "on"], name="points_on")]

    def __str__(self) -> str:
        return f"{self.school_class_id} {self.points}"
