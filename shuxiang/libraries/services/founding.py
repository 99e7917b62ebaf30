"""A library comes into being, with its stages, first room and standard."""

import re
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision, Reason, Weight
from shuxiang.libraries.models import Library, Room, Stage, Standard

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")
MAIN_ROOM = "main"
# stage code → name, first grade, years
STAGES = {
    "primary": (gettext_noop("Primary school"), 1, 6),
    "junior": (gettext_noop("Junior secondary school"), 7, 3),
    "senior": (gettext_noop("Senior secondary school"), 10, 3),
}
STAGES_OF_KIND: dict[str, tuple[str, ...]] = {
    Library.Kind.PRIMARY: ("primary",),
    Library.Kind.JUNIOR: ("junior",),
    Library.Kind.SENIOR: ("senior",),
    Library.Kind.NINE_YEAR: ("primary", "junior"),
    Library.Kind.COMPLETE: ("junior", "senior"),
    Library.Kind.PUBLIC: (),
}
# The 2018 rule has no column for nine-year schools: they are held against the primary one until they choose.
STANDARD_OF_KIND: dict[str, str] = {
    Library.Kind.PRIMARY: "cn-2018-primary",
    Library.Kind.JUNIOR: "cn-2018-junior",
    Library.Kind.SENIOR: "cn-2018-senior",
    Library.Kind.COMPLETE: "cn-2018-complete",
    Library.Kind.NINE_YEAR: "cn-2018-primary",
}


@transaction.atomic
def create_library(*, code: str, name: str, kind: str, by: Actor, at: datetime) -> Library:
    """A new library with the stages of its kind, one room and the national standard that fits. Raises Refused."""
    code, name = code.strip(), name.strip()
    Decision.of(_against(code, name, kind)).enforce()
    library = Library.objects.create(
        code=code,
        name=name,
        kind=kind,
        standard=Standard.objects.filter(code=STANDARD_OF_KIND.get(kind, "")).first(),
        created_at=at,
    )
    for stage_code in STAGES_OF_KIND[kind]:
        stage_name, first_grade, years = STAGES[stage_code]
        Stage.objects.create(
            library=library, code=stage_code, name=gettext(stage_name), first_grade=first_grade, years=years
        )
    Room.objects.create(library=library, code=MAIN_ROOM, name=gettext("Main room"))
    begun = operations.begin("libraries.create_library", by=by, at=at, library_code=code)
    operations.finish(begun.operation, subject=f"libraries.library:{library.pk}", detail={"kind": kind})
    return library


def _against(code: str, name: str, kind: str) -> list[Reason | None]:
    return [
        None if CODE.fullmatch(code) else Reason("library_code_bad", Weight.REFUSE, {"code": code}),
        Reason("library_code_taken", Weight.REFUSE, {"code": code})
        if Library.objects.filter(code__iexact=code).exists()
        else None,
        None if name else Reason("library_needs_name", Weight.REFUSE),
        None if kind in STAGES_OF_KIND else Reason("library_kind_unknown", Weight.REFUSE, {"kind": kind}),
    ]


@transaction.atomic
def add_stage(
    *, library: Library, code: str, name: str, first_grade: int, years: int, by: Actor, at: datetime
) -> Stage:
    """Add a stretch of grades, or change an own one of that code: 5-4 systems, a kindergarten class. Raises Refused when
    its grades overlap another stage's or lie outside 1 to 12."""
    last = first_grade + years - 1
    others = Stage.objects.filter(library=library).exclude(code=code)
    overlapping = [o for o in others if o.first_grade <= last and first_grade <= o.first_grade + o.years - 1]
    bad = years < 1 or first_grade < 1 or last > 12
    Decision.of([
        Reason("stage_grades_bad", Weight.REFUSE, {"first": first_grade, "last": last}) if bad else None,
        *(Reason("stage_overlaps", Weight.REFUSE, {"other": other.name}) for other in overlapping),
    ]).enforce()  # fmt: skip
    stage, _ = Stage.objects.update_or_create(
        library=library, code=code, defaults={"name": name, "first_grade": first_grade, "years": years}
    )
    begun = operations.begin("libraries.add_stage", by=by, at=at, library_code=library.code)
    operations.finish(
        begun.operation, subject=f"libraries.stage:{stage.pk}", detail={"first_grade": first_grade}
    )
    return stage


@transaction.atomic
def add_room(
    *,
    library: Library,
    code: str,
    name: str,
    by: Actor,
    at: datetime,
    area_m2: Decimal | None = None,
    seats: int | None = None,
) -> Room:
    """A new room, or one changed; area in square metres, None where unknown."""
    room, _ = Room.objects.update_or_create(
        library=library, code=code, defaults={"name": name, "area_m2": area_m2, "seats": seats}
    )
    begun = operations.begin("libraries.add_room", by=by, at=at, library_code=library.code)
    operations.finish(begun.operation, subject=f"libraries.room:{room.pk}")
    return room


@transaction.atomic
def set_standard(*, library: Library, standard: Standard | None, by: Actor, at: datetime) -> None:
    """Hold the library against another standard, or none."""
    before = library.standard
    library.standard = standard
    library.save(update_fields=["standard"])
    begun = operations.begin("libraries.set_standard", by=by, at=at, library_code=library.code)
    detail = {"from": before.code if before else "", "to": standard.code if standard else ""}
    operations.finish(begun.operation, subject=f"libraries.library:{library.pk}", detail=detail)
