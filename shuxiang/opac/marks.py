"""Where the words that were asked for stand in a title. Pure functions; the marks are escaped text."""

import re
from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString, mark_safe

from shuxiang.common.text import fold

_WORD = re.compile(
    r"(?P<minus>(?<!\S)[-－−])?(?:(?P<field>\w{1,12})\s?[:：])?"
    r"(?P<text>[\"“「『＂][^\"”」』＂]*[\"”」』＂]?|\S+)"
)
_QUOTES = '"“”「」『』＂'
_TITLE = frozenset(fold(name) for name in ("title", "题名", "书名", "标题"))
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")


def asked(query: str) -> tuple[str, ...]:
    """The words of a search line that a title may hold, folded, the longest first."""
    words = set()
    for match in _WORD.finditer(query):
        field = match["field"]
        if match["minus"] or match["text"] in ("OR", "|", "｜") or (field and fold(field) not in _TITLE):
            continue
        words.add(fold(match["text"].strip(_QUOTES).rstrip("*＊")).strip())
    return tuple(sorted((word for word in words if word), key=lambda word: (-len(word), word)))


def marked(title: str, words: Iterable[str], initials: str = "") -> SafeString:
    """The title with what was asked for in <mark>; letters mark the characters that they are the initials of."""
    spans = _spans(title, words, initials)
    if not spans:
        return mark_safe(escape(title))  # noqa: S308
    parts, reached = [], 0
    for start, end in spans:
        parts.append(f"{escape(title[reached:start])}<mark>{escape(title[start:end])}</mark>")
        reached = end
    return mark_safe("".join(parts) + escape(title[reached:]))  # noqa: S308  every piece of the title is escaped


def _spans(title: str, words: Iterable[str], initials: str) -> list[tuple[int, int]]:
    """Stretches of the title in order, those that touch joined; none where folding changes the length."""
    plain = fold(title)
    if len(plain) != len(title):
        return []
    letters = [at for at, sign in enumerate(title) if _HAN.match(sign)]
    found: list[tuple[int, int]] = []
    for word in words:
        starts = [match.start() for match in re.finditer(re.escape(word), plain)]
        found += [(start, start + len(word)) for start in starts]
        at = initials.find(word) if not starts and len(letters) == len(initials) and word.isalpha() else -1
        if at >= 0:
            found.append((letters[at], letters[at + len(word) - 1] + 1))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
