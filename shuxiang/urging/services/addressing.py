"""Addresses of classes, and of parents who agreed; what the wall list may show."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.patrons.models import Patron
from shuxiang.urging.models import Contact, UrgingSettings
from shuxiang.urging.refusals import refuse


@transaction.atomic
def save_contact(
    *,
    library: Library,
    of: SchoolClass | Patron,
    name: str,
    address: str,
    at: datetime,
    by: Actor,
    consent: str = "",
    operation_id: UUID | None = None,
) -> Contact:
    """Where reminders of a class, or of one reader, go. The address is not copied into the audit trail.

    Refuses another library's, what is no address, no name, and parents of whom nobody noted that they agreed.
    """
    if of.library_id != library.pk:
        raise refuse("of_other_library")
    is_reader = isinstance(of, Patron)
    begun = operations.begin(
        "urging.save_contact",
        by=by,
        at=at,
        library_code=library.code,
        operation_id=operation_id,
        request={"reader": is_reader, "of": of.pk},
    )
    whose: dict[str, Any] = {"patron": of} if is_reader else {"school_class": of}
    if begun.repeated:
        return Contact.objects.get(library=library, **whose)
    try:
        validate_email(address.strip())
    except ValidationError:
        raise refuse("bad_address", text=address.strip()[:60]) from None
    if not name.strip():
        raise refuse("no_name")
    if is_reader and not consent.strip():
        raise refuse("no_consent")
    contact, _made = Contact.objects.update_or_create(
        library=library,
        **whose,
        defaults={
            "name": name.strip()[:60],
            "address": address.strip(),
            "consent": consent.strip()[:200],
            "entered_by": by.name[:80],
            "modified_at": at,
        },
    )
    operations.finish(begun.operation, subject=f"urging.contact:{contact.pk}", result={"contact": contact.pk})
    return contact


@transaction.atomic
def forget_contact(contact: Contact, *, at: datetime, by: Actor, operation_id: UUID | None = None) -> None:
    """Take an address away for good."""
    begun = operations.begin(
        "urging.forget_contact",
        by=by,
        at=at,
        library_code=contact.library.code,
        operation_id=operation_id,
        request={"contact": contact.pk},
    )
    if not begun.repeated:
        Contact.objects.filter(pk=contact.pk).delete()
        operations.finish(begun.operation, subject=f"urging.contact:{contact.pk}")


@transaction.atomic
def show_full_names(
    *, library: Library, shows: bool, at: datetime, by: Actor, operation_id: UUID | None = None
) -> None:
    """Whether the list on the wall may name children in full."""
    begun = operations.begin(
        "urging.show_full_names",
        by=by,
        at=at,
        library_code=library.code,
        operation_id=operation_id,
        request={"shows": shows},
    )
    if not begun.repeated:
        values = {"shows_full_names": shows, "modified_at": at}
        UrgingSettings.objects.update_or_create(library=library, defaults=values)
        operations.finish(begun.operation, subject=f"urging.settings:{library.code}", result={"shows": shows})
