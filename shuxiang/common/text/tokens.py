"""Character bigrams for Chinese, Japanese and Korean; whole runs for everything else."""

import re
import sys
import unicodedata
from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

from shuxiang.common.text.folding import fold

# A change here or in folding makes every stored index stale: raise the number and rebuild.
INDEX_VERSION = 1
MAX_TOKEN_LENGTH = 64

CJK = (
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)


def _marks() -> str:
    """Combining marks: Tibetan, Uyghur or Thai words must not break at their vowels."""
    points = [p for p in range(0x0300, 0x10000) if unicodedata.category(chr(p)) in ("Mn", "Mc")]
    return "".join(map(chr, points))


_RUN = re.compile(f"(?P<cjk>[{CJK}]+)|(?:(?![{CJK}_])[\\w{_marks()}])+")
# 哈利·波特 is looked for as 哈利波特, and old records space their titles out: 三 国 演 义.
_JOINT = re.compile(f"(?<=[{CJK}])[\\s·•‧・∙⋅]+(?=[{CJK}])")


class Token(NamedTuple):
    """`position` counts from 1 without gaps inside one text."""

    token: str
    position: int


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """The folded runs of a text, each with whether its characters are Chinese, Japanese or Korean."""
    folded = fold(text)
    if not folded.isalnum():
        folded = _JOINT.sub("", folded)
    for match in _RUN.finditer(folded):
        yield match.group(), match.group("cjk") is not None


def grams(text: str) -> list[str]:
    """The tokens of a text in order: 西游记 gives 西游, 游记, 记."""
    result: list[str] = []
    for run, is_cjk in runs(text):
        if is_cjk:
            result.extend(map(str.__add__, run, run[1:]))
            result.append(run[-1])
        else:
            result.append(sys.intern(run[:MAX_TOKEN_LENGTH]))
    return result


def tokens(text: str) -> list[Token]:
    """The tokens of a text with their positions."""
    return list(map(Token, grams(text), count(1)))


def index_text(text: str) -> str:
    """The tokens as one string with blanks between: what an FTS5 column stores."""
    return " ".join(grams(text))
