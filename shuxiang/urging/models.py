"""Who was reminded of which loan, when and by which way; and where a class's reminders are sent."""

from django.db import models
from django.db.models import Q

from shuxiang.circulation.models import Loan
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.patrons.models import Patron


class UrgingSettings(models.Model):
    """What may hang on a wall."""

    library = models.OneToOneField(Library, on_delete=models.CASCADE, related_name="urging_settings")
    shows_full_names = models.BooleanField(default=False)
    modified_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "urging settings"

    def __str__(self) -> str:
        return f"{self.library_id}: {self.shows_full_names}"


class Contact(models.Model):
    """An address that reminders go to: of a class (its teacher), or of one reader's parents, who agreed.

    Personal data: the address and the name. Deleted, not kept, when it is taken away.
    """

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="urging_contacts")
    school_class = models.OneToOneField(
        SchoolClass, null=True, blank=True, on_delete=models.CASCADE, related_name="urging_contact"
    )
    patron = models.OneToOneField(
        Patron, null=True, blank=True, on_delete=models.CASCADE, related_name="urging_contact"
    )
    name = models.CharField(max_length=60)
    address = models.CharField(max_length=254)
    consent = models.CharField(max_length=200, blank=True)  # who agreed, when, on which paper
    entered_by = models.CharField(max_length=80)
    modified_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(school_class__isnull=False, patron__isnull=True)
                | (Q(school_class__isnull=True, patron__isnull=False) & ~Q(consent="")),
                name="contact_of_one_and_agreed",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Round(models.Model):
    """One act of urging: these loans, on a day, by one way."""

    class Way(models.TextChoices):
        SLIP = "slip"
        WALL = "wall"
        MESSAGE = "message"
        WORD = "word"  # by word of mouth

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="urging_rounds")
    way = models.CharField(max_length=7, choices=Way.choices)
    school_class = models.ForeignKey(
        SchoolClass, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=200, blank=True)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    taken_back_at = models.DateTimeField(null=True, blank=True)  # it was pressed by mistake: counts no more

    class Meta:
        indexes = [models.Index(fields=["library", "-on"], name="urging_on")]

    def __str__(self) -> str:
        return f"{self.way} {self.on}"


class UrgedLoan(models.Model):
    """A loan that a round was about."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="loans")
    loan = models.ForeignKey(Loan, on_delete=models.CASCADE, related_name="urged")
    days_late = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "loan"], name="urged_once_a_round")]

    def __str__(self) -> str:
        return f"{self.loan_id}: {self.days_late}"
