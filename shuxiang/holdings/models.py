"""What a library holds: holdings, items, identifiers, the property books and the movements that prove them."""

from django.db import models
from django.db.models import F, Q

from shuxiang.audit.models import Operation
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.common.ids import uuid7
from shuxiang.holdings import placemodels, years  # noqa: F401  the rest of the tables
from shuxiang.libraries.models import Library, Room, SchoolClass


class ItemAccount(models.TextChoices):
    """The account an item stands in: exactly one at every instant (decision 0007)."""

    DRAFT = "draft"  # in a batch not yet posted: outside the books
    SHELF = "shelf"
    LOAN = "loan"
    CORNER = "corner"  # class book corner or box
    MENDING = "mending"
    BINDING = "binding"
    DISPLAY = "display"
    MISSING = "missing"
    REVIEW = "review"  # set aside while its title is under review
    WITHDRAWN = "withdrawn"
    VOID = "void"  # a draft that was undone


class ShelvingGroup(models.Model):
    """A series of 种次号: all locations of a group share one numbering."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="shelving_groups")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "code"], name="shelving_group_code")]

    def __str__(self) -> str:
        return self.name


class ShelvingLocation(models.Model):
    """A place where items stand: a shelf number, a room, a class corner."""

    class Lending(models.TextChoices):
        OUT = "out"  # lent out of the room
        IN_ROOM = "in-room"  # reference: same-day, in the reading room
        NONE = "none"

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="locations")
    group = models.ForeignKey(ShelvingGroup, on_delete=models.PROTECT, related_name="locations")
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.SET_NULL)
    school_class = models.ForeignKey(SchoolClass, null=True, blank=True, on_delete=models.PROTECT)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    lending = models.CharField(max_length=8, choices=Lending.choices, default=Lending.OUT)
    position = models.PositiveSmallIntegerField(default=0, db_default=0)  # in lists, then by code
    until_on = models.DateField(null=True, blank=True)  # last day of a temporary shelf
    bays = models.PositiveSmallIntegerField(null=True, blank=True)  # how many stand side by side
    shelves_per_bay = models.PositiveSmallIntegerField(null=True, blank=True)
    volumes_per_shelf = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "code"], name="location_code")]

    def __str__(self) -> str:
        return self.name

    @property
    def capacity(self) -> int | None:
        """Volumes that it holds when full; None while it is not measured."""
        if self.bays is None or self.shelves_per_bay is None or self.volumes_per_shelf is None:
            return None
        return self.bays * self.shelves_per_bay * self.volumes_per_shelf


class Holding(models.Model):
    """A record in a shelving group of a library: it carries the call number (decision 0002)."""

    class Review(models.TextChoices):
        NONE = "none"
        PASSED = "passed"
        HELD = "held"  # taken off the shelf for review

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="holdings")
    group = models.ForeignKey(ShelvingGroup, on_delete=models.PROTECT, related_name="holdings")
    record = models.ForeignKey(BibliographicRecord, on_delete=models.PROTECT, related_name="holdings")
    clc = models.CharField(max_length=60, blank=True)
    book_number = models.PositiveIntegerField(null=True, blank=True)  # 种次号
    auxiliary = models.CharField(max_length=40, blank=True, default="", db_default="")  # 辅助区分号: :2, =3
    call_number = models.CharField(max_length=100, blank=True)  # I247.57/3, or as the source gave it
    call_number_sort = models.CharField(max_length=300, blank=True)
    review = models.CharField(max_length=8, choices=Review.choices, default=Review.NONE)
    note = models.CharField(max_length=500, blank=True)
    # Projections, written by services.counts and services.move (decision 0024). No CHECK: a wrong number must not
    # stop a return; reconcile names it.
    on_books = models.IntegerField(default=0, db_default=0)  # items in an account of rules.ON_BOOKS
    on_shelf = models.IntegerField(default=0, db_default=0)  # of these, items in an account of rules.ON_SHELF
    facets = models.CharField(max_length=1000, blank=True, default="", db_default="")  # services.counts
    times_lent = models.IntegerField(default=0, db_default=0)  # in twelve months, counted by circulation
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "group", "record"], name="holding_record"),
            models.UniqueConstraint(
                fields=["library", "group", "clc", "book_number", "auxiliary"],
                condition=Q(book_number__isnull=False),
                name="holding_numbered_once",
            ),
        ]
        indexes = [
            models.Index(fields=["library", "call_number"], name="holding_call_number"),
            # covers what a search asks of every hit
            models.Index(fields=["library", "record", "facets", "on_shelf"], name="holding_find"),
            # two orders; they must not cover the record, or SQLite looks records up by them
            models.Index(fields=["library", "times_lent"], name="holding_most_lent"),
            models.Index(
                fields=["library", "call_number_sort"],
                name="holding_on_shelves",
                opclasses=["int8_ops", "varchar_pattern_ops"],
            ),
        ]

    def __str__(self) -> str:
        return self.call_number or str(self.record_id)


class BookNumberSeries(models.Model):
    """The last 种次号 given in a class of a group; the next is taken by compare-and-set."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(ShelvingGroup, on_delete=models.CASCADE, related_name="+")
    clc = models.CharField(max_length=60)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "book number series"
        constraints = [models.UniqueConstraint(fields=["library", "group", "clc"], name="book_number_series")]

    def __str__(self) -> str:
        return f"{self.clc}: {self.last}"


