"""Files that the library keeps: what was imported, later photos and attachments. Bytes lie in SHUXIANG_HOME/files."""

from django.db import models

from shuxiang.libraries.models import Library


class StoredFile(models.Model):
    """A file by content: its SHA-256 names it on disk, outside the web root."""

    library = models.ForeignKey(
        Library, null=True, blank=True, on_delete=models.PROTECT, related_name="files"
    )
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)  # as the person called it; shown, never used as a path
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100, blank=True)
    stored_at = models.DateTimeField()
    stored_by = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="file_sha256")]

    def __str__(self) -> str:
        return self.name
