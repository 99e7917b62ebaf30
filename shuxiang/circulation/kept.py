"""Reads of what a replay kept."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shuxiang.circulation.keptmodels import KeptAct
from shuxiang.circulation.messages import speak
from shuxiang.libraries.models import Library

SHOWN_SETTLED = 30


def open_acts(library: Library) -> list[KeptAct]:
    """What waits for somebody to look at it, in the order in which it was scanned."""
    found = KeptAct.objects.filter(library=library, state=KeptAct.State.OPEN).select_related("patron")
    return list(found.order_by("at", "pk"))


def open_count(library: Library) -> int:
    return KeptAct.objects.filter(library=library, state=KeptAct.State.OPEN).count()


def settled_acts(library: Library) -> list[KeptAct]:
    """The last that were settled, newest first."""
    found = KeptAct.objects.filter(library=library).exclude(state=KeptAct.State.OPEN)
    return list(found.select_related("patron").order_by("-settled_at", "-pk")[:SHOWN_SETTLED])


def find_kept(library: Library, pk: UUID) -> KeptAct | None:
    return KeptAct.objects.filter(library=library, pk=pk).select_related("library", "patron").first()


def reasons_of(kept: KeptAct) -> list[str]:
    """Why it was kept, in words."""
    return [
        speak(code, {name: _value(value) for name, value in params.items()})
        for code, _w, params in kept.reasons
    ]


def codes_to_confirm(kept_reasons: Sequence[Sequence[object]]) -> list[str]:
    """The questions among the reasons, which a yes answers; weight 2 is a question (common.decisions)."""
    return [str(reason[0]) for reason in kept_reasons if reason[1] == 2]


def _value(value: object) -> object:
    if isinstance(value, dict) and "instant" in value:
        return datetime.fromisoformat(str(value["instant"]))
    return value
