"""A library chooses how its messages go."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.libraries.models import Library
from shuxiang.outbox.models import SenderSettings
from shuxiang.outbox.refusals import refuse
from shuxiang.outbox.secrets import keep_password


@dataclass(frozen=True, slots=True)
class SenderValues:
    """`kind` and `security` of SenderSettings; the rest is for SMTP."""

    kind: str
    host: str = ""
    port: int = 465
    security: str = "tls"
    username: str = ""
    from_address: str = ""


def choose_sender(
    *,
    library: Library,
    values: SenderValues,
    at: datetime,
    by: Actor,
    password: str | None = None,
    operation_id: UUID | None = None,
) -> SenderSettings:
    """Write the choice down; `password` None leaves the one that is kept, and it never reaches the database.

    Refuses SMTP without a server, with a port there is not, or with a sender's address that is none.
    """
    kind = SenderSettings.Kind(values.kind)
    if kind == SenderSettings.Kind.SMTP:
        _refuse_half(values)
    with transaction.atomic():
        begun = operations.begin(
            "outbox.choose_sender",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request=asdict(values),
        )
        if begun.repeated:
            return SenderSettings.objects.get(library=library)
        SenderSettings.objects.update_or_create(
            library=library,
            defaults={**asdict(values), "kind": kind, "host": values.host.strip(), "modified_at": at},
        )
        operations.finish(begun.operation, subject=f"outbox.sender:{library.pk}", result={"kind": str(kind)})
    if password is not None:
        keep_password(library.code, password)
    return SenderSettings.objects.get(library=library)


def _refuse_half(values: SenderValues) -> None:
    if not values.host.strip() or any(sign in values.host for sign in " /\r\n"):
        raise refuse("no_host")
    if not 0 < values.port < 65536:
        raise refuse("bad_port")
    if values.security not in SenderSettings.Security.values:
        raise refuse("bad_security")
    try:
        validate_email(values.from_address)
    except ValidationError:
        raise refuse("bad_address", text=values.from_address[:60]) from None
