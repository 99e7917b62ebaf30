from django.db import models

from shuxiang.libraries.models import Library


class Target(models.Model):
    """What a library means to reach with a figure in a period; both are named by their codes, as in reports."""

    library = models.ForeignKey(Library, on_delete=models.PROTECT)
    figure = models.CharField(max_length=80)
    period = models.CharField(max_length=30)
    value = models.DecimalField(max_digits=14, decimal_places=4)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "period", "figure"], name="figures_target_once"),
            models.CheckConstraint(condition=models.Q(value__gte=0), name="figures_target_not_negative"),
        ]
