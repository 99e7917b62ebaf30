"""A full disk is said as what it is: nothing was done, nothing is lost, and what to do."""

import errno
from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

STATUS = 507  # Insufficient Storage, RFC 4918, section 11.5
POSTGRES_DISK_FULL = "53100"


class FullDisk:
    """Answers an act that the disk had no room for; its transaction is rolled back by then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page that says so, or None for every other exception."""
        return render(request, "ui/errors/507.html", status=STATUS) if is_full(exception) else None


def is_full(problem: BaseException) -> bool:
    """Whether an exception, or one that caused it, says that the disk has no room."""
    return any(
        (isinstance(each, OSError) and each.errno == errno.ENOSPC)
        or "database or disk is full" in str(each)
        or getattr(each, "sqlstate", None) == POSTGRES_DISK_FULL
        for each in _causes(problem)
    )


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    while problem is not None:
        yield problem
        problem = problem.__cause__ or problem.__context__
