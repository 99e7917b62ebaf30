"""What must agree on the ground: terms touch each other, classes and counts stay in their library."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from django.db.models import F

from shuxiang.audit.reconcile import Difference, check, words
from shuxiang.libraries.messages import speak
from shuxiang.libraries.models import EnrolmentCount, Library, SchoolClass
from shuxiang.libraries.rules.terms import index_of
from shuxiang.libraries.selectors import calendar_of

words("libraries", speak)


@check("libraries.terms")
def terms(library_code: str | None) -> Iterator[Difference]:
    """Terms that follow each other and that the school has set leave no day out and share none."""
    libraries = Library.objects.filter(code=library_code) if library_code else Library.objects.all()
    for library in libraries:
        for one, other in pairwise(calendar_of(library)):
            following = index_of(one.code) + 1 == index_of(other.code)
            days = (other.starts_on - one.ends_on) - timedelta(days=1)
            if days < timedelta(0) or (following and days > timedelta(0)):
                code = "terms_overlap" if days < timedelta(0) else "terms_leave_gap"
                params: dict[str, object] = {"code": one.code, "other": other.code}
                yield Difference("libraries.terms", library.code, one.code, code, params)


@check("libraries.classes")
def classes(library_code: str | None) -> Iterator[Difference]:
    """A class stands in a stage of its own library, and so does every count of it."""
    strays = SchoolClass.objects.exclude(stage__library=F("library")).select_related("library")
    counts = EnrolmentCount.objects.filter(school_class__isnull=False)
    foreign = counts.exclude(school_class__library=F("library")).select_related("library")
    for stray in strays.filter(library__code=library_code) if library_code else strays:
        subject = f"libraries.school_class:{stray.pk}"
        params: dict[str, object] = {"class": str(stray)}
        yield Difference("libraries.classes", stray.library.code, subject, "class_in_foreign_stage", params)
    for row in foreign.filter(library__code=library_code) if library_code else foreign:
        subject = f"libraries.enrolment_count:{row.pk}"
        params = {"on": row.counted_on}
        yield Difference("libraries.classes", row.library.code, subject, "count_of_foreign_class", params)
