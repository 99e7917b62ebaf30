"""What must agree in the outbox."""

from collections.abc import Iterator

from django.db.models import Q

from shuxiang.audit.reconcile import Difference, check, words
from shuxiang.outbox.messages import speak
from shuxiang.outbox.models import Message, SenderSettings


@check("outbox.senders")
def waiting_messages_have_a_sender(library_code: str | None) -> Iterator[Difference]:
    """A message that waits although its library sends nothing any more is a known exception: it would wait for ever."""
    waiting = Message.objects.filter(
        Q() if library_code is None else Q(library__code=library_code), state="queued"
    )
    sending = SenderSettings.objects.exclude(kind="none").values("library")
    stuck = waiting.exclude(library__in=sending).order_by("pk").values_list("pk", "library__code", "subject")
    for pk, library, subject in stuck:
        params: dict[str, object] = {"subject": subject}
        yield Difference(
            "outbox.senders", library, f"outbox.message:{pk}", "no_way_out", params, allowed=True
        )


words("outbox", speak)
