"""What the frame of every staff page shows: the library, who is signed in, the week, and where one may go."""

from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.accounts.access import scope
from shuxiang.common import clock
from shuxiang.desk import lending, stock
from shuxiang.libraries import selectors as libraries

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from shuxiang.accounts.models import Account
    from shuxiang.libraries.models import Library

# route, words, permissions of which one is enough, whether a grant for one class is enough; in the order of a working day
NAVIGATION: tuple[tuple[str, "StrPromise", tuple[str, ...], bool], ...] = (
    ("desk:home", _("Today"), (), True),
    ("desk:desk", _("Desk"), ("desk.lend",), True),
    ("desk:classes", _("Class desk"), ("desk.lend",), True),
    ("desk:lending", _("Reader services"), lending.PERMISSIONS, True),
    ("desk:imports", pgettext_lazy("page", "Import"), ("catalogue.import",), False),
    ("desk:stock", _("Stock room"), stock.PERMISSIONS, False),
    ("desk:figures", _("Figures"), ("figures.view",), True),
    ("desk:summary", _("Term summary"), ("figures.view",), False),
    ("opac:staff_search", _("Catalogue"), (), True),
)


class Frame(TypedDict, total=False):
    library_name: str
    nav_items: list[tuple[str, str, bool]]
    week_number: int | None
    today: object
    account_name: str
    account_url: str
    sign_out_url: str
    staff_home_url: str


def frame(request: HttpRequest) -> Frame:
    """Context processor; pages outside /desk/ get nothing."""
    library = getattr(request, "library", None)
    account = getattr(request, "user", None)
    if account is None or not account.is_authenticated or not request.path.startswith("/desk/"):
        return Frame()
    who = Frame(
        account_name=account.display_name,
        account_url=reverse("accounts:change_password"),
        sign_out_url=reverse("accounts:sign_out"),
    )
    if library is None:
        return who
    today = clock.local_date(clock.now())
    items = [
        (reverse(route), str(words), _is_here(request, route))
        for route, words, permissions, scoped in NAVIGATION
        if not permissions or any(_may(account, one, library, today, scoped) for one in permissions)
    ]
    return Frame(
        library_name=library.name,
        nav_items=items,
        week_number=libraries.week_on(library, today),
        today=today,
        staff_home_url=reverse("desk:home"),
        **who,
    )


def _may(account: "Account", permission: str, library: "Library", today: date, scoped: bool) -> bool:
    reach = scope(account, permission, library, today)
    return bool(reach) if scoped else reach.everywhere


# the pages that lead to others are wherever one of these is
WITHIN: dict[str, tuple[str, ...]] = {
    "desk:stock": (*(part.route for part in stock.PARTS), "desk:missing"),
    "desk:lending": tuple(
        part.route
        for part in lending.PARTS
        if part.route
        not in (
            "desk:classes",
            "desk:returns",
            "desk:certificate",
        )  # two have their own word in the bar, one no bar
    ),
}


def _is_here(request: HttpRequest, route: str) -> bool:
    """The desk's address is the beginning of all the others, so it is here only when nothing follows, or a pile."""
    address = reverse(route)
    if route == "desk:desk":
        return request.path in (address, reverse("desk:returns"))
    return request.path.startswith((address, *[reverse(one) for one in WITHIN.get(route, ())]))
