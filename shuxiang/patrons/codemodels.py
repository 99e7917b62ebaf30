"""Picture codes of readers, the wrong tries at a device, and what a library shows its readers of themselves."""

from django.db import models

from shuxiang.libraries.models import Library


class PictureCode(models.Model):
    """Four pictures in their order, by which a reader without a card proves who it is; only a digest is kept."""

    patron = models.OneToOneField("patrons.Patron", on_delete=models.CASCADE, related_name="picture_code")
    digest = models.CharField(max_length=128)
    set_at = models.DateTimeField()
    wrong = models.PositiveSmallIntegerField(default=0)  # tries in a row, since the last right one
    wrong_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"code of {self.pk}"


class DeviceTries(models.Model):
    """Wrong tries in a row from one kiosk or one address, whoever was tried; forgotten after a quiet while."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    device = models.CharField(max_length=64)
    wrong = models.PositiveSmallIntegerField(default=0)
    wrong_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "device tries"
        constraints = [models.UniqueConstraint(fields=["library", "device"], name="device_tries_once")]

    def __str__(self) -> str:
        return f"{self.device}: {self.wrong}"


class ReaderPage(models.Model):
    """What readers of a library see on their own page; without a row nothing of what they borrowed before."""

    library = models.OneToOneField(Library, on_delete=models.CASCADE, related_name="reader_page")
    shows_history = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"readers of {self.library}"
