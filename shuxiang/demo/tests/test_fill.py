"""The demonstration tells the seeds' numbers, on both engines, and agrees with itself."""

from datetime import UTC, date, datetime

import pytest

from shuxiang.accounts.models import Role
from shuxiang.accounts.shipped import install as install_roles
from shuxiang.audit.reconcile import run
from shuxiang.circulation.models import Loan
from shuxiang.common.schoolyear import Period
from shuxiang.demo import plan
from shuxiang.demo.fill import MAIN, SMALL, NotEmpty, fill
from shuxiang.figures.registry import Scope, get
from shuxiang.figures.selectors import targets
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import Standard
from shuxiang.libraries.standards import install as install_standards

AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def number(library: str, figure: str, period: Period) -> str:
    found = libraries.find_library(library)
    assert found is not None
    definition = get(figure)
    return str(definition.value(Scope(found, period, as_of=AT.date())).rounded(definition.decimals))


def test_the_plan_adds_up() -> None:
    assert (plan.PUPILS, plan.SPRING_PUPIL_LOANS) == (346, 3208)
    assert sum(delivery.volumes for delivery in plan.DELIVERIES if delivery.on <= date(2026, 8, 31)) == 16_012


@pytest.mark.django_db
def test_the_demonstration_tells_the_numbers_of_the_seeds() -> None:
    install_roles(Role)
    install_standards(Standard)
    links = fill(AT, lambda _line: None)
    spring = Period("2026-spring", date(2026, 2, 1), date(2026, 8, 31))
    assert number(MAIN, "circulation.loans_pupils", spring) == "3208"
    assert number(MAIN, "circulation.loans_per_pupil", spring) == "9.27"
    assert number(MAIN, "circulation.loans_teachers", spring) == "136"
    assert number(MAIN, "circulation.loans_per_teacher", spring) == "7.56"
    assert number(MAIN, "holdings.volumes", spring) == "16012"
    assert number(MAIN, "circulation.never_borrowed", spring) == "15"
    assert number(SMALL, "circulation.loans_pupils", spring) == "259"
    autumn = Period("2026-autumn", date(2026, 9, 1), date(2027, 1, 31))
    corners = ("corners.boxes", "corners.loans", "corners.own_books", "corners.drift_hops", "corners.in_room")
    assert [number(MAIN, code, autumn) for code in corners] == ["2", "8", "6", "6", "5"]
    assert {link.role for link in links} == {
        "owner",
        "librarian",
        "class_teacher",
        "pupil_librarian",
        "head",
        "inspector",
    }
    main = libraries.find_library(MAIN)
    assert main is not None
    assert (
        targets(main, "2026-spring")["circulation.loans_per_pupil"] == 9
    )  # reached, and the teachers' 8 is not
    open_now = Loan.objects.filter(library__code=MAIN, in_at=None)
    assert open_now.exists()
    assert open_now.filter(due_on__lt=AT.date()).exists()
    outcome = run()
    assert outcome.is_clean
    assert not outcome.exceptions
    with pytest.raises(NotEmpty):
        fill(AT, lambda _line: None)
