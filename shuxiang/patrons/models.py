"""Readers, their cards, classes and blocks. Readers are children: little is kept."""

from django.db import models
from django.db.models import F, Q

from shuxiang.accounts.models import Account
from shuxiang.common.ids import uuid7
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.patrons import codemodels  # noqa: F401  the rest of the tables


class PatronCategory(models.Model):
    """A kind of reader with its own loan policy: pupil, teacher, class, subject group …"""

    class Kind(models.TextChoices):
        PUPIL = "pupil"
        TEACHER = "teacher"
        STAFF = "staff"
        CITIZEN = "citizen"
        CLASS = "class"
        GROUP = "group"
        LIBRARY = "library"

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="patron_categories")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=Kind.choices)

    class Meta:
        verbose_name_plural = "patron categories"
        constraints = [models.UniqueConstraint(fields=["library", "code"], name="category_code")]

    def __str__(self) -> str:
        return self.name


class Patron(models.Model):
    """A reader. Personal data: the name; no birth date, no identity number, no sex, no telephone (decision 0005)."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="patrons")
    category = models.ForeignKey(PatronCategory, on_delete=models.PROTECT, related_name="patrons")
    name = models.CharField(max_length=60)
    name_pinyin = models.CharField(max_length=200, blank=True)
    name_initials = models.CharField(max_length=60, blank=True)
    school_class = models.ForeignKey(  # set when the patron *is* a class (collective loans)
        SchoolClass, null=True, blank=True, on_delete=models.PROTECT, related_name="as_patron"
    )
    account = models.OneToOneField(
        Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="patron"
    )
    loan_limit = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # only where it differs from the policy
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField(db_index=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["library", "name"], name="patron_name"),
            models.Index(fields=["library", "name_initials"], name="patron_initials"),
        ]

    def __str__(self) -> str:
        return self.name


class Card(models.Model):
    """A reader's card number: dated, unique in the library for ever, never given to somebody else."""

    class Ended(models.TextChoices):
        LOST = "lost"
        REPLACED = "replaced"
        LEFT = "left"
        UNDONE = "undone"

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="cards")
    patron = models.ForeignKey(Patron, on_delete=models.PROTECT, related_name="cards")
    number = models.CharField(max_length=40)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)
    ended = models.CharField(max_length=8, choices=Ended.choices, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "number"], name="card_number")]

    def __str__(self) -> str:
        return self.number


class ClassMembership(models.Model):
    """Patron in a class from a day to a day. In a mixed-grade class the pupil's own entry year gives the grade."""

    patron = models.ForeignKey(Patron, on_delete=models.CASCADE, related_name="memberships")
    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, related_name="memberships")
    number = models.PositiveSmallIntegerField(null=True, blank=True)  # 学号 inside the class
    entry_year = models.PositiveSmallIntegerField(null=True, blank=True)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patron"], condition=Q(to_on__isnull=True), name="membership_one_open"
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="membership_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patron_id} in {self.school_class_id}"


class Block(models.Model):
    """Borrowing stopped for a reader, with reason, and until when (empty: until lifted)."""

    patron = models.ForeignKey(Patron, on_delete=models.CASCADE, related_name="blocks")
    reason = models.CharField(max_length=120)
    from_at = models.DateTimeField()
    until_on = models.DateField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.reason
