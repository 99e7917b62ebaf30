"""Years whose books are closed (年终结帐), and the balance each was closed with: these rows are never changed."""

from django.db import models
from django.db.models import F, Q

from shuxiang.audit.models import Operation
from shuxiang.libraries.models import Library

ALL = "*"  # the balance over all classes: titles of a class do not add up to the titles of a library


class YearClosing(models.Model):
    """A calendar year of a library's books. From the first moment on nothing dated in it or before is entered any more."""

    class State(models.TextChoices):
        CLOSING = "closing"  # locked, the balance is being added up; finished at next start if the power went
        CLOSED = "closed"

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="year_closings")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.CLOSING)
    closed_by = models.CharField(max_length=80)
    closed_at = models.DateTimeField()
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "year"], name="year_closed_once")]

    def __str__(self) -> str:
        return str(self.year)


_NAMES = ("titles", "volumes", "amount_fen", "unknown_prices")


def _adds_up() -> Q:
    whole = Q()
    for name in _NAMES:
        sum_of = F(f"before_{name}") + F(f"added_{name}") - F(f"withdrawn_{name}")
        whole &= Q(**{f"after_{name}": sum_of})
    return whole


class YearBalance(models.Model):
    """One class account of a closed year: what it opened with, what came, what went, what it closed with.

    `added_titles` are titles of which the account held nothing before, `withdrawn_titles` those of which nothing is left.
    What was given back to the books counts as withdrawn the other way round.
    """

    closing = models.ForeignKey(YearClosing, on_delete=models.CASCADE, related_name="balances")
    clc_main = models.CharField(max_length=1, blank=True)  # empty: unclassified; ALL: the library
    before_titles = models.PositiveIntegerField(default=0)
    before_volumes = models.PositiveIntegerField(default=0)
    before_amount_fen = models.PositiveBigIntegerField(default=0)
    before_unknown_prices = models.PositiveIntegerField(default=0)
    added_titles = models.PositiveIntegerField(default=0)
    added_volumes = models.PositiveIntegerField(default=0)
    added_amount_fen = models.PositiveBigIntegerField(default=0)
    added_unknown_prices = models.PositiveIntegerField(default=0)
    withdrawn_titles = models.IntegerField(default=0)
    withdrawn_volumes = models.IntegerField(default=0)
    withdrawn_amount_fen = models.BigIntegerField(default=0)
    withdrawn_unknown_prices = models.IntegerField(default=0)
    after_titles = models.PositiveIntegerField(default=0)
    after_volumes = models.PositiveIntegerField(default=0)
    after_amount_fen = models.PositiveBigIntegerField(default=0)
    after_unknown_prices = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["closing", "clc_main"], name="year_balance_once"),
            models.CheckConstraint(condition=_adds_up(), name="year_balance_adds_up"),
        ]

    def __str__(self) -> str:
        return f"{self.closing_id}:{self.clc_main}"
