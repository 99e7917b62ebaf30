"""Figures of readers: cards issued against pupils enrolled, teachers, and who is at the school in a period."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shuxiang.figures import ground
from shuxiang.figures.registry import Figure, Rows, Scope, Value, register
from shuxiang.patrons.models import Card, ClassMembership, Patron, PatronCategory

PUPIL, TEACHER = PatronCategory.Kind.PUPIL, PatronCategory.Kind.TEACHER


def here(scope: Scope, kind: str) -> QuerySet[Patron]:
    """Readers of a kind who are at the school on any day of the period so far, of the scope's class or grade."""
    found = Patron.objects.filter(
        library=scope.library, category__kind=kind, deleted_at__isnull=True, joined_on__lte=scope.last_day
    ).filter(Q(left_on__isnull=True) | Q(left_on__gt=scope.period.starts_on))
    if scope.school_class_id is None and scope.grade is None:
        return found
    classes = [each.pk for each in ground.classes_in_order(scope)]
    belongs = memberships(scope).filter(patron=OuterRef("pk"), school_class__in=classes)
    return found.filter(Exists(belongs))


def memberships(scope: Scope) -> QuerySet[ClassMembership]:
    """Memberships that overlap the period so far."""
    return ClassMembership.objects.filter(patron__library=scope.library, from_on__lte=scope.last_day).filter(
        Q(to_on__isnull=True) | Q(to_on__gte=scope.period.starts_on)
    )


def class_of(scope: Scope, patrons: QuerySet[Patron]) -> dict[int, int]:
    """The class of each reader by their keys: the latest in the period."""
    rows = memberships(scope).filter(patron__in=patrons).order_by("from_on", "pk")
    return dict(rows.values_list("patron_id", "school_class_id"))


def teachers(scope: Scope) -> int:
    counted = scope.ground.teachers_in(scope.period)
    return counted if counted is not None else here(scope, TEACHER).count()


def _with_card(scope: Scope) -> QuerySet[Patron]:
    """Pupils with a card that was valid on a day of the period so far: who left in June had one, too."""
    valid = Card.objects.filter(patron=OuterRef("pk"), from_at__date__lte=scope.last_day).filter(
        Q(to_at__isnull=True) | Q(to_at__date__gt=scope.period.starts_on)
    )
    return here(scope, PUPIL).filter(Exists(valid)).order_by("name_pinyin", "pk")


def _rows(scope: Scope, _part: str, first: int, many: int) -> Rows:
    found = _with_card(scope)
    page = list(found.prefetch_related("cards")[first : first + many])
    classes = class_of(scope, found)
    names = ground.labels(scope, ground.classes_in_order(scope))
    rows = [(names.get(classes.get(each.pk, 0), ""), each.name, each.joined_on) for each in page]
    return Rows((_("Class"), _("Reader"), _("Joined on")), rows, found.count(), personal=(1,))


def _teacher_rows(scope: Scope, _part: str, first: int, many: int) -> Rows:
    found = here(scope, TEACHER).order_by("name_pinyin", "pk")
    rows = [(each.name, each.joined_on) for each in found[first : first + many]]
    return Rows((_("Reader"), _("Joined on")), rows, found.count(), personal=(0,))


def register_all() -> None:
    register(
        Figure(
            "patrons.card_rate",
            _("Cards issued"),
            "%",
            _("Pupils with a card that was valid in the period ÷ pupils enrolled."),
            lambda s: Value.quotient(_with_card(s).count(), ground.pupils(s), 100),
            decimals=1,
            rows=_rows,
        )
    )
    register(
        Figure(
            "patrons.teachers",
            _("Teachers"),
            _("teachers"),
            _("Teachers counted for the period; where nobody counted them, those on the reader list in it."),
            lambda s: Value.count(teachers(s)),
            rows=_teacher_rows,
        )
    )


register_all()
