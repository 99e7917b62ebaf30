"""What must agree in this room: entries stay in their library, lessons and their visits, and no day below zero."""

from collections.abc import Iterator

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from shuxiang.audit.reconcile import Difference, check, words
from shuxiang.visits.messages import speak
from shuxiang.visits.models import Lesson, Visit


def _of(library_code: str | None) -> Q:
    return Q() if library_code is None else Q(library__code=library_code)


@check("visits.entries")
def entries(library_code: str | None) -> Iterator[Difference]:
    """Rooms and classes belong to the library of their entry; nowhere were fewer than nobody."""
    rows = Visit.objects.filter(_of(library_code))
    stray = rows.exclude(room__library=F("library")) | rows.filter(school_class__isnull=False).exclude(
        school_class__library=F("library")
    )
    for pk, library, on in stray.values_list("pk", "library__code", "on"):
        yield Difference("visits.entries", library, f"visits.visit:{pk}", "visit_elsewhere", {"on": on})
    below = rows.values_list("library__code", "room_id", "on").annotate(n=Sum("count")).filter(n__lt=0)
    for library, room, on, _n in below.order_by("library__code", "room_id", "on"):
        yield Difference("visits.entries", library, f"libraries.room:{room}", "visits_below_zero", {"on": on})


@check("visits.lessons")
def lessons(library_code: str | None) -> Iterator[Difference]:
    """As many visits are counted for a lesson as it had pupils."""
    rows = Lesson.objects.filter(_of(library_code)).annotate(
        counted=Coalesce(Sum("visits__count"), 0), heads=Coalesce("head_count", 0)
    )
    for row in rows.exclude(counted=F("heads")).select_related("library"):
        params: dict[str, object] = {"on": row.on, "heads": row.heads, "counted": row.counted}
        yield Difference(
            "visits.lessons", row.library.code, f"visits.lesson:{row.pk}", "lesson_not_counted", params
        )


words("visits", speak)
