"""Tags and filters of the look. `{% load ui %}`; shown with examples in shuxiang/ui/README.md."""

import datetime
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.http import QueryDict
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from shuxiang.ui import charts, drawing, numbers

register = template.Library()

HTML_LANGS = {"zh-hans": "zh-CN", "zh-hant": "zh-TW", "en": "en"}
COVER_SIZES = {"mini": "mini", "small": "w48", "list": "w84", "shelf": "w104", "large": "w232"}


@register.simple_tag
def html_lang() -> str:
    """Value of <html lang>: it picks the glyphs of the page's script."""
    return HTML_LANGS.get(get_language() or "", "zh-CN")


@register.filter
def who(actor: str) -> str:
    """Who did it, of “who via door”: the door is a word of the program's own."""
    return actor.partition(" via ")[0]


@register.simple_tag
def safe_static(path: str) -> str:
    """Like {% static %}, but an error page must not fail because a manifest is missing."""
    try:
        return static(path)
    except ValueError:
        return f"{settings.STATIC_URL}{path}"


@register.simple_tag
def seal(kind: str, size: str = "") -> SafeString:
    """One-character seal: refuse ask noted done match out in renewed new merged 1–6.

    It is hidden from screen readers: say it in words too.
    """
    words = drawing.seal_words()
    char = words[kind][0] if kind in words else drawing.SEALS[kind]
    classes = " ".join(filter(None, ["seal", kind if kind in words else "", size]))
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, char)


@register.simple_tag
def seal_word(kind: str) -> SafeString:
    """The seal's word for screen readers, hidden from sight."""
    return format_html('<span class="vh">{}</span>', drawing.seal_words()[kind][1])


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """Line icon: scan, search, undo, download, print."""
    return format_html(
        '<svg class="i" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        drawing.ICONS[name],
    )


@register.simple_tag
@lru_cache(maxsize=4096)
def cover(title: str, clc: str | None = "", size: str = "") -> SafeString:
    """Cover drawn from title and class; the title stands beside it. Sizes: mini small list shelf large."""
    letter = drawing.clc_letter(clc)
    text, slip_class = drawing.slip(title)
    classes = " ".join(filter(None, ["cover", f"v{drawing.weave(title)}", COVER_SIZES[size] if size else ""]))
    return format_html(
        '<span class="{}"{} aria-hidden="true"><b class="{}">{}</b><i>{}</i></span>',
        classes, _data_clc(letter), slip_class, text, letter,
    )  # fmt: skip


@register.simple_tag
def spine(clc: str, label: str, count: int, smallest: int, *, url: str, unit: str = "") -> SafeString:
    """One class on the shelf, a link; as wide as the square root of what it holds."""
    letter = drawing.clc_letter(clc)
    return format_html(
        '<a class="spine g{}"{} href="{}"><b>{}</b><span>{}</span><small>{}{}</small></a>',
        drawing.growth(count, smallest), _data_clc(letter), url, letter, label, numbers.grouped(count),
        format_html('<span class="vh"> {}</span>', unit) if unit else "",
    )  # fmt: skip


@register.simple_tag
def dot(clc: str) -> SafeString:
    """Small square with the class letter in the class colour."""
    letter = drawing.clc_letter(clc)
    return format_html('<span class="dot"{}>{}</span>', _data_clc(letter), letter or "?")


@register.simple_tag
@lru_cache(maxsize=1024)
def state(kind: str, words: str) -> SafeString:
    """Shape and word: in (on the shelf) out away (elsewhere) late ok (reached) short (not reached)."""
    if kind not in {"in", "out", "away", "late", "ok", "short"}:
        raise template.TemplateSyntaxError(f"unknown state {kind!r}")
    return format_html('<span class="state {}">{}</span>', kind, words)


@register.simple_tag
def bar_chart(rows: list[charts.Bar], title: str, **options: Any) -> SafeString:
    return charts.bar_chart(rows, title=title, **options)


@register.simple_tag
def line_chart(points: list[charts.Point], title: str, **options: Any) -> SafeString:
    return charts.line_chart(points, title=title, **options)


@register.simple_tag
def bullet(value: numbers.Number, target: numbers.Number, top: numbers.Number) -> SafeString:
    """Bar in a table cell; the figures stand in the cells beside it."""
    return charts.bullet(value, target=target, top=top)


@register.simple_tag
def progress(done: int, total: int, label: str) -> SafeString:
    """Progress bar; write the count beside it."""
    return charts.progress(done, total, label=label)


@register.inclusion_tag("ui/parts/pagination.html", takes_context=True)
def pagination(
    context: Mapping[str, Any], page: Page[Any], parameter: str = "page", own: str = ""
) -> dict[str, Any]:
    """Page links that keep the rest of the query string; `own` is the page's address where a form answers elsewhere."""
    request = context.get("request")
    query: QueryDict = request.GET.copy() if request else QueryDict(mutable=True)
    query.pop(parameter, None)
    kept = query.urlencode()
    prefix = f"{own}?{kept}&{parameter}=" if kept else f"{own}?{parameter}="
    return {
        "page": page,
        "prefix": prefix,
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
    }


@register.filter
def yuan(fen: int | None) -> str:
    return numbers.yuan(fen)


@register.filter
def count(value: numbers.Number | None, digits: int = 0) -> str:
    return numbers.grouped(value, digits)


@register.filter
def ledger(value: int | None) -> str:
    """A count in a ledger: zero is written ·"""
    return "·" if value == 0 else numbers.grouped(value)


@register.filter
def pct(ratio: numbers.Number | None, digits: int = 1) -> str:
    return numbers.percent(ratio, digits)


@register.filter
def isodate(day: datetime.date | None) -> str:
    """2026-10-15; of a moment, the day it was here, not in Greenwich."""
    if isinstance(day, datetime.datetime):
        day = timezone.localtime(day)
    return numbers.NOTHING if day is None else day.strftime("%Y-%m-%d")


@register.filter
def localdate(day: datetime.date | None) -> str:
    return numbers.NOTHING if day is None else numbers.short_day(day)


@register.filter
def longdate(day: datetime.date | None) -> str:
    return numbers.NOTHING if day is None else numbers.long_day(day)


def _data_clc(letter: str) -> SafeString:
    return format_html(' data-clc="{}"', letter) if letter else mark_safe("")
