"""The figures of lending by name; what each counts is said in its formula (domain notes 6.3)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.circulation.figures import counts, rows
from shuxiang.figures import ground
from shuxiang.figures.registry import Figure, Split, Value, number_of, register

LOANS = tuple(str(kind) for kind in counts.COUNTED)


def _parts(counted: counts.Loans, *names: str) -> dict[str, Split]:
    makers = {
        "class": counts.by_class,
        "grade": counts.by_grade,
        "month": counts.by_month,
        "clc": counts.by_clc,
        "location": counts.by_location,
    }
    return {name: makers[name](counted) for name in names}


def register_all() -> None:
    _register_loans()
    _register_per_head()
    _register_participation()
    _register_absence()
    _register_state()


def _register_loans() -> None:
    register(
        Figure(
            "circulation.loans",
            _("Loans"),
            pgettext_lazy("unit", "loans"),
            _(
                "Volumes lent out of the library in the period, to everybody; each lending counts once, renewals do not."
            ),
            lambda s: Value.count(counts.loans(s).count()),
            loan_kinds=LOANS,
            parts=_parts(counts.loans, "month", "clc", "location"),
            rows=rows.loans(counts.loans),
            is_evidence=True,
        )
    )
    register(
        Figure(
            "circulation.loans_pupils",
            _("Loans by pupils"),
            pgettext_lazy("unit", "loans"),
            _("Loans whose reader was a pupil when lending."),
            lambda s: Value.count(counts.by_pupils(s).count()),
            loan_kinds=LOANS,
            parts=_parts(counts.by_pupils, "class", "grade", "month", "clc", "location"),
            rows=rows.loans(counts.by_pupils),
        )
    )
    register(
        Figure(
            "circulation.loans_teachers",
            _("Loans by teachers"),
            pgettext_lazy("unit", "loans"),
            _("Loans whose reader was a teacher when lending."),
            lambda s: Value.count(counts.by_teachers(s).count()),
            loan_kinds=LOANS,
            parts=_parts(counts.by_teachers, "month", "clc", "location"),
            rows=rows.loans(counts.by_teachers),
        )
    )


def _register_per_head() -> None:
    register(
        Figure(
            "circulation.loans_per_pupil",
            _("Loans per pupil"),
            _("volumes"),
            _("Loans by pupils ÷ pupils enrolled."),
            lambda s: Value.quotient(number_of("circulation.loans_pupils", s), ground.pupils(s)),
            decimals=2,
            loan_kinds=LOANS,
            parts={"class": counts.per_pupil_by_class, "grade": counts.per_pupil_by_grade},
            rows=rows.loans(counts.by_pupils),
        )
    )
    register(
        Figure(
            "circulation.loans_per_teacher",
            _("Loans per teacher"),
            _("volumes"),
            _("Loans by teachers ÷ teachers."),
            lambda s: Value.quotient(
                number_of("circulation.loans_teachers", s), number_of("patrons.teachers", s)
            ),
            decimals=2,
            loan_kinds=LOANS,
            rows=rows.loans(counts.by_teachers),
        )
    )


def _register_participation() -> None:
    register(
        Figure(
            "circulation.participation",
            _("Pupils who borrowed"),
            "%",
            _("Different pupils with at least one loan in the period ÷ pupils enrolled."),
            lambda s: Value.quotient(counts.readers(counts.by_pupils(s)), ground.pupils(s), 100),
            decimals=1,
            loan_kinds=LOANS,
            parts={"class": counts.participation_by_class},
            rows=rows.borrowers,
        )
    )
    register(
        Figure(
            "circulation.participation_week",
            _("Pupils who borrow in a week"),
            "%",
            _(
                "Mean over the teaching weeks so far of different pupils borrowing in the week ÷ pupils enrolled."
            ),
            counts.weekly_participation,
            decimals=1,
            loan_kinds=LOANS,
            rows=rows.weeks,
        )
    )


def _register_absence() -> None:
    register(
        Figure(
            "circulation.never_borrowed",
            _("Pupils who borrowed nothing"),
            _("pupils"),
            _(
                "Pupils on the reader list in the period without a loan in it; not known once loans were made anonymous."
            ),
            counts.never_borrowed_count,
            loan_kinds=LOANS,
            less_is_better=True,
            parts={"class": counts.never_borrowed_by_class},
            rows=rows.never_borrowed,
        )
    )


def _register_state() -> None:
    register(
        Figure(
            "circulation.rate",
            _("Circulation rate (loans ÷ stock)"),
            "%",
            _("Loans in the period ÷ volumes held on its last day."),
            counts.rate,
            decimals=1,
            loan_kinds=LOANS,
            rows=rows.loans(counts.loans),
        )
    )
    register(
        Figure(
            "circulation.rate_volumes",
            _("Share of the stock that was lent"),
            "%",
            _("Different volumes lent in the period ÷ volumes held on its last day."),
            counts.rate_volumes,
            decimals=1,
            loan_kinds=LOANS,
            rows=rows.volumes,
        )
    )
    register(
        Figure(
            "circulation.overdue",
            pgettext_lazy("figure", "Overdue"),
            pgettext_lazy("unit", "loans"),
            _("Loans out and past their due date at the end of the period's last day."),
            lambda s: Value.count(counts.overdue(s).count()),
            less_is_better=True,
            parts={"class": counts.by_class(counts.overdue)},
            rows=rows.loans(counts.overdue),
        )
    )


register_all()
