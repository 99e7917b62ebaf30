"""The rows behind the figures of lending."""

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext_lazy as _

from shuxiang.circulation.figures import counts
from shuxiang.circulation.models import Loan
from shuxiang.figures import ground
from shuxiang.figures.registry import REST, Drill, Rows, Scope
from shuxiang.patrons import figures as patrons


def _narrow(scope: Scope, found: QuerySet[Loan], part: str) -> QuerySet[Loan]:
    by, _colon, key = part.partition(":")
    if by == "class":
        if key != REST:
            return found.filter(school_class_id=int(key))
        return found.exclude(school_class_id__in=[each.pk for each in ground.classes_in_order(scope)])
    if by == "month":
        year, month = key.split("-")
        return found.filter(out_on__year=int(year), out_on__month=int(month))
    if by == "grade":
        return found.filter(grade=None if key == REST else int(key))
    column = {"clc": "clc_main", "location": "location_name"}.get(by)
    return found.filter(**{column: "" if key == REST else key}) if column else found


def loans(counted: counts.Loans) -> Drill:
    """The loans one by one, in the order they went out."""

    def rows(scope: Scope, part: str, first: int, many: int) -> Rows:
        found = _narrow(scope, counted(scope), part)
        page = found.select_related("record", "patron").order_by("out_at", "pk")[first : first + many]
        return Rows(
            (_("Lent on"), _("Class"), _("Reader"), _("Title"), _("Due on"), _("Returned on")),
            [
                (
                    loan.out_on,
                    loan.class_label,
                    loan.patron.name if loan.patron else "",
                    loan.record.title,
                    loan.due_on,
                    loan.in_on,
                )
                for loan in page
            ],
            found.count(),
            personal=(2,),
        )

    return rows


def borrowers(scope: Scope, part: str, first: int, many: int) -> Rows:
    """Different pupils who borrowed, and how much; those made anonymous have no name."""
    found = _narrow(scope, counts.by_pupils(scope), part)
    grouped = (
        found.annotate(reader=counts.READER)
        .values("reader")
        .annotate(n=Count("pk"), name=Max("patron__name"), label=Max("class_label"))
        .order_by("label", "-n", "reader")
    )
    rows = [(row["label"], row["name"] or "", row["n"]) for row in grouped[first : first + many]]
    return Rows((_("Class"), _("Reader"), _("Loans")), rows, counts.readers(found), personal=(1,))


def weeks(scope: Scope, _part: str, first: int, many: int) -> Rows:
    found = counts.borrowers_by_week(scope)
    rows = [(monday, sunday, n) for (monday, sunday), n in found[first : first + many]]
    return Rows((_("From"), _("To"), _("Pupils who borrowed")), rows, len(found))


def never_borrowed(scope: Scope, part: str, first: int, many: int) -> Rows:
    """The pupils themselves; none once loans of the period were made anonymous."""
    found = counts.never_borrowed(scope)
    if counts.never_borrowed_count(scope).number is None:
        found = found.none()
    homes = patrons.class_of(scope, found)
    names = ground.labels(scope, ground.classes_in_order(scope))
    key = part.partition(":")[2]
    if key == REST:
        found = found.exclude(pk__in=[pk for pk, home in homes.items() if home in names])
    elif key:
        found = found.filter(pk__in=[pk for pk, home in homes.items() if str(home) == key])
    rows = [(names.get(homes.get(each.pk, 0), ""), each.name) for each in found[first : first + many]]
    return Rows((_("Class"), _("Reader")), rows, found.count(), personal=(1,))


def volumes(scope: Scope, _part: str, first: int, many: int) -> Rows:
    """Different volumes lent, the most lent first."""
    found = (
        counts.lent_items(scope)
        .values("item")
        .annotate(n=Count("pk"), title=Max("record__title"), call_number=Max("item__holding__call_number"))
        .order_by("-n", "title", "item")
    )
    rows = [(row["title"], row["call_number"], row["n"]) for row in found[first : first + many]]
    return Rows((_("Title"), _("Call number"), _("Loans")), rows, found.count())
