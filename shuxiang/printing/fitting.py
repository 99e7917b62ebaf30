"""Text made to fit: broken into lines where Chinese and call numbers may be broken, set smaller when it must be, cut last.

Lengths in millimetres, sizes in points. Knows no Django.
"""

from dataclasses import dataclass
from functools import lru_cache

from shuxiang.printing.font import ASCENT, Family, face
from shuxiang.printing.pdf import POINTS

LEADING = 1.25  # from foot to foot of two lines, in sizes
STEP = 0.5  # by which type is set smaller
CUT = "…"
_NOT_FIRST = set("，。、；：？！）》」』】〕〉”’·…—～%),.;:?!]}>")
_NOT_LAST = set("（《「『【〔〈“‘([{<")
_BREAK_AFTER = set('/-.:=+;,_)]}>"')


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines of one size. `is_whole` is False when the end had to be cut."""

    lines: tuple[str, ...]
    size: float
    is_whole: bool = True

    @property
    def height(self) -> float:
        """From the head of the first line to the foot of the last, with what hangs below it."""
        return line_height(self.size) * (len(self.lines) - 1) + self.size / POINTS


def line_height(size: float) -> float:
    """From the foot of a line to the foot of the next, in mm."""
    return size * LEADING / POINTS


def foot_of(size: float) -> float:
    """How far below the head of a line its foot stands, in mm."""
    return size * ASCENT / 1000 / POINTS


@lru_cache(maxsize=2048)  # the school's name stands on every label
def fit(
    text: str,
    *,
    width: float,
    height: float,
    size: float,
    least: float = 5.0,
    family: Family = "sans",
    lines: int = 9,
) -> Fitted:
    """The text in the largest type, from `size` down to `least`, in which it fits a box; cut with … in the least.

    Line ends in the text are kept; no more than `lines` lines are made.
    """
    now = size
    while True:
        room = max(1, min(lines, int((height - now / POINTS) / line_height(now) + 1e-6) + 1))
        broken = wrap(text, width=width, size=now, family=family)
        fits = len(broken) <= room and all(_long(line, now, family) <= width + 1e-6 for line in broken)
        if fits and (len(broken) - 1) * line_height(now) + now / POINTS <= height + 1e-6:
            return Fitted(tuple(broken), now)
        if now <= least:
            return _cut(broken[:room], len(broken) > room, now, width, family)
        now = max(least, now - STEP)


def wrap(text: str, *, width: float, size: float, family: Family = "sans") -> list[str]:
    """The text in lines no longer than a width; a sign that alone is wider has a line of its own."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, taken = "", 0.0
        for piece in _pieces(paragraph):
            length = _long(piece, size, family)
            if line and taken + _long(piece.rstrip(), size, family) > width + 1e-6:
                lines.append(line.rstrip())
                line, taken = "", 0.0
                piece = piece.lstrip()
                length = _long(piece, size, family)
            while length > width + 1e-6 and len(piece) > 1:
                head = _head(piece, width, size, family)
                lines.append(head)
                piece = piece[len(head) :]
                length = _long(piece, size, family)
            line, taken = line + piece, taken + length
        lines.append(line.rstrip())
    return lines


def _pieces(paragraph: str) -> list[str]:
    """What stays together: words, numbers up to a sign after which one may break, an ideograph with its punctuation."""
    pieces: list[str] = []
    joined = False
    for sign in paragraph:
        last = pieces[-1][-1] if pieces else ""
        stays = pieces and (joined or sign in _NOT_FIRST or sign == " " or _one_word(last, sign))
        if stays:
            pieces[-1] += sign
        else:
            pieces.append(sign)
        joined = sign in _NOT_LAST
    return pieces


def _one_word(last: str, sign: str) -> bool:
    """Whether two Latin signs belong to one word or number."""
    narrow = last != " " and ord(last) < 0x2E80 and ord(sign) < 0x2E80
    return narrow and last not in _BREAK_AFTER


def _head(piece: str, width: float, size: float, family: Family) -> str:
    """As much of the beginning of a piece as a line takes, one sign at least."""
    taken = 0.0
    for place, sign in enumerate(piece):
        taken += _long(sign, size, family)
        if taken > width + 1e-6:
            return piece[: max(1, place)]
    return piece


def _cut(lines: list[str], was_cut: bool, size: float, width: float, family: Family) -> Fitted:
    """What can be shown in the least size; the last line ends with … when something is left out."""
    if was_cut and lines:
        last = lines[-1]
        while last and _long(last + CUT, size, family) > width:
            last = last[:-1]
        lines = [*lines[:-1], last + CUT]
    return Fitted(tuple(lines), size, is_whole=not was_cut)


def _long(text: str, size: float, family: Family) -> float:
    return face(family).width(text) * size / 1000 / POINTS
