"""Classes open as cohorts, are counted, and graduate; moving up a grade moves nobody."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NoReturn

from django.db import transaction

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision, Reason, Refused, Weight
from shuxiang.common.schoolyear import parse_class_label
from shuxiang.libraries import selectors
from shuxiang.libraries.models import EnrolmentCount, Library, SchoolClass, Stage, Term
from shuxiang.libraries.rules import classes as rules
from shuxiang.libraries.rules.terms import year_of


def _refuse(code: str, **params: object) -> NoReturn:
    raise Refused(Decision((Reason(code, Weight.REFUSE, params),)))


@transaction.atomic
def open_class(
    *,
    library: Library,
    stage: Stage,
    entry_year: int,
    label_pattern: str,
    by: Actor,
    at: datetime,
    position: int = 0,
) -> SchoolClass:
    """A cohort that entered `stage` in the school year beginning in `entry_year`; the pattern gives its label: {grade}乙,
    {digit}年级, {junior}（2）班, 276班. Raises Refused when there is such a class or the stage is another library's."""
    pattern = label_pattern.strip()
    if stage.library_id != library.pk:
        _refuse("stage_of_other_library", stage=stage.name)
    if not pattern:
        _refuse("class_needs_label")
    same = {"library": library, "stage": stage, "entry_year": entry_year, "label_pattern": pattern}
    if SchoolClass.objects.filter(**same).exists():
        _refuse("class_exists", label=pattern, entry_year=entry_year)
    school_class = SchoolClass.objects.create(**same, position=position)
    begun = operations.begin("libraries.open_class", by=by, at=at, library_code=library.code)
    detail = {"entry_year": entry_year, "label_pattern": pattern}
    operations.finish(begun.operation, subject=f"libraries.school_class:{school_class.pk}", detail=detail)
    return school_class


@transaction.atomic
def find_or_open(
    *, library: Library, label: str, school_year: str, by: Actor, at: datetime, grade: int | None = None
) -> SchoolClass:
    """The class that has `label` in `school_year` (2016-2017), opened when there is none. A label that does not say its
    grade (276班) needs `grade` the first time. Raises Refused (also for what is no class: 教师), BadPeriod."""
    found = selectors.find_class(library, label, school_year)
    if found is not None:
        return found
    parsed = parse_class_label(label, selectors.primary_years(library))
    if parsed is None:
        _refuse("class_label_unclear", label=label)
    stages = {stage.code: stage for stage in Stage.objects.filter(library=library).order_by("first_grade")}
    facts = [selectors.stage_facts(stage) for stage in stages.values()]
    placed = rules.place(parsed, facts, year_of(school_year), grade)
    if isinstance(placed, Decision):
        raise Refused(placed)
    return open_class(
        library=library,
        stage=stages[placed.stage.code],
        entry_year=placed.entry_year,
        label_pattern=placed.pattern,
        by=by,
        at=at,
        position=position_of(parsed.number),
    )


def position_of(number: str) -> int:
    """Order among parallel classes: 2 for （2）班, 2 for 乙, 0 where nothing tells."""
    if number.isdecimal():
        return int(number) % 10_000
    if len(number) == 1 and number in "甲乙丙丁戊己庚辛壬癸":
        return "甲乙丙丁戊己庚辛壬癸".index(number) + 1
    return ord(number) - ord("A") + 1 if len(number) == 1 and "A" <= number <= "Z" else 0


@transaction.atomic
def count_enrolment(
    *,
    library: Library,
    count: int,
    on: date,
    by: Actor,
    at: datetime,
    school_class: SchoolClass | None = None,
    kind: str = "pupil",
) -> EnrolmentCount:
    """Note how many pupils a class (or, without one, the school) or how many teachers the school has on a day; a second
    count of the same day replaces the first. Raises Refused."""
    if school_class is not None and school_class.library_id != library.pk:
        _refuse("class_of_other_library", label=school_class.label_pattern)
    if count < 0 or (kind != EnrolmentCount.Kind.PUPIL and school_class is not None):
        _refuse("count_bad", count=count)
    row, _ = EnrolmentCount.objects.update_or_create(
        library=library, kind=kind, school_class=school_class, counted_on=on, defaults={"count": count}
    )
    begun = operations.begin("libraries.count_enrolment", by=by, at=at, library_code=library.code)
    detail = {"kind": kind, "count": count, "on": on.isoformat()}
    operations.finish(begun.operation, subject=f"libraries.enrolment_count:{row.pk}", detail=detail)
    return row


@dataclass(frozen=True)
class Moved:
    """One class at the turn of the school year: its label before and after; `graduates` when this was its last year."""

    school_class: SchoolClass
    before: str
    after: str
    graduates: bool


