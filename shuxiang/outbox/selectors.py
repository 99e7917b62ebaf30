"""Reads of the outbox."""

from datetime import datetime

from django.db.models import Count, QuerySet

from shuxiang.libraries.models import Library
from shuxiang.outbox.models import Message, SenderSettings

State = Message.State
SenderKind, Security = SenderSettings.Kind, SenderSettings.Security


def settings_of(library: Library) -> SenderSettings | None:
    return SenderSettings.objects.filter(library=library).select_related("library").first()


def sends(library: Library) -> bool:
    """Whether the library has chosen a sender at all."""
    return SenderSettings.objects.filter(library=library).exclude(kind=SenderSettings.Kind.NONE).exists()


def messages_of(library: Library, state: str = "") -> QuerySet[Message]:
    """The latest first."""
    found = Message.objects.filter(library=library)
    return (found.filter(state=state) if state else found).order_by("-created_at", "-pk")


def message_of(library: Library, pk: int) -> Message | None:
    return Message.objects.filter(library=library, pk=pk).first()


def counts_of(library: Library) -> dict[str, int]:
    """How many messages are in each state."""
    return dict(
        Message.objects.filter(library=library).order_by().values_list("state").annotate(n=Count("pk"))
    )


def about(library: Library, subject: str) -> list[Message]:
    return list(Message.objects.filter(library=library, about=subject).order_by("pk"))


def due(at: datetime) -> QuerySet[Message]:
    """What is to be tried now, the oldest first, of libraries that send."""
    waiting = Message.objects.filter(state=State.QUEUED, next_try_at__lte=at)
    sending = SenderSettings.objects.exclude(kind=SenderSettings.Kind.NONE).values("library")
    return waiting.filter(library__in=sending).select_related("library").order_by("created_at", "pk")
