"""A form sent a second time with other contents is said as what it is: the first time counts."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shuxiang.audit.operations import OperationMismatch

STATUS = 409


class SentAlready:
    """Answers a form whose operation id belongs to what was sent before: the way back in the browser leads there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page that says so, or None for every other exception."""
        if not isinstance(exception, OperationMismatch):
            return None
        return render(request, "ui/errors/409.html", status=STATUS)
