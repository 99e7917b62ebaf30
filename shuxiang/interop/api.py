"""The REST interface /api/v1/ as a whole: its routes, and a sentence for whatever goes wrong."""

import logging

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.renderers import JSONRenderer

from shuxiang.audit.operations import OperationMismatch
from shuxiang.interop import holds, lending, public
from shuxiang.interop.gate import Stopped


class Readable(JSONRenderer):
    """JSON with Chinese as it is written."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    title="Shuxiang",
    version="1",
    urls_namespace="api",
    renderer=Readable(),
    docs_url=None,  # its page wants scripts from elsewhere
    description="Libraries and records are open to everybody; lending wants a key: Authorization: Bearer sx_…",
)
api.add_router("", public.router)
api.add_router("", lending.router)
api.add_router("", holds.router)


def _answer(request: HttpRequest, status: int, code: str, text: str, **more: object) -> HttpResponse:
    return api.create_response(request, {"code": code, "text": text, **more}, status=status)


@api.exception_handler(Stopped)
def stopped(request: HttpRequest, problem: Stopped) -> HttpResponse:
    return _answer(request, problem.status, problem.code, problem.text)


@api.exception_handler(AuthenticationError)
def not_known(request: HttpRequest, problem: AuthenticationError) -> HttpResponse:
    response = _answer(request, 401, "key_missing", _("This needs a valid key: Authorization: Bearer …"))
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(Http404)
def not_found(request: HttpRequest, problem: Http404) -> HttpResponse:
    return _answer(request, 404, "not_found", _("There is nothing at this address."))


@api.exception_handler(ValidationError)
def not_understood(request: HttpRequest, problem: ValidationError) -> HttpResponse:
    fields = [{"where": _place(error["loc"]), "text": str(error["msg"])} for error in problem.errors]
    return _answer(request, 422, "invalid", _("This request cannot be understood."), fields=fields)


def _place(steps: tuple[str | int, ...]) -> str:
    """The field as the sender wrote it: without the words "body" or "query" and the name we gave the whole."""
    own = steps[2:] if steps[0] == "body" else steps[1:]
    return ".".join(str(step) for step in own or steps[:1])


@api.exception_handler(RequestDataTooBig)
def too_large(request: HttpRequest, problem: RequestDataTooBig) -> HttpResponse:
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE >> 20
    text = _("The request holds more than %(limit)s MB. Send less at once.") % {"limit": limit}
    return _answer(request, 413, "too_large", text)


@api.exception_handler(HttpError)
def not_readable(request: HttpRequest, problem: HttpError) -> HttpResponse:
    return _answer(request, problem.status_code, "invalid", _("This request cannot be understood."))


@api.exception_handler(OperationMismatch)
def mixed_up(request: HttpRequest, problem: OperationMismatch) -> HttpResponse:
    code, text = "operation_mismatch", _("This operation id was used for another request already.")
    reason = {"code": code, "weight": "refuse", "text": text}
    return _answer(request, 409, code, text, reasons=[reason])


@api.exception_handler(Exception)
def unforeseen(request: HttpRequest, problem: Exception) -> HttpResponse:
    logging.getLogger(__name__).error("api", exc_info=problem)
    return _answer(
        request, 500, "unforeseen", _("Something unforeseen happened; the details are in the log file.")
    )
