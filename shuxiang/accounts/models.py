"""Who signs in, and what they may do where and when. Roles are data: their permissions are rows, not code."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from shuxiang.accounts import devicemodels  # noqa: F401  the rest of the tables
from shuxiang.accounts.rules import GrantFacts
from shuxiang.audit.prepared import Question
from shuxiang.libraries.models import Library, Room, SchoolClass


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)

    def get(self, *args: Any, **kwargs: Any) -> "Account":
        """As everywhere; by key alone, as every signed-in request asks, without composing the question again."""
        if args or kwargs.keys() != {"pk"}:
            return super().get(*args, **kwargs)
        found = _BY_KEY.first(pk=kwargs["pk"])
        if found is None:
            raise self.model.DoesNotExist
        return found


class Account(AbstractBaseUser):
    """A person (or a machine) that signs in. Personal data: the display name."""

    username = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField()

    grants_asked: list[GrantFacts] | None = None  # by access.ask_grants_once, for the time of one request

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.display_name or self.username


_BY_KEY = Question(lambda pk: Account.objects.filter(pk=pk))


class Role(models.Model):
    """A bundle of permissions; those shipped can be copied and changed."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)  # English msgid for shipped roles
    permissions = models.JSONField(default=list)  # codes known to accounts.permissions
    is_shipped = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """An account holds a role in a library (or, library empty, everywhere), perhaps for one class or room, for a time."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="grants")
    library = models.ForeignKey(
        Library, null=True, blank=True, on_delete=models.CASCADE, related_name="grants"
    )
    school_class = models.ForeignKey(SchoolClass, null=True, blank=True, on_delete=models.CASCADE)
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.CASCADE)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(library__isnull=False) | (Q(school_class__isnull=True) & Q(room__isnull=True)),
                name="grant_scope_has_library",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account} · {self.role}"


class SignInCode(models.Model):
    """A one-time code or link: the owner's first sign-in, and the demonstration's role links. Only its digest is kept."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    is_reusable = models.BooleanField(default=False)  # demonstration only

    def __str__(self) -> str:
        return f"{self.account} {self.expires_at:%Y-%m-%d}"


class ApiToken(models.Model):
    """A key for programs; shown once, kept as a digest. It can do what its account may, through the API only."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
