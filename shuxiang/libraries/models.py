"""Libraries, their rooms and hours, the school year, classes and the rotation table."""

from django.db import models
from django.db.models import F, Q

from shuxiang.common.ids import uuid7


class Library(models.Model):
    """One school's or one town's library: the tenant. Its code is short ASCII and never changes."""

    class Kind(models.TextChoices):
        PRIMARY = "primary"
        JUNIOR = "junior"
        SENIOR = "senior"
        NINE_YEAR = "nine-year"
        COMPLETE = "complete"
        PUBLIC = "public"

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    standard = models.ForeignKey("Standard", null=True, blank=True, on_delete=models.PROTECT)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "libraries"

    def __str__(self) -> str:
        return self.name


class Standard(models.Model):
    """A named standard (标准方案) that figures are held against; national, provincial or a school's own."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=200)
    valid_from = models.DateField()
    volumes_per_pupil = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    new_volumes_per_pupil_year = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    opening_hours_week = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    serial_titles = models.PositiveIntegerField(null=True, blank=True)
    reference_titles = models.PositiveIntegerField(null=True, blank=True)
    division_shares = models.JSONField(default=dict)  # {"1": "1.5", …} per cent, five divisions
    division_tolerance = models.DecimalField(max_digits=4, decimal_places=2, default=2)

    def __str__(self) -> str:
        return self.name


class Room(models.Model):
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="rooms")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    area_m2 = models.DecimalField(max_digits=8, decimal_places=1, null=True, blank=True)
    seats = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "code"], name="room_code")]

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """When a room is open; several rows a weekday are allowed. Monday is 1."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "opening hours"
        constraints = [
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="hours_weekday"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="hours_order"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M}–{self.closes:%H:%M}"


class CalendarDay(models.Model):
    """Days that differ from the weekly hours: holidays (closed) and make-up working days (open)."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="calendar_days")
    from_on = models.DateField()
    to_on = models.DateField()
    is_open = models.BooleanField(default=False)
    name = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "from_on", "name"], name="calendar_day"),
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="calendar_day_order"),
        ]

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """A reporting period of the school year with its teaching weeks inside. Periods of a library leave no gap."""

    class Season(models.TextChoices):
        AUTUMN = "autumn"
        SPRING = "spring"

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="terms")
    code = models.CharField(max_length=11)  # 2026-autumn
    season = models.CharField(max_length=6, choices=Season.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()
    teaching_from = models.DateField()
    teaching_to = models.DateField()
    recall_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "code"], name="term_code"),
            models.UniqueConstraint(fields=["library", "starts_on"], name="term_start"),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("teaching_from"))
                & Q(teaching_from__lte=F("teaching_to"))
                & Q(teaching_to__lte=F("ends_on")),
                name="term_order",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Stage(models.Model):
    """A stretch of grades a school teaches: primary 1–6, junior 7–9; 5-4 systems have a stage of five years."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="stages")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=40)
    first_grade = models.PositiveSmallIntegerField()
    years = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "code"], name="stage_code")]

    def __str__(self) -> str:
        return self.name


class SchoolClass(models.Model):
    """A cohort: the class that entered the stage in a school year. The grade follows from the date."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="classes")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="classes")
    entry_year = models.PositiveSmallIntegerField()  # first calendar year of the entry school year
    label_pattern = models.CharField(max_length=30)  # "{grade}乙", "{grade}年级", "276班"
    position = models.PositiveSmallIntegerField(default=0)  # order among parallel classes
    graduated_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "school classes"
        constraints = [
            models.UniqueConstraint(
                fields=["library", "stage", "entry_year", "label_pattern"], name="class_label"
            )
        ]

    def __str__(self) -> str:
        return f"{self.label_pattern} ({self.entry_year})"


class EnrolmentCount(models.Model):
    """Pupils of a class, or staff of the school, counted on a day: the denominator of every per-head figure."""

    class Kind(models.TextChoices):
        PUPIL = "pupil"
        TEACHER = "teacher"

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="enrolment")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    school_class = models.ForeignKey(
        SchoolClass, null=True, blank=True, on_delete=models.CASCADE, related_name="enrolment"
    )
    counted_on = models.DateField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["library", "kind", "school_class", "counted_on"], name="enrolment_day"
            ),
            models.UniqueConstraint(
                fields=["library", "kind", "counted_on"],
                condition=Q(school_class__isnull=True),
                name="enrolment_day_whole",
            ),
            models.CheckConstraint(
                condition=Q(kind="pupil", school_class__isnull=False) | Q(school_class__isnull=True),
                name="enrolment_class_is_pupils",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.counted_on}: {self.count}"


class RotationSlot(models.Model):
    """One cell of the rotation table (班级轮流借阅表): who may use which room when, every week or week A/B."""

    class Week(models.TextChoices):
        EVERY = "every"
        A = "A"
        B = "B"

    class Activity(models.TextChoices):
        LEND = "lend"
        RETURN = "return"
        READ = "read"
        LESSON = "lesson"
        CLOSED = "closed"

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="rotation")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="rotation")
    weekday = models.PositiveSmallIntegerField()
    week = models.CharField(max_length=5, choices=Week.choices, default=Week.EVERY)
    starts = models.TimeField()
    ends = models.TimeField()
    activity = models.CharField(max_length=6, choices=Activity.choices, default=Activity.LEND)
    school_class = models.ForeignKey(SchoolClass, null=True, blank=True, on_delete=models.CASCADE)
    grade = models.PositiveSmallIntegerField(null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="rotation_weekday"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="rotation_order"),
            models.CheckConstraint(
                condition=Q(school_class__isnull=True) | Q(grade__isnull=True), name="rotation_class_or_grade"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts:%H:%M}"