class Item(models.Model):
    """One physical piece. `account` is the projection of its movements and is written only by services.move."""

    class Kind(models.TextChoices):
        VOLUME = "volume"
        ISSUE = "issue"
        PUPILS_OWN = "pupils-own"
        DRIFTING = "drifting"

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="items")
    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.VOLUME)
    volume_mark = models.CharField(max_length=60, blank=True)
    copy_number = models.PositiveIntegerField(default=1)
    home = models.ForeignKey(ShelvingLocation, on_delete=models.PROTECT, related_name="home_items")
    current = models.ForeignKey(
        ShelvingLocation, null=True, blank=True, on_delete=models.PROTECT, related_name="current_items"
    )  # where it stands for now, when not at home
    account = models.CharField(max_length=10, choices=ItemAccount.choices, default=ItemAccount.DRAFT)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["library", "account"], name="item_account"),
            # covers counting copies and where they are at home
            models.Index(fields=["holding", "account", "home"], name="item_holding_account_home"),
        ]

    def __str__(self) -> str:
        return f"{self.holding_id}/{self.copy_number}"


class ItemIdentifier(models.Model):
    """What can be scanned for an item. Dated, unique in the library for ever, never reused (decision 0004)."""

    class Kind(models.TextChoices):
        BARCODE = "barcode"
        RFID = "rfid"

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="identifiers")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.BARCODE)
    value = models.CharField(max_length=60)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "value"], name="identifier_value")]

    def __str__(self) -> str:
        return self.value


class AccessionBatch(models.Model):
    """One line of the total register (总括登记): what came in together. A draft until it is posted (decision 0008)."""

    class State(models.TextChoices):
        DRAFT = "draft"
        POSTING = "posting"  # numbers are being given; finished at next start if the power went
        POSTED = "posted"
        VOID = "void"

    class Source(models.TextChoices):
        OPENING = "opening"  # 期初
        PURCHASE = "purchase"
        GIFT = "gift"
        TRANSFER = "transfer"
        EXCHANGE = "exchange"
        OWN = "own"
        COMPENSATION = "compensation"
        BINDING = "binding"

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="accession_batches")
    number = models.PositiveIntegerField(null=True, blank=True)  # given at posting, gapless
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    source = models.CharField(max_length=12, choices=Source.choices)
    document = models.CharField(max_length=100, blank=True)  # invoice, deed of gift
    supplier = models.CharField(max_length=100, blank=True)
    received_on = models.DateField()
    posted_on = models.DateField(null=True, blank=True)
    titles = models.PositiveIntegerField(default=0)
    volumes = models.PositiveIntegerField(default=0)
    amount_fen = models.PositiveBigIntegerField(default=0)  # sum of known list prices
    unknown_prices = models.PositiveIntegerField(default=0)  # volumes whose price is unknown
    note = models.CharField(max_length=200, blank=True)
    run_id = models.UUIDField(null=True, blank=True, db_index=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "accession batches"
        constraints = [
            models.UniqueConstraint(fields=["library", "number"], name="batch_number"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "void"]) | Q(number__isnull=False, posted_on__isnull=False),
                name="batch_posted_has_number",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number}" if self.number else "draft"