def preview_school_year(library: Library, school_year: str) -> list[Moved]:
    """What the beginning of `school_year` means for every class that had not graduated. Raises BadPeriod."""
    year, years = year_of(school_year), selectors.primary_years(library)
    moved = []
    for each in selectors.classes_of(library):
        facts = selectors.class_facts(each)
        if each.graduated_on is None and rules.grade_in(facts, year - 1) is not None:
            before, after = rules.label_in(facts, year - 1, years), rules.label_in(facts, year, years)
            graduates = rules.grade_in(facts, year) is None
            moved.append(Moved(each, before, "" if graduates else after, graduates))
    return sorted(moved, key=lambda row: (row.school_class.entry_year, row.school_class.position, row.before))


@transaction.atomic
def open_school_year(*, library: Library, school_year: str, by: Actor, at: datetime) -> list[Moved]:
    """Begin a school year: its two terms are written down with their default days where the school has set none, and every
    class moves up by itself. Returns what changed; graduating classes wait for graduate(). Raises BadPeriod."""
    year = year_of(school_year)
    moved = preview_school_year(library, school_year)
    calendar = selectors.calendar_of(library)
    for code in (f"{year}-autumn", f"{year + 1}-spring"):
        facts = calendar.term(code)
        Term.objects.get_or_create(
            library=library,
            code=code,
            defaults={
                "season": facts.season,
                "starts_on": facts.starts_on,
                "ends_on": facts.ends_on,
                "teaching_from": facts.teaching_from,
                "teaching_to": facts.teaching_to,
            },
        )
    begun = operations.begin("libraries.open_school_year", by=by, at=at, library_code=library.code)
    detail = {"school_year": school_year, "classes": len(moved)}
    operations.finish(begun.operation, subject=f"libraries.library:{library.pk}", detail=detail)
    return moved


def graduating(library: Library, school_year: str) -> list[SchoolClass]:
    """Classes whose last school year is `school_year` and that have not graduated. Raises BadPeriod."""
    year = year_of(school_year)
    open_classes = (each for each in selectors.classes_of(library) if each.graduated_on is None)
    return [each for each in open_classes if selectors.class_facts(each).last_school_year == year]


@transaction.atomic
def graduate(*, library: Library, school_year: str, on: date, by: Actor, at: datetime) -> list[SchoolClass]:
    """Close the cohorts whose last year is `school_year`; `on` is their last day. Memberships are closed by
    patrons.services.graduate_classes, which calls this. Raises Refused when the day is not in that school year."""
    span = selectors.calendar_of(library).school_year(year_of(school_year))
    if on not in span:
        _refuse("graduation_day_outside", on=on, school_year=school_year)
    closed = graduating(library, school_year)
    SchoolClass.objects.filter(pk__in=[each.pk for each in closed]).update(graduated_on=on)
    for each in closed:
        each.graduated_on = on
    begun = operations.begin("libraries.graduate", by=by, at=at, library_code=library.code)
    detail = {"school_year": school_year, "on": on.isoformat(), "classes": [each.pk for each in closed]}
    operations.finish(begun.operation, subject=f"libraries.library:{library.pk}", detail=detail)
    return closed


@transaction.atomic
def reopen(*, school_class: SchoolClass, by: Actor, at: datetime) -> None:
    """Take a graduation back."""
    before = school_class.graduated_on
    school_class.graduated_on = None
    school_class.save(update_fields=["graduated_on"])
    begun = operations.begin("libraries.reopen", by=by, at=at, library_code=school_class.library.code)
    detail = {"graduated_on": before.isoformat() if before else ""}
    operations.finish(begun.operation, subject=f"libraries.school_class:{school_class.pk}", detail=detail)


@transaction.atomic
def close_class(*, school_class: SchoolClass, on: date, by: Actor, at: datetime) -> SchoolClass:
    """End one class before its time or with it: `on` is its last day. Raises Refused when it has ended already."""
    if school_class.graduated_on is not None:
        _refuse("class_ended", label=school_class.label_pattern, on=school_class.graduated_on)
    school_class.graduated_on = on
    school_class.save(update_fields=["graduated_on"])
    begun = operations.begin("libraries.close_class", by=by, at=at, library_code=school_class.library.code)
    operations.finish(
        begun.operation, subject=f"libraries.school_class:{school_class.pk}", detail={"on": on.isoformat()}
    )
    return school_class


@transaction.atomic
def rename_class(*, school_class: SchoolClass, pattern: str, by: Actor, at: datetime) -> SchoolClass:
    """Give a class another label; loans keep the label of their day. Raises Refused when another class has that label."""
    pattern, before = pattern.strip(), school_class.label_pattern
    if not pattern:
        _refuse("class_needs_label")
    same = SchoolClass.objects.filter(
        library=school_class.library_id,
        stage=school_class.stage_id,
        entry_year=school_class.entry_year,
        label_pattern=pattern,
    )
    if same.exclude(pk=school_class.pk).exists():
        _refuse("class_exists", label=pattern, entry_year=school_class.entry_year)
    school_class.label_pattern = pattern
    school_class.save(update_fields=["label_pattern"])
    begun = operations.begin("libraries.rename_class", by=by, at=at, library_code=school_class.library.code)
    detail = {"before": before, "after": pattern}
    operations.finish(begun.operation, subject=f"libraries.school_class:{school_class.pk}", detail=detail)
    return school_class
