"""Where the column titles are: below the name of the list, over one or two rows, or nowhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from shuxiang.imports.tables.fields import BOOK_FIELDS, LOAN_FIELDS, PATRON_FIELDS
from shuxiang.imports.tables.mapping import normal, title_score
from shuxiang.imports.tables.model import Header, RawRow

LOOK_AHEAD = 60  # rows read to find the header
_HEADER_WITHIN = 30
_LONGEST_TITLE = 40
_DATA_LIKE = re.compile(
    r"[\d\s.,:/+\-%¥￥$年月日元册本()]+|(CNY|ISBN)?[\d.\-]+X?元?|https?://.*|.*[。；！？]"
)
_FOOTER = re.compile(
    r"(合|总|總|小|共|累)\s*(计|計)[:：]?|本?页?(合计|小计|总计)(金额|册数)?[:：]?.{0,40}|共\s*\d+\s*(种|册|本|条|人|页|條).{0,30}"
    r"|(制表|填表|审核|审批|统计|经办|经手|负责|登记|打印|导出|制单|复核|验收)(人|者|单位|日期|时间|员)?(签[字名章])?\s*[:：].{0,60}"
    r"|(馆长|校长|单位|学校|公章|盖章|签[字名章]|日期|填表|说明|備註|备注|注)[（(]?(盖章|公章|签[字名章])?[)）]?\s*[:：].*"
    r"|第\s*\d+\s*页.{0,20}|total|grand total|sum|subtotal",
    re.IGNORECASE | re.DOTALL,
)


@lru_cache(4096)
def is_known_title(text: str) -> bool:
    """Whether a cell is the wording of a column that any of our lists has."""
    if len(text) > _LONGEST_TITLE:
        return False
    return any(title_score(field, (text,)) >= 0.79 for field in (*BOOK_FIELDS, *PATRON_FIELDS, *LOAN_FIELDS))


def looks_like_data(text: str) -> bool:
    return len(text) > _LONGEST_TITLE or bool(_DATA_LIKE.fullmatch(text))


def column_letter(index: int) -> str:
    """'A' for 0, 'AA' for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def find_header(rows: Sequence[RawRow]) -> Header:
    """The header of a sheet, judged by its first rows."""
    width = max((len(row.cells) for row in rows), default=0)
    at = _header_index(rows)
    if at is None:
        letters = tuple(column_letter(index) for index in range(width))
        return Header(letters, tuple(() for _ in letters))
    if at > 0 and _is_second_row(rows[at - 1], rows[at]):
        at -= 1
    first = rows[at]
    two = at + 1 < len(rows) and _is_second_row(first, rows[at + 1])
    taken = rows[at : at + 2] if two else [first]
    width = max(max(len(row.cells) for row in taken), _data_width(rows[at + len(taken) :]))
    parts = tuple(_parts(taken, index) for index in range(width))
    return Header(
        _unique(parts),
        parts,
        tuple(row.number for row in taken),
        tuple(" ".join(dict.fromkeys(cell for cell in row.cells if cell)) for row in rows[:at]),
    )


def _data_width(rows: Sequence[RawRow]) -> int:
    return max((len(row.cells) for row in rows), default=0)


def _header_index(rows: Sequence[RawRow]) -> int | None:
    """The row with the most known titles; failing that, a first row of short distinct words above different rows."""
    best, chosen = 0, None
    for index, row in enumerate(rows[:_HEADER_WITHIN]):
        filled = [cell for cell in row.cells if cell]
        known = len({normal(cell) for cell in filled if is_known_title(cell)})
        if known > best and known * 3 >= len(filled) and not _has_data(filled):
            best, chosen = known, index
    if chosen is not None and (best >= 2 or _is_lonely_title(rows, chosen)):
        return chosen
    return _header_by_shape(rows)


def _has_data(filled: Sequence[str]) -> bool:
    return sum(map(looks_like_data, filled)) * 3 > len(filled)


def _is_lonely_title(rows: Sequence[RawRow], index: int) -> bool:
    """One known title makes a header if the table has hardly more columns, or the other cells could be titles too."""
    filled = [cell for cell in rows[index].cells if cell]
    below = _typical_width(rows[index + 1 :])
    return len(filled) >= max(1, below - 1) and not any(map(looks_like_data, filled))


