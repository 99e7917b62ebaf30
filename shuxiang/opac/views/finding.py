"""A page of results, and what is suggested while one types."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from shuxiang.accounts.access import public, signed_in
from shuxiang.common.text.query import MAX_QUERY_LENGTH
from shuxiang.holdings.search import CAP, NO_FILTERS, SORTS, Filters, SearchPage, Suggestion, did_you_mean
from shuxiang.holdings.search import search as find
from shuxiang.holdings.search import suggest as suggestions
from shuxiang.opac import marks, narrowing, placing
from shuxiang.opac.face import Face, public_face, staff_face
from shuxiang.opac.views.lost import library_of, library_of_staff
from shuxiang.ui.numbers import grouped

PAGE_SIZE = 20
SUGGESTED = 8
MEANT = 3
MOST_WORDS = 4  # of a question without an answer, offered one by one


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked for, whatever was sent."""

    query: str
    sort: str
    page: int
    filters: Filters
    was_cut: bool


@public
@require_safe
def search(request: HttpRequest, code: str) -> HttpResponse:
    """A page of results; without a question all titles, the newest first."""
    return _page(request, public_face(library_of(request, code)))


@signed_in
@require_safe
def staff_search(request: HttpRequest) -> HttpResponse:
    """The same in the frame of the staff, with barcodes."""
    library = library_of_staff(request)
    return _page(request, staff_face(library)) if library else redirect("accounts:choose_library")


@public
@require_safe
def suggest(request: HttpRequest, code: str) -> HttpResponse:
    """Titles, people and subjects that begin with what is being typed, as JSON."""
    face = public_face(library_of(request, code))
    text = _plain(request.GET.get("q", ""))[:MAX_QUERY_LENGTH]
    found = suggestions(text, face.library, SUGGESTED) if text else ()
    kinds = {"title": "", "author": _("author"), "subject": _("subject")}
    shown = [{"text": one.text, "note": kinds[one.kind], "url": _leads(face, one)} for one in found]
    return JsonResponse({"suggestions": shown})


def _leads(face: Face, one: Suggestion) -> str:
    """A title leads to its page, a person or a subject to a search in that field."""
    if one.record_id is not None:
        return face.record(one.record_id)
    field = {"author": "作者", "subject": "主题"}.get(one.kind)
    return face.find_in(field, one.text) if field else face.find(one.text)


def _plain(text: str) -> str:
    return text.replace("\x00", " ").strip()


def question(sent: QueryDict) -> Question:
    """What an address asks for; what it cannot mean is left out."""
    query = _plain(sent.get("q", ""))
    sort = sent.get("sort", "")
    page = sent.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 10 else 1
    return Question(
        query=query[:MAX_QUERY_LENGTH],
        sort=sort if sort in SORTS else SORTS[0],
        page=min(max(number, 1), 1_000_000),
        filters=narrowing.filters(sent),
        was_cut=len(query) > MAX_QUERY_LENGTH,
    )


def _page(request: HttpRequest, face: Face) -> HttpResponse:
    asked = question(request.GET)
    found = _ask(face, asked, asked.page)
    beyond = bool(found.count and not found.ids)
    if beyond:
        found = _ask(face, asked, found.pages)
    words = marks.asked(asked.query)
    narrowed = narrowing.Narrowing(face, asked.query, asked.sort, asked.filters)
    context = face.context(_place(face, asked)) | {
        "query": asked.query,
        "heading": _heading(asked, found),
        "found": found,
        "results": placing.rows(face, found.ids, asked=words),
        "page": _paginated(found),
        "groups": narrowed.groups(found.facets, found.count) if found.count else [],
        "sorts": narrowed.sorts,
        "chips": narrowed.chips(found.facets),
        "clear_url": narrowed.clear,
        "notes": _notes(asked, beyond),
        "meant": _meant(face, asked, found),
        "ways": [] if found.count else _ways_on(face, asked, narrowed),
        "is_empty_library": not (found.count or asked.query or asked.filters != NO_FILTERS),
    }
    return render(request, "opac/results.html", context)


def _place(face: Face, asked: Question) -> str:
    """The place of the page among those that the frame leads to: a plain list of all titles is one."""
    return "-" if asked.query or asked.filters != NO_FILTERS else face.find(sort=asked.sort)


def _ask(face: Face, asked: Question, page: int) -> SearchPage:
    return find(
        asked.query,
        library=face.library,
        page=page,
        page_size=PAGE_SIZE,
        sort=asked.sort,
        filters=asked.filters,
    )


def _paginated(found: SearchPage) -> Page[int]:
    """The page as the page links of the look want it."""
    return Paginator(range(min(found.count, CAP)), found.page_size).get_page(found.page)


def _heading(asked: Question, found: SearchPage) -> str:
    count = {"n": grouped(found.count), "query": asked.query}
    if not asked.query:
        if found.is_capped:
            return _("More than %(n)s titles") % count
        return ngettext("%(n)s title", "%(n)s titles", found.count) % count
    if not found.count:
        return _("“%(query)s”: nothing found") % count
    if found.is_capped:
        return _("“%(query)s”: about %(n)s titles and more") % count
    return ngettext("“%(query)s”: %(n)s title", "“%(query)s”: %(n)s titles", found.count) % count


def _notes(asked: Question, beyond: bool) -> list[str]:
    """What was understood differently from what was sent."""
    notes = []
    if asked.was_cut:
        notes.append(_("Only the first %(n)s signs of the question were used.") % {"n": MAX_QUERY_LENGTH})
    if beyond:
        notes.append(_("There is no page %(n)s; this is the last one.") % {"n": grouped(asked.page)})
    return notes


def _meant(face: Face, asked: Question, found: SearchPage) -> list[tuple[str, str]]:
    """What was probably meant, when nothing is found by the words themselves."""
    if not asked.query or found.count or asked.filters.chosen:
        return []
    meant = did_you_mean(asked.query, face.library, MEANT)
    return [(one.text, face.find(one.text)) for one in meant if one.text != asked.query]


def _ways_on(face: Face, asked: Question, narrowed: narrowing.Narrowing) -> list[tuple[str, str]]:
    """From a page without results to one with some: without the narrowing, each word alone, all titles."""
    ways = []
    if asked.filters != NO_FILTERS:
        ways.append((_("Search without narrowing"), narrowed.clear))
    words = asked.query.split()
    if len(words) > 1:
        ways += [
            (_("Only “%(word)s”") % {"word": word}, face.find(word))
            for word in list(dict.fromkeys(words))[:MOST_WORDS]
        ]
    ways.append((_("See all titles"), face.find()))
    return ways
