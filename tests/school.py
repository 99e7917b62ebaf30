"""The cast of the tests that belong to no single room: two small schools, and one account for every role.

Built through services, so that no test stands on a state that no act can reach. Every name in school B starts with
the same invented word: where it shows up on a page of school A, something leaked.
"""

from dataclasses import dataclass
from datetime import date

from shuxiang.accounts import shipped
from shuxiang.accounts.models import Account, Role
from shuxiang.accounts.services import create_account, grant
from shuxiang.common import clock
from shuxiang.common.actors import Actor
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.libraries.services import create_library, find_or_open
from shuxiang.patrons.models import Patron
from shuxiang.patrons.services import add_patron, default_categories

CANARY = "鹭鸶"
SCHOOL_YEAR = "2026-2027"
BY = Actor("tests", "system")


@dataclass(frozen=True)
class School:
    """One of the two."""

    library: Library
    school_class: SchoolClass
    patron: Patron


@dataclass(frozen=True)
class Cast:
    """Both schools, and school A's accounts by role code."""

    a: School
    b: School
    accounts: dict[str, Account]


def found(code: str, word: str) -> School:
    """A primary school with one class and one pupil; every name begins with `word`."""
    at = clock.now()
    library = create_library(code=code, name=f"{word}小学", kind="primary", by=BY, at=at)
    school_class = find_or_open(library=library, label="三（1）班", school_year=SCHOOL_YEAR, by=BY, at=at)
    patron = add_patron(
        library=library,
        name=f"{word}小朋友",
        category=default_categories(library)["pupil"],
        card_number=f"{code}0001".upper(),
        on=date(2026, 9, 1),
        by=BY,
        at=at,
        school_class=school_class,
    )
    return School(library, school_class, patron)


def cast() -> Cast:
    """Both schools and everybody in them."""
    shipped.install(Role)
    a, b = found("a", "榆树"), found("b", CANARY)
    accounts = {}
    for role in shipped.ROLES:
        account = create_account(username=role.replace("_", "-"), display_name=role, by=BY, at=clock.now())
        only_class = a.school_class if role == "class_teacher" else None
        grant(
            account=account,
            role=role,
            library=a.library,
            school_class=only_class,
            from_on=date(2026, 1, 1),
            by=BY,
            at=clock.now(),
        )
        accounts[role] = account
    return Cast(a, b, accounts)