def _typical_width(rows: Sequence[RawRow]) -> int:
    widths = sorted(sum(1 for cell in row.cells if cell) for row in rows)
    return widths[len(widths) // 2] if widths else 0


def _header_by_shape(rows: Sequence[RawRow]) -> int | None:
    typical = _typical_width(rows)
    for index, row in enumerate(rows[:_HEADER_WITHIN]):
        filled = [cell for cell in row.cells if cell]
        if len(filled) < max(2, typical * 0.6):
            continue
        below = rows[index + 1 :]
        if len(set(filled)) < len(filled) or any(map(looks_like_data, filled)) or not below:
            return None
        return index if _differs(row, below) else None
    return None


def _differs(row: RawRow, below: Sequence[RawRow]) -> bool:
    """Whether some column holds numbers, dates or long texts under a word, as only a header has."""
    for column, cell in enumerate(row.cells):
        values = [other.cells[column] for other in below if column < len(other.cells) and other.cells[column]]
        if cell and values and sum(map(looks_like_data, values)) * 2 > len(values):
            return True
        if (
            cell
            and not re.search(r"\d", cell)
            and values
            and all(re.search(r"\d", value) for value in values)
        ):
            return True
    return False


def _is_second_row(first: RawRow, second: RawRow) -> bool:
    """Whether titles go on in the next row: under merged or empty titles, and with no data anywhere."""
    filled_down = {note.column for note in second.notes if note.code == "filled_from_merged"}
    own = {index: cell for index, cell in enumerate(second.cells) if cell and index not in filled_down}
    parents = {cell for cell in first.cells if cell}
    if not own or len(parents) < 2 or any(map(looks_like_data, (*own.values(), *parents))):
        return False
    under_span = [index for index in own if any(left <= index <= right for left, right in first.spans)]
    under_gap = [index for index in own if index >= len(first.cells) or not first.cells[index]]
    known = sum(map(is_known_title, own.values()))
    if under_span and len(own) == len(under_span):
        return True
    return bool(under_gap) and known * 2 >= len(own) and known >= 1 and len(own) < len(first.cells)


def _parts(taken: Sequence[RawRow], column: int) -> tuple[str, ...]:
    """The title's words from top to bottom, a spanning parent given to each of its columns, repeats once."""
    words: list[str] = []
    for depth, row in enumerate(taken):
        text = row.cells[column] if column < len(row.cells) else ""
        if not text and depth + 1 < len(taken):
            text = _parent(taken, column)
        text = re.sub(r"\s+", "" if not text.isascii() else " ", text)
        if text and text not in words:
            words.append(text)
    return tuple(words)


def _parent(taken: Sequence[RawRow], column: int) -> str:
    """The spanning title above a column; without merged cells, the nearest title to the left of a gap."""
    first, second = taken[0], taken[1]
    for left, right in first.spans:
        if left <= column <= right:
            return first.cells[left] if left < len(first.cells) else ""
    if first.spans or column >= len(second.cells) or not second.cells[column]:
        return ""
    return next(
        (first.cells[at] for at in range(min(column, len(first.cells)) - 1, -1, -1) if first.cells[at]), ""
    )


def _unique(parts: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    titles: list[str] = []
    for index, words in enumerate(parts):
        title = base = "/".join(words) or column_letter(index)
        again = 2
        while title in titles:
            title, again = f"{base} ({again})", again + 1
        titles.append(title)
    return tuple(titles)


class RowJudge:
    """Tells rows below the header that are no data."""

    def __init__(self, header: Header) -> None:
        self._width = len(header.titles)
        self._wordings = (
            [{_squeezed(part) for part in parts} for parts in header.parts] if header.found else []
        )
        self._all = set().union(*self._wordings) if self._wordings else set()

    def reason(self, row: RawRow) -> str:
        """'repeated_header', 'footer' or 'title', or '' for data; the row is not blank."""
        filled = [cell for cell in row.cells if cell]
        if self._repeats_header(row, filled):
            return "repeated_header"
        few = len(filled) <= max(2, self._width // 2) or all(map(looks_like_data, filled[1:]))
        if few and len(filled[0]) <= 100 and _FOOTER.fullmatch(filled[0]):
            return "" if self._width == 1 and len(filled[0]) > 12 else "footer"
        wide = any(right - left >= 2 for left, right in row.spans)
        return "title" if wide and self._width >= 4 and len(set(filled)) == 1 else ""

    def _repeats_header(self, row: RawRow, filled: list[str]) -> bool:
        if len(filled) < min(2, self._width) or _squeezed(filled[0][:60]) not in self._all:
            return False
        same = sum(
            1
            for cell, words in zip(row.cells, self._wordings, strict=False)
            if cell and _squeezed(cell) in words
        )
        return same * 4 >= len(filled) * 3


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
