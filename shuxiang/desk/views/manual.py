"""The manual: its contents and its pages. Anybody may read it, before signing in too."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shuxiang.accounts.access import public
from shuxiang.desk.manual import pages


@public
@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """Every page with its sections."""
    return render(request, "desk/manual/contents.html", {"pages": pages().values()} | _frame(request))


@public
@require_safe
def page(request: HttpRequest, number: int) -> HttpResponse:
    """One page, the others beside it. Raises Http404 for a number that no page has."""
    all_pages = pages()
    if number not in all_pages:
        raise Http404(number)
    numbers = list(all_pages)
    place = numbers.index(number)
    context = {
        "pages": all_pages.values(),
        "page": all_pages[number],
        "before": all_pages[numbers[place - 1]] if place else None,
        "after": all_pages[numbers[place + 1]] if place + 1 < len(numbers) else None,
    }
    return render(request, "desk/manual/page.html", context | _frame(request))


def _frame(request: HttpRequest) -> dict[str, str]:
    """Staff keep their way around; whoever is not signed in gets the public frame."""
    return {"base": "ui/staff.html" if request.user.is_authenticated else "ui/public.html"}
