"""Make texts that mean the same look the same: width, case, Traditional, accents."""

import unicodedata
from importlib.resources import files

# 帐 and 账 are one word in this trade (总帐 = 总账).
_SAME_WORD = {"帐": "账", "帳": "账", "賬": "账"}
_LATIN = (range(0x00C0, 0x0250), range(0x1E00, 0x1F00))


def _simplified() -> dict[str, str]:
    lines = files("shuxiang.common").joinpath("data/t2s.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))


def _without_accents() -> dict[str, str]:
    letters = (chr(point) for block in _LATIN for point in block)
    bare = ((letter, unicodedata.normalize("NFD", letter)) for letter in letters)
    return {letter: parts[0] for letter, parts in bare if len(parts) > 1}


_TABLE = str.maketrans(_simplified() | _without_accents() | _SAME_WORD)


def fold(text: str) -> str:
    """The form in which texts are compared and indexed, never shown: it loses information (乾 → 干)."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_TABLE)
