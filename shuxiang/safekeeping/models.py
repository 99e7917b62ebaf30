"""What was backed up when, and whether it could be restored."""

from django.db import models


class Backup(models.Model):
    """One backup file that was made, or failed to be made."""

    made_at = models.DateTimeField(db_index=True)
    path = models.CharField(max_length=500)
    second_path = models.CharField(max_length=500, blank=True)  # the copy on the second disk
    size = models.PositiveBigIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)
    problem = models.TextField(blank=True)  # empty: made and read back
    drilled_at = models.DateTimeField(null=True, blank=True)
    drill_problem = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.path
