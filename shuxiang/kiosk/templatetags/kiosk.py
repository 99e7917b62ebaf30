"""Pinyin above the characters: {% ruby %} … {% endruby %} around what is meant for the child."""

import re
from functools import lru_cache

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from shuxiang.common.pinyin import annotated

register = template.Library()

_KEPT = re.compile(r"(<ruby>.*?</ruby>|<title.*?</title>|<[^>]*>|&#?\w+;)", re.S)
_HAN = re.compile(r"[\u3400-\u9fff]")
# 还 is giving back in nearly all that the machine says; before these it is “still”
_STILL = re.compile(r"[還还](?=[有没沒要是不])")


class Ruby(template.Node):
    """The block with a reading above each Chinese character of its text; tags and what has ruby already stay."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        html = self.nodelist.render(context)
        if not context.get("pinyin") or not _is_chinese():
            return html
        pieces = _KEPT.split(html)
        return mark_safe(  # noqa: S308  made of what the template escaped
            "".join(piece if place % 2 else _sentence(piece) for place, piece in enumerate(pieces))
        )


@register.tag("ruby")
def ruby(parser: Parser, _token: Token) -> Ruby:
    nodelist = parser.parse(("endruby",))
    parser.delete_first_token()
    return Ruby(nodelist)


@register.simple_tag(takes_context=True)
def reader_name(context: Context, name: str) -> str | SafeString:
    """A name with its reading, surnames as surnames are read."""
    if not context.get("pinyin") or not _is_chinese():
        return name
    return mark_safe(_set(annotated(name, name=True)) if "·" not in name else _set(annotated(name)))  # noqa: S308  _set escapes


@register.simple_tag(takes_context=True)
def book_title(context: Context, title: str) -> str | SafeString:
    """A title with its reading."""
    if not context.get("pinyin") or not _is_chinese():
        return title
    return mark_safe(_set(annotated(title)))  # noqa: S308  _set escapes


def _is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


@lru_cache(maxsize=2048)
def _sentence(text: str) -> str:
    """Text of the program's own, HTML already, in which 还 is giving back."""
    if not _HAN.search(text):
        return text
    still = {match.start() for match in _STILL.finditer(text)}
    pieces, at = [], 0
    for written, reading in annotated(text):
        read = reading
        if written in "还還" and written:
            read = "hái" if at in still else "huán"
        pieces.append((written, read))
        at += len(written)
    return _set(tuple(pieces), is_html=True)


def _set(pieces: tuple[tuple[str, str], ...], *, is_html: bool = False) -> str:
    """Ruby; a screen reader hears the characters only."""
    return "".join(
        f'<ruby>{written}<rt aria-hidden="true">{reading}</rt></ruby>'
        if reading
        else written
        if is_html
        else escape(written)
        for written, reading in pieces
    )
