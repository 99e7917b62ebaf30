"""What stands on a page twenty times, drawn here: a template takes ten times as long. Pure functions, everything escaped."""

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from shuxiang.opac.narrowing import Option
    from shuxiang.opac.placing import Row


def hit(row: "Row") -> SafeString:
    """One title in a list of results: its cover, what it is, where it stands."""
    by = "".join([f'<p class="by">{_plain(text)}</p>' for text in (row.subtitle, row.authors) if text])
    audience = f' <span class="tag">{_plain(row.audience)}</span>' if row.audience else ""
    place = f"<b>{_plain(row.place)}</b>" if row.place else ""
    number = f'<span class="code note">{_plain(row.call_number)}</span>' if row.call_number else ""
    codes = f'<span class="code note">{_plain(row.barcodes)}</span>' if row.barcodes else ""
    return mark_safe(  # noqa: S308  every value is escaped, or safe already
        f'<li class="hit">{row.cover}\n<div><h2><a href="{_plain(row.url)}">{row.title}</a></h2>{by}'
        f'<p class="note">{_plain(row.imprint)}{audience}</p></div>\n<div class="where">{row.state}{place}{number}'
        f'<span class="note">{_plain(row.copies)}</span>{codes}</div></li>'
    )


def choices(options: "list[Option]") -> SafeString:
    """The choices of a facet, links with their counts."""
    return mark_safe("".join(map(_choice, options)))  # noqa: S308  every value is escaped


def _choice(option: "Option") -> str:
    current = ' aria-current="true"' if option.chosen else ""
    return (
        f'<li><a href="{_plain(option.url)}"{current}><span>{_plain(option.label)}</span>'
        f'<span class="n">{_plain(option.count)}</span></a></li>'
    )


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    """Text as it stands in a page; what a school's books say is often the same."""
    return escape(text)
