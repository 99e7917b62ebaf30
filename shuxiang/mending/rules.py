"""What mending may do with a volume, and how a binder's bill is shared out: facts in, answer out."""

MOST_YUAN = 1_000_000


def may_mend_here(account: str) -> bool:
    """Whether a volume can be mended without leaving its account: it is in somebody's hands, and on the books."""
    return account in {"shelf", "corner", "display", "loan", "review"}


def shared_out(total_fen: int, volumes: int) -> list[int]:
    """A bill over so many volumes, in fen; the first ones bear what cannot be divided, so that the sum is the bill."""
    if not volumes:
        return []
    each, rest = divmod(total_fen, volumes)
    return [each + (place < rest) for place in range(volumes)]


def read_yuan(text: str) -> int | None:
    """Fen of what was typed as yuan: "12", "12.5", "￥12.50元"; None for nothing typed. ValueError for anything else."""
    plain = text.strip().translate(str.maketrans("０１２３４５６７８９．", "0123456789.")).strip("¥￥元 ")
    if not plain:
        return None
    whole, _dot, part = plain.partition(".")
    if not whole.isdecimal() or not whole.isascii() or len(part) > 2 or (part and not part.isdecimal()):
        raise ValueError(text)
    if int(whole) > MOST_YUAN:
        raise ValueError(text)
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)
