"""What must agree in this room: clearances and the readers they wrote off; openings and their steps."""

from collections.abc import Iterator

from django.db.models import Q

from shuxiang.audit.reconcile import Difference, check, words
from shuxiang.enrolment.messages import speak
from shuxiang.enrolment.models import Clearance, Step, YearOpening


@check("enrolment.clearances")
def cleared_readers_left(library_code: str | None) -> Iterator[Difference]:
    """Who was cleared is not here, unless somebody took the reader back since: a known exception."""
    mine = Q() if library_code is None else Q(library__code=library_code)
    rows = Clearance.objects.filter(mine, undone_at=None, patron__left_on=None).order_by("pk")
    for pk, library, patron, number in rows.values_list("pk", "library__code", "patron_id", "number"):
        params = {"patron": patron, "number": number}
        yield Difference(
            "enrolment.clearances",
            library,
            f"enrolment.clearance:{pk}",
            "clearance_of_present",
            params,
            allowed=True,
        )


@check("enrolment.openings")
def openings_are_whole(library_code: str | None) -> Iterator[Difference]:
    """An opening that is done has no step that waits."""
    mine = Q() if library_code is None else Q(library__code=library_code)
    done = YearOpening.objects.filter(mine, state=YearOpening.State.DONE)
    for opening in done.filter(steps__state=Step.State.WAITING).distinct().select_related("library"):
        params: dict[str, object] = {"year": opening.school_year}
        yield Difference(
            "enrolment.openings",
            opening.library.code,
            f"enrolment.opening:{opening.pk}",
            "opening_left_over",
            params,
        )


words("enrolment", speak)
