"""Self-service machines: set up, given a code, registered by it, changed, taken out of use."""

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from shuxiang.accounts import keys, rules
from shuxiang.accounts.devicemodels import Kiosk
from shuxiang.accounts.services.people import refuse
from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision
from shuxiang.libraries.models import Library, Room

CODE_LIFETIME = timedelta(hours=2)


@dataclass(frozen=True)
class KioskValues:
    """What a librarian says of a machine; seconds without a touch until it forgets who stood there."""

    name: str
    room: Room | None = None
    may_lend: bool = True
    may_return: bool = True
    may_renew: bool = True
    by_class: bool = True
    shows_pinyin: bool = True
    reset_seconds: int = 30
    expires_on: date | None = None


FIELDS = tuple(field.name for field in fields(KioskValues))


def _judge(library: Library, values: KioskValues, row: Kiosk | None) -> None:
    others = Kiosk.objects.filter(library=library, name=values.name.strip())
    Decision.of(
        [
            rules.judge_kiosk(values.name, values.reset_seconds),
            rules.judge_kiosk_acts(lends=values.may_lend, returns=values.may_return),
            rules.judge_kiosk_name(
                values.name, taken=(others.exclude(pk=row.pk) if row else others).exists()
            ),
        ]
    ).enforce()
    if values.room is not None and values.room.library_id != library.pk:
        refuse("grant_place_elsewhere")


@transaction.atomic
def save_kiosk(
    *,
    library: Library,
    values: KioskValues,
    row: Kiosk | None,
    by: Actor,
    at: datetime,
    operation_id: UUID | None = None,
) -> Kiosk:
    """A new machine, or the same one changed. Raises Refused."""
    sent = {name: getattr(values, name) for name in FIELDS} | {
        "room": values.room.pk if values.room else None
    }
    begun = operations.begin(
        "accounts.save_kiosk",
        by=by,
        at=at,
        library_code=library.code,
        operation_id=operation_id,
        request=sent | {"kiosk": row.pk if row else None},
    )
    if begun.repeated:
        return Kiosk.objects.get(pk=begun.operation.result["kiosk"])
    _judge(library, values, row)
    kiosk = row or Kiosk(library=library, created_at=at)
    for name in FIELDS:
        setattr(kiosk, name, getattr(values, name))
    kiosk.name = values.name.strip()
    kiosk.save(update_fields=FIELDS if row else None)  # whatever was registered meanwhile stays
    operations.finish(
        begun.operation,
        subject=f"accounts.kiosk:{kiosk.pk}",
        result={"kiosk": kiosk.pk},
        detail={"name": kiosk.name},
    )
    return kiosk


@transaction.atomic
def issue_kiosk_code(*, kiosk: Kiosk, by: Actor, at: datetime) -> str:
    """A code to type in at the machine within two hours; a code from before opens nothing any more. The machine goes on
    with its present key until the code is used."""
    code = keys.new_code()
    begun = operations.begin("accounts.issue_kiosk_code", by=by, at=at, library_code=kiosk.library.code)
    Kiosk.objects.filter(pk=kiosk.pk).update(
        code_digest=keys.code_digest(code), code_expires_at=at + CODE_LIFETIME
    )
    operations.finish(begun.operation, subject=f"accounts.kiosk:{kiosk.pk}")
    return code


@transaction.atomic
def register_kiosk(*, code: str, at: datetime) -> tuple[Kiosk, str]:
    """Use a code up: the machine and the key that its browser keeps. The key of another browser ends. Raises Refused."""
    digest = keys.code_digest(code)
    kiosk = Kiosk.objects.select_for_update().filter(code_digest=digest).first() if code.strip() else None
    if kiosk is None or kiosk.code_expires_at is None:
        refuse("kiosk_code_unknown")
    Decision.of([rules.judge_code(None, kiosk.code_expires_at, at, reusable=False)]).enforce()
    key = keys.new_token()
    used = Kiosk.objects.filter(pk=kiosk.pk, code_digest=digest).update(
        code_digest="",
        code_expires_at=None,
        key_digest=keys.token_digest(key),
        registered_at=at,
        revoked_at=None,
    )
    if not used:
        refuse("kiosk_code_unknown")
    by = Actor(kiosk.name, "kiosk")
    begun = operations.begin("accounts.register_kiosk", by=by, at=at, library_code=kiosk.library.code)
    operations.finish(begun.operation, subject=f"accounts.kiosk:{kiosk.pk}")
    kiosk.refresh_from_db()
    return kiosk, key


@transaction.atomic
def revoke_kiosk(*, kiosk: Kiosk, by: Actor, at: datetime, operation_id: UUID | None = None) -> Kiosk:
    """Take a machine out of use: its key and a code that waits open nothing any more."""
    begun = operations.begin(
        "accounts.revoke_kiosk",
        by=by,
        at=at,
        library_code=kiosk.library.code,
        operation_id=operation_id,
        request={"kiosk": kiosk.pk},
    )
    if not begun.repeated:
        Kiosk.objects.filter(pk=kiosk.pk).update(
            key_digest="", code_digest="", code_expires_at=None, revoked_at=at
        )
        operations.finish(begun.operation, subject=f"accounts.kiosk:{kiosk.pk}")
    kiosk.refresh_from_db()
    return kiosk
