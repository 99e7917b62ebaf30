"""Figures of corners, boxes, the reading room and what stands beside the property; none of them counts as a loan."""

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.circulation.inroom import uses_of_reading
from shuxiang.circulation.models import Loan
from shuxiang.corners.besides import DriftHop, OwnBook, OwnLoan
from shuxiang.corners.models import Box
from shuxiang.corners.selectors import with_counts
from shuxiang.figures import ground
from shuxiang.figures.registry import REST, Figure, Part, Rows, Scope, Value, register


def _corner_loans(scope: Scope) -> QuerySet[Loan]:
    """Lent from a class corner in the period, not cancelled; narrowed to a class where one is asked for."""
    found = Loan.objects.filter(library=scope.library, kind=Loan.Kind.CORNER, out_on__range=scope.days)
    found = found.exclude(outcome=Loan.Outcome.CANCELLED)
    if scope.school_class_id is not None:
        found = found.filter(school_class_id=scope.school_class_id)
    return found if scope.grade is None else found.filter(grade=scope.grade)


def _by_class(scope: Scope) -> list[Part]:
    counts = dict(_corner_loans(scope).values_list("school_class_id").annotate(n=Count("pk")).order_by())
    classes = ground.classes_in_order(scope)
    names = ground.labels(scope, classes)
    parts = [Part(str(one.pk), names[one.pk], Value.count(int(counts.pop(one.pk, 0)))) for one in classes]
    rest = sum(int(n) for n in counts.values())
    return parts + ([Part(REST, str(_("of no class")), Value.count(rest))] if rest else [])


def _corner_rows(scope: Scope, part: str, first: int, many: int) -> Rows:
    by, _colon, key = part.partition(":")
    found = _corner_loans(scope)
    if by == "class":
        found = (
            found.exclude(school_class_id__in=[one.pk for one in ground.classes_in_order(scope)])
            if key == REST
            else found.filter(school_class_id=int(key))
        )
    page = found.select_related("record", "patron").order_by("out_at", "pk")[first : first + many]
    return Rows(
        (_("Lent on"), _("Class"), _("Reader"), _("Title"), _("Returned on")),
        [
            (one.out_on, one.class_label, one.patron.name if one.patron else "", one.record.title, one.in_on)
            for one in page
        ],
        found.count(),
        personal=(2,),
    )


def _boxes(scope: Scope) -> QuerySet[Box]:
    """Boxes lent in the period; those passed on count again, because another class has them."""
    found = Box.objects.filter(library=scope.library, state=Box.State.OUT, out_on__range=scope.days)
    if scope.school_class_id is not None:
        found = found.filter(patron__school_class_id=scope.school_class_id)
    return found


def _box_rows(scope: Scope, _part: str, first: int, many: int) -> Rows:
    found = with_counts(_boxes(scope)).order_by("out_on", "number")
    return Rows(
        (_("Lent on"), _("Number"), _("Class or group"), _("Volumes"), pgettext_lazy("of a box", "Back")),
        [(one.out_on, one.number, one.label, one.lent, one.back) for one in found[first : first + many]],
        found.count(),
    )


def _box_volumes(scope: Scope) -> Value:
    loans = Loan.objects.filter(box_line__box__in=_boxes(scope)).exclude(outcome=Loan.Outcome.CANCELLED)
    return Value.count(loans.count())


def _in_room(scope: Scope) -> Value:
    named, counted = uses_of_reading(scope.library, *scope.days)
    return Value.count(named.count() + counted.count())


def _in_room_rows(scope: Scope, _part: str, first: int, many: int) -> Rows:
    named, counted = uses_of_reading(scope.library, *scope.days)
    both = [(one.out_at, one.record.title, str(_("with a reader"))) for one in named.select_related("record")]
    both += [
        (one.at, one.item.holding.record.title, str(_("from the table")))
        for one in counted.select_related("item__holding__record")
    ]
    rows = sorted(both, key=lambda row: row[0])
    return Rows((_("When"), _("Title"), _("How")), rows[first : first + many], len(rows))


