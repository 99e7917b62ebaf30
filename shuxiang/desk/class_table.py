"""One request at a class's desk: the class, its readers, what is remembered, and acts that happen once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from shuxiang.accounts.access import StaffRequest, actor_of
from shuxiang.audit.operations import OperationMismatch
from shuxiang.circulation.services import Sitting
from shuxiang.common import clock
from shuxiang.common.ids import uuid7
from shuxiang.desk import class_words
from shuxiang.desk.class_sitting import ClassSitting
from shuxiang.patrons import selectors as patrons

if TYPE_CHECKING:
    from shuxiang.libraries.models import SchoolClass
    from shuxiang.patrons.models import ClassMembership, Patron

Done = TypeVar("Done")


@dataclass
class ClassTable:
    """One request at a class's desk: who asks, which class, who is in it, what is remembered."""

    request: StaffRequest
    school_class: "SchoolClass"
    members: "list[ClassMembership]"
    sitting: ClassSitting
    at: datetime

    @property
    def today(self) -> date:
        return clock.local_date(self.at)

    @property
    def member_keys(self) -> set[int]:
        return {member.patron_id for member in self.members}

    @property
    def path(self) -> str:
        return reverse("desk:class_desk", args=[self.school_class.pk])

    def reader(self, pk: int | None) -> "Patron | None":
        """A reader of the class, or of another one as far as the account reaches."""
        if pk is None:
            return None
        inside = next((member.patron for member in self.members if member.patron_id == pk), None)
        return inside or self._guest(patrons.find_patron(self.request.library, pk))

    def _guest(self, found: "Patron | None") -> "Patron | None":
        return found if found is not None and self.reaches(found) else None

    def reaches(self, reader: "Patron") -> bool:
        """A helper with a grant for one class serves that class only."""
        if self.request.scope.everywhere or reader.pk in self.member_keys:
            return True
        membership = patrons.membership_on(reader, self.today)
        return membership is not None and self.request.scope.has_class(membership.school_class_id)

    def called(self, reader: "Patron | None") -> str:
        """How a reader is called aloud here: number and name, a guest by class and name."""
        if reader is None:
            return ""
        member = next((one for one in self.members if one.patron_id == reader.pk), None)
        if member is not None:
            return class_words.who(reader.name, member.number)
        label = patrons.class_label_on(reader, self.today) or reader.category.name
        return class_words.who(reader.name, None, label)

    def act(self) -> Sitting:
        """Who stands here, for the services; the operation id of the form makes a repeated post act once."""
        return Sitting(
            library=self.request.library,
            at=self.at,
            by=actor_of(self.request),
            patron=self.reader(self.sitting.patron),
            operation_id=_operation(self.request),
        )


def _operation(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("operation", ""))
    except ValueError:
        return None


def once(act: Sitting, do: Callable[[UUID], Done]) -> tuple[Done, UUID]:
    """An act under the id that came with it; the id of an old page that was used for another makes it an act of its own."""
    operation = act.operation_id or uuid7()
    try:
        return do(operation), operation
    except OperationMismatch:
        operation = uuid7()
        return do(operation), operation
