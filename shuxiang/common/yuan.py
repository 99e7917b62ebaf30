"""Sums of money as people type them and as receipts spell them (大写)."""

_MOST_YUAN = 1_000_000  # more is a slip of the keys
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def read_yuan(text: str) -> int | None:
    """Fen of what was typed as yuan: "12", "12.5", "￥12.50元"; None for nothing typed. ValueError for anything else."""
    plain = text.strip().translate(str.maketrans("０１２３４５６７８９．。", "0123456789..")).strip("¥￥元 ")
    if not plain:
        return None
    whole, _dot, part = plain.partition(".")
    if not (whole.isascii() and whole.isdigit()) or len(part) > 2 or len(whole) > 9:
        raise ValueError(text)
    if (part and not (part.isascii() and part.isdigit())) or int(whole) > _MOST_YUAN:
        raise ValueError(text)
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)


def capital_yuan(fen: int) -> str:
    """A sum as a Chinese receipt spells it, so that nobody can add a stroke: 3600 → 叁拾陆元整, 1005 → 壹拾元零伍分.

    A sum below zero begins with 负. Raises ValueError from a trillion yuan on.
    """
    if fen < 0:
        return "负" + capital_yuan(-fen)
    yuan, rest = divmod(fen, 100)
    if yuan >= 10 ** (4 * len(_GROUPS)):
        raise ValueError(fen)
    jiao, cents = divmod(rest, 10)
    words = f"{_whole(yuan)}元" if yuan else ""
    if not rest:
        return (words or "零元") + "整"
    if jiao:
        words += ("零" if yuan and yuan % 10 == 0 else "") + f"{_DIGITS[jiao]}角"
    elif yuan:
        words += "零"
    return words + (f"{_DIGITS[cents]}分" if cents else "整")


def _whole(number: int) -> str:
    """A number above zero in capital characters, one zero for any run of zeros."""
    words, is_zero = "", False
    for place in range(len(str(number)) - 1, -1, -1):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if is_zero else "") + _DIGITS[digit] + _PLACES[place % 4]
            is_zero = False
        else:
            is_zero = bool(words)
        if place % 4 == 0 and number // 10**place % 10_000:
            words += _GROUPS[place // 4]
    return words
