"""What people wrote into a report and what was frozen when it was signed; numbers come from figures."""

from django.db import models

from shuxiang.libraries.models import Library


class ReportText(models.Model):
    """A human part of a report: kept when the report is made again."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="report_texts")
    report = models.CharField(max_length=40)  # term-summary
    period = models.CharField(max_length=30)
    key = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "report", "period", "key"], name="report_text")
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.period} {self.key}"


class LedgerProfile(models.Model):
    """Which account books a library keeps, how it calls them and which columns they have (reports.ledgers.profiles)."""

    library = models.OneToOneField(Library, on_delete=models.CASCADE, related_name="ledger_profile")
    books = models.JSONField(
        default=list
    )  # [{"code": "ledger.total", "title": "总帐", "columns": ["day", …]}]
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"{self.library_id}: {len(self.books)}"


class FrozenReport(models.Model):
    """A signed report with the values it was signed with."""

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="frozen_reports")
    report = models.CharField(max_length=40)
    period = models.CharField(max_length=30)
    values = models.JSONField()
    signed_by = models.CharField(max_length=80)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "report", "period"], name="report_signed_once")
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.period}"
