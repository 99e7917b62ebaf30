"""Signing in and out, the first password, one's own password, and the choice of library."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuxiang.accounts import services
from shuxiang.accounts.access import StaffRequest, actor_of, libraries_of, public, signed_in
from shuxiang.accounts.forms import ChangePasswordForm, SignInForm, WelcomeForm
from shuxiang.accounts.messages import sentences
from shuxiang.accounts.middleware import SESSION_KEY
from shuxiang.accounts.models import Account
from shuxiang.common import clock
from shuxiang.common.decisions import Refused

HOME = "/desk/home/"  # every role may open it
BACKEND = "django.contrib.auth.backends.ModelBackend"


def _next(request: HttpRequest) -> str:
    """Where to go afterwards: an address of this server only."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    secure = request.is_secure()
    fits = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=secure)
    return wanted if fits else HOME


def _enter(request: HttpRequest, account: Account, address: str = HOME) -> HttpResponse:
    """Sign in under a new session key, in the account's language; the library chosen before was somebody else's."""
    request.session.pop(SESSION_KEY, None)
    login(request, account, backend=BACKEND)
    response = redirect(address)
    if account.language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            account.language,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return response


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password. Too many wrong tries are answered by django-axes with `accounts/locked.html`."""
    if request.method == "GET" and request.user.is_authenticated:
        return redirect(_next(request))
    form = SignInForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid() and form.account is not None:
        return _enter(request, form.account, _next(request))
    status = 422 if form.errors else 200
    return render(request, "accounts/sign_in.html", {"form": form, "next": _next(request)}, status=status)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("accounts:sign_in")


@public
@never_cache
@sensitive_post_parameters("password", "again", "code")
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """The first page of a new installation: the one-time code printed by setup, and the password its owner chooses."""
    if request.method == "GET":
        form = WelcomeForm(initial={"code": request.GET.get("code", "")})
        return render(request, "accounts/welcome.html", {"form": form})
    form = WelcomeForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            account = services.redeem_sign_in_code(
                code=values["code"], password=values["password"], at=clock.now()
            )
        except Refused as refused:
            field = "password" if "password_weak" in refused.codes else "code"
            form.add_error(field, sentences(refused))
        else:
            return _enter(request, account)
    return render(request, "accounts/welcome.html", {"form": form}, status=422)


@public
@never_cache
@require_GET
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """A link of the demonstration: signs in as the role it was printed for. Only codes marked reusable open here, and only
    a demonstration has such. Raises Http404 for any other."""
    try:
        account = services.redeem_sign_in_code(code=token, at=clock.now())
    except Refused as refused:
        raise Http404 from refused
    return _enter(request, account)


@signed_in
@never_cache
@sensitive_post_parameters("present", "password", "again")
@require_http_methods(["GET", "POST"])
def change_password(request: StaffRequest) -> HttpResponse:
    """One's own password; other sessions of the account end."""
    account = request.user
    form = ChangePasswordForm(account, request.POST if request.method == "POST" else None)
    if form.is_valid():
        password = form.cleaned_data["password"]
        try:
            services.change_password(account=account, password=password, by=actor_of(request), at=clock.now())
        except Refused as refused:
            form.add_error("password", sentences(refused))
        else:
            update_session_auth_hash(request, account)
            messages.success(request, _("Your password is changed."))
            return redirect(HOME)
    status = 422 if form.errors else 200
    return render(request, "accounts/change_password.html", {"form": form}, status=status)


@signed_in
@require_http_methods(["GET", "POST"])
def choose_library(request: StaffRequest) -> HttpResponse:
    """Which library one works in, where an account has several."""
    libraries = libraries_of(request.user)
    if request.method == "POST":
        chosen = request.POST.get("library", "")
        if chosen not in {library.code for library in libraries}:
            raise Http404
        request.session[SESSION_KEY] = chosen
        return redirect(_next(request))
    return render(request, "accounts/choose_library.html", {"libraries": libraries, "next": _next(request)})
