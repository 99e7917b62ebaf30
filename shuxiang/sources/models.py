"""Other catalogues: packs of records that came as files, servers that are asked, and what they answered."""

from django.db import models

from shuxiang.common.ids import uuid7
from shuxiang.files.models import StoredFile
from shuxiang.libraries.models import Library


class Pack(models.Model):
    """A file of records that every library of the installation looks up in. read = made + skipped + refused."""

    class State(models.TextChoices):
        WAITING = "waiting"
        LOADING = "loading"
        READY = "ready"
        FAILED = "failed"  # no record could be read
        REMOVING = "removing"
        REMOVED = "removed"  # the row stays and says what there was

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    rows_read = models.PositiveIntegerField(default=0)  # where loading goes on after an interruption
    rows_made = models.PositiveIntegerField(default=0)
    rows_skipped = models.PositiveIntegerField(default=0)  # neither title nor number
    rows_refused = models.PositiveIntegerField(default=0)
    first_refusals = models.JSONField(default=list)  # [{"position", "code", "params"}], the first few
    brought_by = models.CharField(max_length=80)
    brought_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    job_id = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-brought_at"], name="pack_brought")]

    def __str__(self) -> str:
        return self.name


class PackRecord(models.Model):
    """One record of a pack, byte for byte, under its title."""

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="records")
    position = models.PositiveIntegerField()  # in the file, good and bad counted from 1
    title_key = models.CharField(max_length=120)  # folded, for exact titles and their beginnings
    profile = models.CharField(max_length=8)  # cnmarc | marc21
    encoding = models.CharField(max_length=20)
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack", "position"], name="pack_record_once")]
        indexes = [
            models.Index(fields=["title_key"], name="pack_record_title", opclasses=["varchar_pattern_ops"])
        ]

    def __str__(self) -> str:
        return f"{self.pack_id}:{self.position}"


class PackNumber(models.Model):
    """A number that a record of a pack is found by: every ISBN as 13 digits, an old 统一书号 as it is."""

    record = models.ForeignKey(PackRecord, on_delete=models.CASCADE, related_name="numbers")
    number = models.CharField(max_length=40, db_index=True)

    def __str__(self) -> str:
        return self.number


class Target(models.Model):
    """A catalogue that answers questions by SRU. Asked by every library of the installation while `is_used`."""

    class Version(models.TextChoices):
        V11 = "1.1"
        V12 = "1.2"

    name = models.CharField(max_length=60)
    address = models.CharField(max_length=300)  # http(s), without a question
    version = models.CharField(max_length=3, choices=Version.choices, default=Version.V11)
    record_schema = models.CharField(max_length=100, blank=True)  # what the server calls it: marcxml
    profile = models.CharField(max_length=8, blank=True)  # cnmarc | marc21; empty: read from each record
    isbn_index = models.CharField(max_length=40, blank=True, default="bath.isbn")
    title_index = models.CharField(max_length=40, blank=True, default="dc.title")
    timeout_seconds = models.PositiveSmallIntegerField(default=8)  # for everything, from name to last byte
    allows_private = models.BooleanField(default=False)  # the owner's own word: a machine in the own network
    is_used = models.BooleanField(default=True)
    place = models.PositiveIntegerField(default=0)  # order in the list, and between like results
    asked_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True)  # a code of messages.OUTCOMES
    found = models.PositiveIntegerField(default=0)  # by the last question
    milliseconds = models.PositiveIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)
    modified_at = models.DateTimeField()

    class Meta:
        ordering = ["place", "pk"]

    def __str__(self) -> str:
        return self.name


class Answer(models.Model):
    """A record that a target gave lately: what somebody chooses is fetched from here. Thrown away after some days."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="answers")
    sha256 = models.CharField(max_length=64)
    profile = models.CharField(max_length=8)
    encoding = models.CharField(max_length=20)
    content = models.BinaryField()
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["target", "sha256"], name="answer_once")]

    def __str__(self) -> str:
        return self.sha256[:8]