def _own_books(scope: Scope) -> QuerySet[OwnBook]:
    return OwnBook.objects.filter(library=scope.library, received_on__range=scope.days)


def _own_rows(scope: Scope, _part: str, first: int, many: int) -> Rows:
    found = _own_books(scope).annotate(times=Count("loans")).order_by("number")
    rows = [(one.received_on, one.code, one.title, one.times) for one in found[first : first + many]]
    return Rows(
        (pgettext_lazy("drifting book", "Came on"), _("Number"), _("Title"), _("Times lent")),
        rows,
        found.count(),
    )


def _own_loans(scope: Scope) -> Value:
    found = OwnLoan.objects.filter(book__library=scope.library, out_on__range=scope.days)
    return Value.count(found.count())


def _hops(scope: Scope) -> QuerySet[DriftHop]:
    return DriftHop.objects.filter(book__library=scope.library, on__range=scope.days)


def _hop_rows(scope: Scope, _part: str, first: int, many: int) -> Rows:
    found = _hops(scope).select_related("book").order_by("on", "pk")
    rows = [(one.on, one.book.code, one.book.title, one.class_label) for one in found[first : first + many]]
    return Rows((_("Day"), _("Number"), _("Title"), _("Class")), rows, found.count())


def register_all() -> None:
    _register_lent()
    _register_boxes()
    _register_beside()


def _register_lent() -> None:
    register(
        Figure(
            "corners.loans",
            _("Loans from class corners"),
            pgettext_lazy("unit", "loans"),
            _(
                "Volumes of class corners lent to pupils in the period; they do not count among the loans of the library."
            ),
            lambda scope: Value.count(_corner_loans(scope).count()),
            loan_kinds=(str(Loan.Kind.CORNER),),
            parts={"class": _by_class},
            rows=_corner_rows,
            is_evidence=True,
        )
    )


def _register_boxes() -> None:
    register(
        Figure(
            "corners.boxes",
            _("Class boxes"),
            _("boxes"),
            _("Boxes lent to classes and groups in the period; one passed on to another class counts again."),
            lambda scope: Value.count(_boxes(scope).count()),
            rows=_box_rows,
            is_evidence=True,
        )
    )
    register(
        Figure(
            "corners.box_volumes",
            _("Volumes in class boxes"),
            _("volumes"),
            _(
                "Volumes lent with the boxes of the period; they are collective loans and count among the loans."
            ),
            _box_volumes,
            loan_kinds=(str(Loan.Kind.COLLECTIVE),),
            rows=_box_rows,
        )
    )
    register(
        Figure(
            "corners.in_room",
            _("Volumes read in the room"),
            pgettext_lazy("unit", "times"),
            _("Works lent for reading in the room in the period, and volumes counted from the tables."),
            _in_room,
            loan_kinds=(str(Loan.Kind.IN_ROOM),),
            rows=_in_room_rows,
            is_evidence=True,
        )
    )


def _register_beside() -> None:
    register(
        Figure(
            "corners.own_books",
            _("Pupils' own books in corners"),
            _("volumes"),
            _(
                "Books that pupils lent to their class corners in the period. They are no property of the school."
            ),
            lambda scope: Value.count(_own_books(scope).count()),
            rows=_own_rows,
        )
    )
    register(
        Figure(
            "corners.own_loans",
            _("Loans of pupils' own books"),
            pgettext_lazy("unit", "times"),
            _("How often pupils' own books were lent by the registers of the corners in the period."),
            _own_loans,
        )
    )
    register(
        Figure(
            "corners.drift_hops",
            _("Hops of drifting books"),
            pgettext_lazy("unit", "times"),
            _("How often a drifting book came into another hand in the period."),
            lambda scope: Value.count(_hops(scope).count()),
            rows=_hop_rows,
            is_evidence=True,
        )
    )


register_all()
