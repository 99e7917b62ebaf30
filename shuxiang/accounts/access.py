"""Who may do what: the question every door asks, and the two decorators one of which every view wears."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from shuxiang.accounts.models import Account, Grant
from shuxiang.accounts.permissions import PERMISSIONS
from shuxiang.accounts.rules import GrantFacts, Scope, scope_of
from shuxiang.audit.prepared import Question
from shuxiang.common import clock
from shuxiang.common.actors import Actor
from shuxiang.libraries.models import Library, Room, SchoolClass
from shuxiang.libraries.selectors import find_library

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)


class StaffRequest(HttpRequest):
    """What a view behind @needs gets: somebody signed in, in a library, with the reach of the permission asked for."""

    user: Account
    library: Library
    scope: Scope


def grants_of(account: Account) -> list[GrantFacts]:
    """Every grant of an account, past ones too; none for an account that is not active."""
    if account.grants_asked is not None:
        return account.grants_asked
    if not account.is_active:
        return []
    return [
        GrantFacts(frozenset(permissions), library_id, from_on, to_on, class_id, room_id)
        for permissions, library_id, from_on, to_on, class_id, room_id in _GRANTS.all(account=account.pk)
    ]


_GRANTS = Question(
    lambda account: Grant.objects.filter(account=account).values_list(
        "role__permissions", "library_id", "from_on", "to_on", "school_class_id", "room_id"
    )
)


def ask_grants_once(account: Account) -> None:
    """From now on this very object, which lives as long as one request, answers with the grants of this moment."""
    account.grants_asked = grants_of(account)


def scope(account: Account, permission: str, library: Library | None, on: date) -> Scope:
    """How far a permission reaches for an account in a library on a day; no library asks about the whole installation.

    Raises KeyError for a permission that does not exist.
    """
    PERMISSIONS[permission]
    return scope_of(grants_of(account), permission, library.pk if library else None, on)


def may(
    account: Account,
    permission: str,
    library: Library | None,
    on: date,
    school_class: SchoolClass | None = None,
    *,
    room: Room | None = None,
) -> bool:
    """Whether an account may do something in the whole library, or, when a class or room is named, there.

    A grant for one class says no to the question without a class: ask scope() where rows are to be narrowed.
    """
    reach = scope(account, permission, library, on)
    if school_class is not None and reach.has_class(school_class.pk):
        return True
    return reach.has_room(room.pk) if room is not None else reach.everywhere


def libraries_of(account: Account, on: date | None = None) -> list[Library]:
    """Libraries in which an account holds any grant on a day (today when not given), by name."""
    on = on or clock.local_date(clock.now())
    holding = [grant for grant in grants_of(account) if grant.holds(on)]
    libraries = Library.objects.select_related("standard").order_by("name", "code")
    if any(grant.library_id is None for grant in holding):
        return list(libraries)
    return list(libraries.filter(pk__in={grant.library_id for grant in holding}))


def granted_library(account: Account, code: str, on: date) -> Library | None:
    """The library of a code if the account holds any grant in it on a day."""
    grants = [grant for grant in grants_of(account) if grant.holds(on)]
    library = find_library(code) if grants else None
    return library if library and any(grant.reaches(library.pk) for grant in grants) else None


def may_enter(account: Account, on: date) -> bool:
    """Whether an account may sign in to the staff pages at all: active, with a grant that holds."""
    return any(grant.holds(on) for grant in grants_of(account))


def actor_of(request: HttpRequest, door: str = "desk") -> Actor:
    """Who acts, for services. Raises PermissionDenied when nobody is signed in."""
    account = request.user
    if not isinstance(account, Account):
        raise PermissionDenied
    return Actor(name=account.username, door=door, account_id=account.pk)


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that anybody may open; the route matrix test wants this or @needs on every view."""
    cast(Any, view).is_public = True
    return view


def needs(
    permission: str, *others: str, scoped: bool = False
) -> Callable[
    [Callable[Concatenate[Any, P], HttpResponseBase]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]
]:
    """Open a view only to who holds `permission`, or one of `others`, in the current library.

    With `scoped` a grant for one class or room is enough; the view then narrows its rows by `request.scope`. Not signed in
    leads to the sign-in page, several libraries and none chosen to the choice. Raises KeyError for an unknown permission.
    """
    for code in (permission, *others):
        PERMISSIONS[code]

    def wrap(
        view: Callable[Concatenate[Any, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            account = request.user
            if not isinstance(account, Account):
                return _go(request, reverse("accounts:sign_in"))
            library: Library | None = getattr(request, "library", None)
            today = clock.local_date(clock.now())
            if library is None and libraries_of(account, today):
                return _go(request, reverse("accounts:choose_library"))
            reaches = (scope(account, code, library, today) for code in (permission, *others))
            reach = next((one for one in reaches if (one if scoped else one.everywhere)), None)
            if library is None or reach is None:
                raise PermissionDenied
            cast(StaffRequest, request).scope = reach
            return view(request, *args, **kwargs)

        marked = cast(Any, guarded)
        marked.permission, marked.is_scoped = permission, scoped
        return guarded

    return wrap


def signed_in(
    view: Callable[Concatenate[Any, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Open a view to everybody who is signed in, whatever the grants: one's own password, the choice of library."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not isinstance(request.user, Account):
            return _go(request, reverse("accounts:sign_in"))
        return view(request, *args, **kwargs)

    cast(Any, guarded).is_signed_in = True
    return guarded


def _go(request: HttpRequest, address: str) -> HttpResponseBase:
    """To a page that comes first, and back here afterwards; htmx follows a header, because it would swap a redirect in."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    if request.method == "GET":
        address = f"{address}?{urlencode({'next': request.get_full_path()})}"
    return redirect(address)
