"""Bibliographic records, shared by the installation, and the originals they came from (decision 0001)."""

from django.db import models
from django.db.models import Q

from shuxiang.common.ids import uuid7
from shuxiang.libraries.models import Library


class BibliographicRecord(models.Model):
    """One publication. The columns are projections: what the program reads, searches and edits."""

    class Kind(models.TextChoices):
        BOOK = "book"
        SERIAL = "serial"
        AUDIOVISUAL = "audiovisual"
        ELECTRONIC = "electronic"
        OTHER = "other"

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.BOOK)
    title = models.CharField(max_length=500)
    subtitle = models.CharField(max_length=500, blank=True)
    parallel_title = models.CharField(max_length=500, blank=True)
    volume_mark = models.CharField(max_length=100, blank=True)  # 第一季, 2, 上册
    authors = models.CharField(max_length=500, blank=True)  # as on the title page, " ; " between
    publisher = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=100, blank=True)
    published = models.CharField(max_length=60, blank=True)  # as given: 1999重印
    pub_year = models.PositiveSmallIntegerField(null=True, blank=True)
    edition = models.CharField(max_length=100, blank=True)
    extent = models.CharField(max_length=200, blank=True)  # 14,436页
    size = models.CharField(max_length=60, blank=True)
    series = models.CharField(max_length=300, blank=True)
    isbn = models.CharField(max_length=40, blank=True)  # as given, wrong or not
    isbn13 = models.CharField(max_length=13, blank=True)  # normalised; empty when it is none
    issn = models.CharField(max_length=9, blank=True)
    price_text = models.CharField(max_length=100, blank=True)
    price_fen = models.PositiveIntegerField(null=True, blank=True)  # one volume, yuan only
    set_price_fen = models.PositiveIntegerField(null=True, blank=True)
    clc = models.CharField(max_length=60, blank=True)  # class number as catalogued
    clc_main = models.CharField(max_length=1, blank=True)  # A…Z, for the 22 classes
    clc_edition = models.CharField(max_length=2, blank=True)
    subjects = models.CharField(max_length=1000, blank=True)
    summary = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    audience = models.CharField(max_length=3, blank=True)  # CNMARC 100/17-19
    is_pinyin_annotated = models.BooleanField(default=False)
    is_picture_book = models.BooleanField(default=False)
    is_reference = models.BooleanField(default=False)  # 工具书: read in the room only
    is_complete = models.BooleanField(default=True)  # False: to be completed (no title in the source)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    part_number = models.PositiveIntegerField(null=True, blank=True)
    warnings = models.JSONField(default=list)  # codes: isbn_check_digit …
    title_key = models.CharField(max_length=200, db_index=True)  # folded, for exact and prefix titles
    match_key = models.CharField(
        max_length=300, db_index=True
    )  # title+author+publisher+volume, for duplicates
    title_pinyin = models.CharField(max_length=600, blank=True, db_index=True)
    title_initials = models.CharField(max_length=200, blank=True, db_index=True)
    initials_more = models.CharField(
        max_length=600, blank=True
    )  # other readings of polyphones, space between
    title_sort = models.CharField(max_length=600, blank=True, db_index=True)
    created_by_library = models.ForeignKey(Library, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField(db_index=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    deleted_at = models.DateTimeField(null=True, blank=True)  # tombstone

    class Meta:
        indexes = [
            models.Index(fields=["isbn13"], name="record_isbn13", condition=~Q(isbn13="")),
            models.Index(fields=["isbn"], name="record_isbn", condition=~Q(isbn="")),
            models.Index(fields=["issn"], name="record_issn", condition=~Q(issn="")),
        ]

    def __str__(self) -> str:
        return self.title


class Original(models.Model):
    """What was delivered, byte for byte, so that export can give back every field."""

    class Format(models.TextChoices):
        ISO2709 = "iso2709"
        MARCXML = "marcxml"
        TEXT = "text"
        ROW = "row"  # a table row, as JSON with the column titles

    record = models.ForeignKey(BibliographicRecord, on_delete=models.CASCADE, related_name="originals")
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=8, choices=Format.choices)
    profile = models.CharField(max_length=8, blank=True)  # cnmarc | marc21
    encoding = models.CharField(max_length=20, blank=True)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    projection = models.JSONField(
        default=dict
    )  # the columns as first read: what differs now was changed by hand
    run_id = models.UUIDField(null=True, blank=True)  # the import run, by value: runs live beside, not below
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "record", "sha256"], name="original_once")]

    def __str__(self) -> str:
        return f"{self.format} {self.sha256[:8]}"


class SearchRow(models.Model):
    """The words of a record in the full-text index: a virtual table on SQLite, a tsvector on PostgreSQL.

    Derived: catalogue.index writes and rebuilds it, backups leave it out. The word columns are the engine's own.
    """

    record_id = models.BigIntegerField(primary_key=True, db_column="rowid")

    class Meta:
        db_table = "catalogue_search"

    def __str__(self) -> str:
        return str(self.record_id)


class SearchState(models.Model):
    """Which version of the analyser wrote the index; one row. Another version means: rebuild."""

    version = models.PositiveIntegerField()
    built_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"v{self.version}"


class Name(models.Model):
    """A person, body or subject that records name, for what is being typed. Derived: catalogue.names keeps it when idle.

    A name that no record has any more may stay; who shows one asks first whether it finds something.
    """

    class Kind(models.TextChoices):
        AUTHOR = "author"
        SUBJECT = "subject"

    kind = models.CharField(max_length=7, choices=Kind.choices)
    text = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    pinyin = models.CharField(max_length=240, blank=True)
    initials = models.CharField(max_length=40, blank=True)
    uses = models.IntegerField(default=0)  # records that were seen with it: an order, not a figure

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="name_once")]
        indexes = [
            models.Index(
                fields=["key", "uses"], name="name_key", opclasses=["varchar_pattern_ops", "int4_ops"]
            ),
            models.Index(
                fields=["pinyin", "uses"], name="name_pinyin", opclasses=["varchar_pattern_ops", "int4_ops"]
            ),
            models.Index(
                fields=["initials", "uses"],
                name="name_initials",
                opclasses=["varchar_pattern_ops", "int4_ops"],
            ),
        ]

    def __str__(self) -> str:
        return self.text
