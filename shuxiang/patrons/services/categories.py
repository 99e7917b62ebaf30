"""Kinds of readers."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from shuxiang.audit import operations
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Decision, Reason, Weight
from shuxiang.libraries.models import Library
from shuxiang.patrons.models import PatronCategory

Kind = PatronCategory.Kind
# code, name, kind; the codes are stable, the names are the library's from then on
SCHOOL = (
    ("pupil", gettext_noop("Pupil"), Kind.PUPIL),
    ("teacher", gettext_noop("Teacher"), Kind.TEACHER),
    ("staff", gettext_noop("Staff"), Kind.STAFF),
    ("class", gettext_noop("Class"), Kind.CLASS),
    ("group", gettext_noop("Subject group"), Kind.GROUP),
)
PUBLIC = (
    ("citizen", gettext_noop("Adult reader"), Kind.CITIZEN),
    ("child", gettext_noop("Young reader"), Kind.CITIZEN),
    ("staff", gettext_noop("Staff"), Kind.STAFF),
    ("group", gettext_noop("Institution"), Kind.GROUP),
    ("library", gettext_noop("Library"), Kind.LIBRARY),
)


@transaction.atomic
def default_categories(library: Library) -> dict[str, PatronCategory]:
    """The categories that a library of its kind starts with, by code; those it has already stay as they are."""
    rows = PUBLIC if library.kind == Library.Kind.PUBLIC else SCHOOL
    for code, name, kind in rows:
        PatronCategory.objects.get_or_create(
            library=library, code=code, defaults={"name": gettext(name), "kind": kind}
        )
    return {category.code: category for category in PatronCategory.objects.filter(library=library)}


@transaction.atomic
def add_category(
    *, library: Library, code: str, name: str, kind: str, by: Actor, at: datetime
) -> PatronCategory:
    """A further kind of reader with policies of its own. Raises Refused when the code is taken."""
    taken = PatronCategory.objects.filter(library=library, code=code).exists()
    unknown = kind not in PatronCategory.Kind.values
    Decision.of([
        Reason("category_taken", Weight.REFUSE, {"code": code}) if taken else None,
        Reason("category_kind_unknown", Weight.REFUSE, {"kind": kind}) if unknown else None,
    ]).enforce()  # fmt: skip
    category = PatronCategory.objects.create(library=library, code=code, name=name, kind=kind)
    begun = operations.begin("patrons.add_category", by=by, at=at, library_code=library.code)
    operations.finish(begun.operation, subject=f"patrons.category:{category.pk}", detail={"code": code})
    return category