class PropertyLine(models.Model):
    """One line of the individual register (个别登记): a volume on the school's books."""

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="property_lines")
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="property_line")
    batch = models.ForeignKey(AccessionBatch, on_delete=models.PROTECT, related_name="lines")
    series = models.CharField(
        max_length=10, default="B"
    )  # books, bound periodicals, audio-visual: own number series
    number = models.PositiveIntegerField(null=True, blank=True)  # accession number, given at posting
    legacy_number = models.CharField(max_length=40, blank=True)  # the number the volume already carries
    list_price_fen = models.PositiveIntegerField(null=True, blank=True)
    paid_price_fen = models.PositiveIntegerField(null=True, blank=True)
    price_text = models.CharField(max_length=100, blank=True)
    clc_main = models.CharField(
        max_length=1, blank=True
    )  # class account it was entered under; empty: unclassified
    posted_on = models.DateField(null=True, blank=True)
    # The record that a posted volume was entered under, by value, when it belongs to another one since (services.merging,
    # services.splitting): a title counts in the books as it was entered.
    entered_under = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "series", "number"], name="property_number"),
            models.CheckConstraint(
                condition=Q(number__isnull=True, posted_on__isnull=True)
                | Q(number__isnull=False, posted_on__isnull=False),
                name="property_posted_has_number",
            ),
        ]
        indexes = [
            models.Index(fields=["library", "posted_on"], name="property_posted"),
            # the run of numbers of a batch, and a class account in the order of its numbers (the account books)
            models.Index(fields=["batch", "series", "number"], name="property_batch_run"),
            models.Index(fields=["library", "clc_main", "series", "number"], name="property_class_account"),
        ]

    def __str__(self) -> str:
        return f"{self.series}{self.number}"


class AccessionSeries(models.Model):
    """The last accession number given in a series, and the last batch number (series '')."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    series = models.CharField(max_length=10, blank=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "accession series"
        constraints = [models.UniqueConstraint(fields=["library", "series"], name="accession_series")]

    def __str__(self) -> str:
        return f"{self.series}: {self.last}"


class Withdrawal(models.Model):
    """A withdrawal (注销): numbered, with reason and approval.

    A reversal (红冲) names what it undoes: a batch, and then strikes its volumes; or another withdrawal, and then its
    totals are negative, because it gives the volumes back to the books (StrikeReversal).
    """

    class Reason(models.TextChoices):
        WORN = "worn"
        OUTDATED = "outdated"
        LOST = "lost"
        LOST_PAID = "lost-paid"
        TRANSFERRED = "transferred"
        REVIEW = "review"
        STOCKTAKE = "stocktake"
        REVERSAL = "reversal"

    class Disposition(models.TextChoices):
        SCRAP = "scrap"  # 销毁
        ALLOCATE = "allocate"  # 调拨
        EXCHANGE = "exchange"
        SALE = "sale"  # 折价
        STORE = "store"  # packed and kept apart until it is decided

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="withdrawals")
    number = models.PositiveIntegerField()
    reason = models.CharField(max_length=12, choices=Reason.choices)
    document = models.CharField(max_length=100, blank=True)
    approved_by = models.CharField(max_length=60, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    disposition = models.CharField(max_length=8, choices=Disposition.choices, blank=True, db_default="")
    withdrawn_on = models.DateField()
    reverses = models.ForeignKey(
        AccessionBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="reversals"
    )
    restores = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="restored_by"
    )
    titles = models.IntegerField(default=0)
    volumes = models.IntegerField(default=0)
    amount_fen = models.BigIntegerField(default=0)
    unknown_prices = models.IntegerField(default=0)
    run_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "number"], name="withdrawal_number")]

    def __str__(self) -> str:
        return f"-{self.number}"


class WithdrawalLine(models.Model):
    """A property line struck from the books, once."""

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    withdrawal = models.ForeignKey(Withdrawal, on_delete=models.PROTECT, related_name="lines")
    line = models.OneToOneField(PropertyLine, on_delete=models.PROTECT, related_name="withdrawal_line")
    withdrawn_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["library", "withdrawn_on"], name="withdrawal_line_on")]

    def __str__(self) -> str:
        return f"{self.withdrawal_id}:{self.line_id}"


class Movement(models.Model):
    """An item passes from one account to another. Append-only: these rows are the truth."""

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="movements")
    source = models.CharField(max_length=10, choices=ItemAccount.choices)
    target = models.CharField(max_length=10, choices=ItemAccount.choices)
    cause = models.CharField(
        max_length=30
    )  # accession, check_out, check_in, lost, found, withdraw, reversal …
    at = models.DateTimeField()
    on = models.DateField()
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(source=F("target")), name="movement_moves")]
        indexes = [models.Index(fields=["item", "id"], name="movement_item")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.source} → {self.target}"
