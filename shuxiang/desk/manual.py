"""The manual inside the program: its pages as the build left them, and which of them explains a page of the program."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

FOLDER = Path(__file__).parent / "manual_pages"
LANGUAGES = ("zh-hans", "zh-hant", "en")


@dataclass(frozen=True)
class Section:
    anchor: str
    title: str


@dataclass(frozen=True)
class ManualPage:
    """One page; `places` are the routes it explains and the section that does."""

    number: int
    title: str
    html: SafeString
    sections: tuple[Section, ...]
    places: dict[str, str]


@cache
def _pages(language: str) -> dict[int, ManualPage]:
    content = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return {
        page["number"]: ManualPage(
            page["number"],
            page["title"],
            mark_safe(page["html"]),  # noqa: S308  our own manual, made by the build without foreign HTML
            tuple(Section(*section) for section in page["sections"]),
            page["places"],
        )
        for page in content
    }


def pages() -> dict[int, ManualPage]:
    """The manual in the language of this request, by number, in order."""
    language = get_language()
    return _pages(language if language in LANGUAGES else LANGUAGES[0])


@cache
def place_of(route: str) -> tuple[int, str] | None:
    """The number of the page and the anchor of the section that explain a route; anchors are the same in all languages."""
    for page in _pages(LANGUAGES[0]).values():
        if route in page.places:
            return page.number, page.places[route]
    return None


def help_link(request: HttpRequest) -> dict[str, str]:
    """Context processor: where the manual explains this page; its contents where it has no section of its own."""
    match = request.resolver_match
    place = place_of(match.view_name) if match else None
    if place is None:
        return {"help_url": reverse("desk:manual")}
    number, anchor = place
    return {"help_url": reverse("desk:manual_page", args=[number]) + (f"#{anchor}" if anchor else "")}
