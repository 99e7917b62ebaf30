"""Picture codes (图片密码): made, changed, checked. A digest is kept, and a wrong try is counted before it is judged."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from django.db import transaction
from django.db.models import F

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.libraries.models import Library
from shuxiang.patrons.codemodels import DeviceTries, PictureCode, ReaderPage
from shuxiang.patrons.models import Patron
from shuxiang.patrons.rules import LENGTH, OF_DEVICE, OF_READER, PICTURES, judge_pictures

_COST = 2**13  # of scrypt: about 25 ms and 8 MiB a digest
_KEPT_FOR = timedelta(days=1)  # tries of a device


def digest_of(pictures: Sequence[int], salt: bytes) -> str:
    """Salt and digest as they are kept."""
    plain = ",".join(map(str, pictures)).encode()
    found = hashlib.scrypt(plain, salt=salt, n=_COST, r=8, p=1, dklen=32)
    return f"scrypt${salt.hex()}${found.hex()}"


def _fits(pictures: Sequence[int], kept: str) -> bool:
    salt = bytes.fromhex(kept.split("$")[1])
    return hmac.compare_digest(digest_of(pictures, salt), kept)


def _new() -> tuple[int, ...]:
    """A code that nobody chose, and none that is easily guessed."""
    while True:
        pictures = tuple(secrets.randbelow(PICTURES) + 1 for _place in range(LENGTH))
        if judge_pictures(pictures) is None:
            return pictures


def set_code(
    *, patron: Patron, pictures: Sequence[int], by: Actor, at: datetime, operation_id: UUID | None = None
) -> None:
    """Give a reader these pictures; those before are forgotten. Raises Refused for a weak code."""
    Decision.of([judge_pictures(pictures)]).enforce()
    _write({patron: tuple(pictures)}, patron.library, by, at, operation_id)


def make_codes(
    *, library: Library, patrons: Iterable[Patron], by: Actor, at: datetime, operation_id: UUID | None = None
) -> dict[int, tuple[int, ...]]:
    """New codes by reader's key, given this once to be printed. Raises Refused when the operation made them before."""
    codes = {patron: _new() for patron in patrons if patron.library_id == library.pk}
    if not _write(codes, library, by, at, operation_id):
        raise Refused(Decision((Reason("codes_made_already", Weight.REFUSE),)))
    return {patron.pk: pictures for patron, pictures in codes.items()}


def _write(
    codes: dict[Patron, tuple[int, ...]], library: Library, by: Actor, at: datetime, operation_id: UUID | None
) -> bool:
    """Whether they were written now. The digests are made before the transaction, which must not keep the desk waiting."""
    rows = [
        PictureCode(patron=patron, digest=digest_of(pictures, secrets.token_bytes(16)), set_at=at)
        for patron, pictures in codes.items()
    ]
    with transaction.atomic():
        begun = operations.begin(
            "patrons.set_codes",
            by=by,
            at=at,
            library_code=library.code,
            operation_id=operation_id,
            request={"patrons": sorted(patron.pk for patron in codes)},
        )
        if begun.repeated:
            return False
        PictureCode.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["patron"],
            update_fields=["digest", "set_at", "wrong", "wrong_at"],
        )
        only = next(iter(codes)).pk if len(codes) == 1 else None
        operations.finish(
            begun.operation, subject=f"patrons.patron:{only}" if only else "", result={"made": len(rows)}
        )
        return True


def check_code(*, patron: Patron, pictures: Sequence[int], device: str, at: datetime) -> Decision:
    """Nothing to say when the pictures are right; else why not, or how long to wait.

    A try is written down as wrong in a transaction of its own and taken back when it was right: whoever sends many at
    once gains nothing, and the slow digest keeps no writer waiting. `device` names the kiosk or the address.
    """
    found = PictureCode.objects.filter(patron=patron).first()
    if found is None:
        return Decision((Reason("pictures_none", Weight.REFUSE),))
    wait = _count_try(patron, device, at)
    if wait:
        return Decision((Reason("pictures_wait", Weight.REFUSE, {"seconds": ceil(wait.total_seconds())}),))
    if not _fits(pictures, found.digest):
        return Decision((Reason("pictures_wrong", Weight.REFUSE),))
    with transaction.atomic():
        PictureCode.objects.filter(pk=found.pk).update(wrong=0, wrong_at=None)
        tries = DeviceTries.objects.filter(library=patron.library, device=device, wrong__gt=0)
        tries.update(wrong=F("wrong") - 1)
    return Decision()


@transaction.atomic
def _count_try(patron: Patron, device: str, at: datetime) -> timedelta:
    """How long to wait; nothing when this try may be made, and then it is counted."""
    code = PictureCode.objects.select_for_update().get(patron=patron)
    DeviceTries.objects.filter(library=patron.library, wrong_at__lt=at - _KEPT_FOR).delete()
    tries, _made = DeviceTries.objects.select_for_update().get_or_create(
        library=patron.library, device=device[:64], defaults={"wrong_at": at}
    )
    wait = max(OF_READER.wait(code.wrong, code.wrong_at, at), OF_DEVICE.wait(tries.wrong, tries.wrong_at, at))
    if not wait:
        for row, pace in ((code, OF_READER), (tries, OF_DEVICE)):
            row.wrong, row.wrong_at = min(pace.wrong_now(row.wrong, row.wrong_at, at) + 1, 1000), at
            row.save(update_fields=["wrong", "wrong_at"])
    return wait


@transaction.atomic
def show_history(
    *, library: Library, shows: bool, by: Actor, at: datetime, operation_id: UUID | None = None
) -> None:
    """Whether readers see on their own page what they borrowed before; off until a library switches it on."""
    begun = operations.begin(
        "patrons.show_history",
        by=by,
        at=at,
        library_code=library.code,
        operation_id=operation_id,
        request={"shows": shows},
    )
    if begun.repeated:
        return
    ReaderPage.objects.update_or_create(library=library, defaults={"shows_history": shows})
    operations.finish(begun.operation, result={"shows": shows})
