"""What stands beside the property: pupils' own books in a corner, and books that drift from hand to hand (decision 0040)."""

from django.db import models
from django.db.models import F, Q

from shuxiang.holdings.models import ShelvingLocation
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import Patron


class OwnBook(models.Model):
    """A book that a pupil lends to the class corner. It is the pupil's: no item, no accession line, in no ledger."""

    class Ended(models.TextChoices):
        HOME = "home"  # given back to its owner
        LOST = "lost"

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="own_books")
    number = models.PositiveIntegerField()  # written on its slip as Z0001
    location = models.ForeignKey(ShelvingLocation, on_delete=models.PROTECT, related_name="own_books")
    owner = models.ForeignKey(
        Patron, null=True, blank=True, on_delete=models.SET_NULL, related_name="own_books"
    )
    title = models.CharField(max_length=200)
    author = models.CharField(max_length=100, blank=True)
    received_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    ended = models.CharField(max_length=4, choices=Ended.choices, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "number"], name="own_book_number"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended="") | (Q(ended_on__isnull=False) & ~Q(ended="")),
                name="own_book_ended_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def code(self) -> str:
        """What is written on the slip and can be scanned."""
        return f"Z{self.number:04d}"


class OwnLoan(models.Model):
    """Who has a pupil's own book, by the corner's register. Personal data: the reader."""

    book = models.ForeignKey(OwnBook, on_delete=models.CASCADE, related_name="loans")
    patron = models.ForeignKey(Patron, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    out_on = models.DateField()
    in_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["book"], condition=Q(in_on__isnull=True), name="own_loan_one_open"
            ),
            models.CheckConstraint(
                condition=Q(in_on__isnull=True) | Q(in_on__gte=F("out_on")), name="own_loan_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.book_id} → {self.patron_id}"


class DriftBook(models.Model):
    """A drifting book (漂流书): given away to be passed on. Nobody's property, on no shelf, in no ledger."""

    class Ended(models.TextChoices):
        HOME = "home"  # came back to who gave it
        STAYS = "stays"  # somebody keeps it
        LOST = "lost"

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="drift_books")
    number = models.PositiveIntegerField()  # on the drift card as P0001
    title = models.CharField(max_length=200)
    author = models.CharField(max_length=100, blank=True)
    words = models.CharField(max_length=300, blank=True)  # why it is worth reading, on the card
    giver = models.CharField(max_length=60, blank=True)  # as the card says it; not shown to the public
    class_label = models.CharField(max_length=30, blank=True)
    released_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    ended = models.CharField(max_length=5, choices=Ended.choices, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "number"], name="drift_number"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended="") | (Q(ended_on__isnull=False) & ~Q(ended="")),
                name="drift_ended_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def code(self) -> str:
        """What is written on the drift card."""
        return f"P{self.number:04d}"


class DriftHop(models.Model):
    """One hand that a drifting book came into: who, of which class, where, on which day."""

    book = models.ForeignKey(DriftBook, on_delete=models.CASCADE, related_name="hops")
    on = models.DateField()
    patron = models.ForeignKey(Patron, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    who = models.CharField(max_length=60, blank=True)  # of somebody who is no reader here
    class_label = models.CharField(max_length=30, blank=True)
    place = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["book", "on"], name="drift_hop_on")]

    def __str__(self) -> str:
        return f"{self.book_id} {self.on}"


class DriftComment(models.Model):
    """What a reader wrote on the card; seen by the public only once somebody has let it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SHOWN = "shown"
        HIDDEN = "hidden"

    book = models.ForeignKey(DriftBook, on_delete=models.CASCADE, related_name="comments")
    text = models.CharField(max_length=300)
    signed = models.CharField(max_length=60, blank=True)  # not shown to the public
    class_label = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["book", "state"], name="drift_comment_state")]

    def __str__(self) -> str:
        return self.text[:40]
