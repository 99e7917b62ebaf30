"""What is drawn from data alone: covers, spines, seals. Pure functions."""

import math
import re
import zlib
from functools import cache
from typing import Final

from django.utils.safestring import mark_safe
from django.utils.translation import get_language, pgettext

CLC_LETTERS: Final = "ABCDEFGHIJKNOPQRSTUVXZ"
WEAVES: Final = 4
SLIP_LIMIT: Final = 17
GROWTH_STEPS: Final = 24

# The character is the motif and stays Chinese in an English page; a catalogue may put another one for it.
SEALS: Final = {
    "refuse": "止",
    "ask": "问",
    "noted": "记",
    "done": "成",
    "match": "符",
    "out": "借",
    "in": "还",
    "renewed": "续",
    "new": "新",
    "merged": "并",
    "1": "一",
    "2": "二",
    "3": "三",
    "4": "四",
    "5": "五",
    "6": "六",
}

ICONS: Final = {
    "scan": mark_safe(
        '<path d="M3 8V4h4M17 4h4v4M21 16v4h-4M7 20H3v-4"/><path d="M7 8v8M10 8v8M13.5 8v8M17 8v8"/>'
    ),
    "search": mark_safe('<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>'),
    "undo": mark_safe('<path d="M8 5 4 9l4 4"/><path d="M4 9h9a6 6 0 0 1 0 12H9"/>'),
    "download": mark_safe('<path d="M12 3v12m-5-5 5 5 5-5M4 21h16"/>'),
    "print": mark_safe('<path d="M7 9V3h10v6M7 17H4V9h16v8h-3"/><path d="M7 14h10v7H7z"/>'),
}


def seal_words() -> dict[str, tuple[str, str]]:
    """Kind → (character, word for a screen reader), in the language of the moment."""
    return _seal_words(get_language())


@cache
def _seal_words(_language: str | None) -> dict[str, tuple[str, str]]:
    """A page shows a dozen seals; their words are looked up once a language."""
    words = {
        "refuse": (pgettext("seal", "REFUSE"), pgettext("said of a seal", "Not possible:")),
        "ask": (pgettext("seal", "ASK"), pgettext("said of a seal", "To be asked:")),
        "noted": (pgettext("seal", "NOTE"), pgettext("said of a seal", "Note:")),
        "done": (pgettext("seal", "DONE"), pgettext("said of a seal", "Done:")),
        "match": (pgettext("seal", "MATCH"), pgettext("said of a seal", "Accounts agree:")),
        "out": (pgettext("seal", "OUT"), pgettext("said of a seal", "Lent:")),
        "in": (pgettext("seal", "IN"), pgettext("said of a seal", "Returned:")),
        "renewed": (pgettext("seal", "RENEWED"), pgettext("said of a seal", "Renewed:")),
        "new": (pgettext("seal", "NEW"), pgettext("said of a seal", "New:")),
        "merged": (pgettext("seal", "MERGED"), pgettext("said of a seal", "Merged:")),
    }
    return {kind: (char if len(char) == 1 else SEALS[kind], word) for kind, (char, word) in words.items()}


def clc_letter(clc: str | None) -> str:
    """Main class of a class number ("I242.4" → "I"); empty when it is none of the 22."""
    letter = (clc or "").strip()[:1].upper()
    return letter if letter and letter in CLC_LETTERS else ""


def weave(title: str) -> int:
    """0–3 from the title, the same for ever, so that neighbours on a shelf differ."""
    return zlib.crc32(title.encode()) % WEAVES


def slip(title: str) -> tuple[str, str]:
    """Text and size class of a title slip: n1 (≤ 4 characters), n2 (≤ 6), n3 (≤ 9), n4 (longer, cut at 17).

    Latin titles run sideways down the slip and count half.
    """
    text = re.sub(r"\s+", " ", title).strip()
    short = re.split(r"\s*[:：=/]\s*", text, maxsplit=1)[0]
    text = short or text
    latin = text.isascii()
    limit = SLIP_LIMIT * 2 if latin else SLIP_LIMIT
    if len(text) > limit:
        text = text[: limit - 1].rstrip() + "…"
    length = math.ceil(len(text) / 2) if latin else len(text)
    size = "n1" if length <= 4 else "n2" if length <= 6 else "n3" if length <= 9 else "n4"
    return text, f"{size} side" if latin else size


def growth(count: int, smallest: int) -> int:
    """Width step 2–24 of a spine: the square root of its holdings against the smallest, in half units."""
    ratio = math.sqrt(max(count, 1) / max(smallest, 1))
    return max(2, min(GROWTH_STEPS, round(ratio * 2)))


MARKS: Final = 12  # shapes in marks.svg
_MARK_COLOURS: Final = (
    "IGNRKQBFOT"  # class colours that lie far apart; the shape tells them apart without colour
)


def mark(drawn: int) -> tuple[int, str]:
    """Shape and colour of a reader's sign; counted from 0, by the number in the class, so that it stays all year."""
    return drawn % MARKS + 1, _MARK_COLOURS[(drawn // MARKS * 3 + drawn) % len(_MARK_COLOURS)]
