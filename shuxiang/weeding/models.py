"""Weeding (剔旧) and the review of titles (审查): rules, lists for approval, volumes kept, titles and their matches."""

from django.db import models

from shuxiang.common.ids import uuid7
from shuxiang.holdings.models import Holding, Item, ShelvingLocation, Withdrawal
from shuxiang.libraries.models import Library


class WeedingRule(models.Model):
    """Which volumes to propose: all conditions that are given must hold."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="weeding_rules")
    name = models.CharField(max_length=60)
    never_lent_years = models.PositiveSmallIntegerField(null=True, blank=True)
    age_years = models.PositiveSmallIntegerField(null=True, blank=True)  # since publication
    copies_over = models.PositiveSmallIntegerField(null=True, blank=True)  # of one volume of a title
    only_worn = models.BooleanField(default=False)  # its condition was noted
    clc = models.CharField(max_length=20, blank=True)  # class and what begins so
    location = models.ForeignKey(ShelvingLocation, null=True, blank=True, on_delete=models.CASCADE)
    reason = models.CharField(max_length=12, choices=Withdrawal.Reason.choices, default="outdated")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "name"], name="weeding_rule_name")]

    def __str__(self) -> str:
        return self.name


class Condition(models.Model):
    """What somebody saw of a volume: it is worn, torn, stained …; taken away again when it was mended."""

    class Kind(models.TextChoices):
        WORN = "worn"
        DAMAGED = "damaged"
        STAINED = "stained"
        INCOMPLETE = "incomplete"
        OUTDATED = "outdated"  # what it says is no longer so

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="condition")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    noted_on = models.DateField()
    noted_by = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["library", "noted_on"], name="condition_noted")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.kind}"


class Keep(models.Model):
    """A volume that somebody decided to keep: not proposed again until the day is over."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="kept")
    until_on = models.DateField(null=True, blank=True)  # empty: for good
    reason = models.CharField(max_length=100)
    kept_by = models.CharField(max_length=80)
    kept_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["library", "until_on"], name="keep_until")]

    def __str__(self) -> str:
        return f"{self.item_id} until {self.until_on}"


class WeedingList(models.Model):
    """A list of volumes to be withdrawn together: proposed, weighed, approved, struck off, perhaps taken back."""

    class State(models.TextChoices):
        PROPOSING = "proposing"
        DRAFT = "draft"
        APPROVED = "approved"
        STRIKING = "striking"
        STRUCK = "struck"
        UNDOING = "undoing"
        UNDONE = "undone"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="weeding_lists")
    number = models.PositiveIntegerField()  # of the library's lists
    reason = models.CharField(max_length=12, choices=Withdrawal.Reason.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSING)
    criteria = models.JSONField(default=list)  # the rules as they were
    notes = models.JSONField(default=list)  # [code, params]: what is worth knowing of the proposal
    next_holding = models.BigIntegerField(default=0)  # how far the proposing is
    approved_by = models.CharField(max_length=60, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    document = models.CharField(max_length=100, blank=True)
    disposition = models.CharField(max_length=8, choices=Withdrawal.Disposition.choices, blank=True)
    struck_on = models.DateField(null=True, blank=True)
    withdrawal = models.ForeignKey(
        Withdrawal, null=True, blank=True, on_delete=models.PROTECT, related_name="weeding_lists"
    )
    reversal = models.ForeignKey(
        Withdrawal, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undo_id = models.UUIDField(null=True, blank=True)  # operation that takes it back
    job_id = models.UUIDField(null=True, blank=True)
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "number"], name="weeding_list_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class WeedingLine(models.Model):
    """One volume of a list, why it was proposed and what became of it."""

    class State(models.TextChoices):
        IN = "in"
        OUT = "out"  # left out of this list only
        KEPT = "kept"
        STRUCK = "struck"
        LEFT = "left"  # could not be struck
        BACK = "back"

    weeding_list = models.ForeignKey(WeedingList, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="weeding_lines")
    state = models.CharField(max_length=6, choices=State.choices, default=State.IN)
    why = models.JSONField(default=list)  # [code, params] of each condition that held
    left = models.JSONField(default=list)  # [code, params] of what stood in the way

    class Meta:
        constraints = [models.UniqueConstraint(fields=["weeding_list", "item"], name="weeding_item_once")]
        indexes = [models.Index(fields=["weeding_list", "state"], name="weeding_line_state")]

    def __str__(self) -> str:
        return f"{self.weeding_list_id}:{self.item_id}"


class ReviewList(models.Model):
    """A list of titles to look for (审查清单), as somebody issued it."""

    class State(models.TextChoices):
        MATCHING = "matching"
        READY = "ready"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="review_lists")
    name = models.CharField(max_length=100)
    document = models.CharField(max_length=100, blank=True)  # the notice it came with
    state = models.CharField(max_length=8, choices=State.choices, default=State.MATCHING)
    entries_read = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)  # rows without ISBN and title
    job_id = models.UUIDField(null=True, blank=True)
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["library", "-created_at"], name="review_list_latest")]

    def __str__(self) -> str:
        return self.name


class ReviewEntry(models.Model):
    """One row of such a list."""

    review_list = models.ForeignKey(ReviewList, on_delete=models.CASCADE, related_name="entries")
    row = models.PositiveIntegerField()
    isbn = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=300, blank=True)
    authors = models.CharField(max_length=300, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    is_matched = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "review entries"
        constraints = [models.UniqueConstraint(fields=["review_list", "row"], name="review_entry_row")]

    def __str__(self) -> str:
        return f"{self.row} {self.title}"


class ReviewMatch(models.Model):
    """A title of the library that an entry may mean, and what was decided about it."""

    class Certainty(models.TextChoices):
        SURE = "sure"
        LIKELY = "likely"
        POSSIBLE = "possible"

    class State(models.TextChoices):
        OPEN = "open"
        ASIDE = "aside"
        PASSED = "passed"
        OTHER = "other"  # not the title that is meant
        LISTED = "listed"  # on a weeding list

    class Ground(models.TextChoices):
        ILLEGAL = "illegal"  # 非法图书
        UNSUITABLE = "unsuitable"  # 不适宜图书
        WORTHLESS = "worthless"  # 外观差、无保存价值

    entry = models.ForeignKey(ReviewEntry, on_delete=models.CASCADE, related_name="matches")
    holding = models.ForeignKey(Holding, on_delete=models.CASCADE, related_name="review_matches")
    certainty = models.CharField(max_length=8, choices=Certainty.choices)
    by = models.CharField(max_length=12)  # isbn | isbn_only | title_author | title
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    ground = models.CharField(max_length=10, choices=Ground.choices, blank=True)
    note = models.CharField(max_length=200, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "review matches"
        constraints = [models.UniqueConstraint(fields=["entry", "holding"], name="review_match_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} = {self.holding_id}"
