"""Acts happen once: an operation id kept in the act's transaction makes a retry return the first result."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shuxiang.audit.models import Operation
from shuxiang.audit.prepared import Change, Entry
from shuxiang.common.actors import Actor
from shuxiang.common.ids import uuid7


class OperationMismatch(Exception):
    """An operation id was used again for a different act: the caller mixed up its ids."""


@dataclass(frozen=True)
class Begun:
    """The operation row, and whether it had been done before (then only its result may be used)."""

    operation: Operation
    repeated: bool


def digest_of(action: str, request: Mapping[str, object]) -> str:
    text = json.dumps([action, dict(request)], sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def begin(
    action: str,
    *,
    by: Actor,
    at: datetime,
    library_code: str = "",
    operation_id: UUID | None = None,
    request: Mapping[str, object] | None = None,
) -> Begun:
    """Write the operation first, inside the caller's transaction; two racing calls with one id meet at its key.

    Raises OperationMismatch when the id belongs to another request.
    """
    operation = Operation(
        id=operation_id or uuid7(),
        action=action,
        library_code=library_code,
        actor=by.name[:80],
        door=by.door,
        at=at,
        request_digest=digest_of(action, request or {}),
    )
    if _BEGIN.make(operation):
        return Begun(operation, repeated=False)
    done = Operation.objects.get(pk=operation.pk)
    if done.request_digest != operation.request_digest:
        raise OperationMismatch(str(done.id))
    return Begun(done, repeated=True)


def finish(
    operation: Operation,
    *,
    subject: str = "",
    result: Mapping[str, object] | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Note what the act was done to and what it gave, for the audit trail and for retries."""
    operation.subject = subject[:80]
    operation.result = dict(result or {})
    operation.detail = dict(detail or {})
    _FINISH.make(pk=operation.pk, subject=operation.subject, result=operation.result, detail=operation.detail)


# A racing call with the same id waits here until the other has committed or given up.
_BEGIN = Entry(Operation, unless_there=True)
_FINISH = Change(
    lambda pk, subject, result, detail: (
        Operation.objects.filter(pk=pk),
        {"subject": subject, "result": result, "detail": detail},
    )
)
