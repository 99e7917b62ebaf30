"""Small readings of text that both profiles need."""

from __future__ import annotations

import re
from collections.abc import Iterable

from shuxiang.marc.mapping.projection import Author, Isbn
from shuxiang.marc.types import Field

_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003ffff]")
_LATIN = re.compile("[A-Za-z]")
_ISBN = re.compile(r"^\s*([0-9Xx][0-9Xx\- ]{7,}[0-9Xx])\s*(?:[(\uff08\[](.*?)[)\uff09\]]?)?\s*[:;.,]*\s*$")
_SEPARATORS = re.compile(r"\s*[,，;；、]\s*")
_ROLE = re.compile(
    r"(?:(?:原著|编著|主编|副主编|编译|译注|校注|改编|编写|编绘|编选|选编|撰文|绘图|插图|摄影|口述|整理|总主编|译著|著译"
    r"|校点|点校|注释|执笔|[著着编译绘撰注画文图选校辑]){1,3})$"
)
_NATION = re.compile(r"^[(（\[〔【][^)）\]〕】]{1,6}[)）\]〕】]\s*")


def tidy(text: str) -> str:
    """Text on one line without blanks at its ends."""
    return " ".join(text.split())


def has_cjk(text: str) -> bool:
    """Whether any Chinese, Japanese or Korean character is in the text."""
    return bool(_CJK.search(text))


def is_latin(text: str) -> bool:
    """Whether the text is written in Latin letters only, as pinyin is (kana readings are not)."""
    return bool(_LATIN.search(text)) and not has_cjk(text)


def joined(item: Field | None, codes: str, separator: str) -> str:
    """All values of these subfields of a field, tidied."""
    return separator.join(filter(None, map(tidy, item.all(*codes)))) if item else ""


def split(text: str, separator: str) -> list[str]:
    """The values that `joined` would put together to this text."""
    return [part for part in text.split(separator) if part] if separator else [text] if text else []


def parse_isbn(text: str, qualifier: str) -> Isbn:
    """An ISBN subfield, its bracketed qualifier apart: "7-115-1(精装)" and "0804741794 (alk. paper)"."""
    text = tidy(text)
    if found := _ISBN.match(text):
        return Isbn(found[1].strip(), tidy(qualifier) or tidy(found[2] or ""))
    return Isbn(text, tidy(qualifier))


def authors_of_statement(statement: str) -> tuple[Author, ...]:
    """The people a statement of responsibility names, for records without name fields.

    "孟晓苏，莫天全主编" gives both as 主编: the role at the end of a list belongs to all before it.
    """
    authors: list[Author] = []
    for part in statement.split(" ; "):
        names = [name for name in _SEPARATORS.split(_NATION.sub("", tidy(part))) if name]
        waiting: list[str] = []
        for name in names:
            name = _NATION.sub("", name)
            found = _ROLE.search(name) if has_cjk(name) else None
            waiting.append(name[: found.start()].strip() if found else name)
            if found:
                authors += [Author(each, role_word(found[0])) for each in waiting if each]
                waiting = []
        authors += [Author(each) for each in waiting if each and each != "等"]
    return tuple(authors)


def role_word(text: str) -> str:
    """A role as written; only the lone 着, which converters make of 著, is put right."""
    text = tidy(text)
    return "著" if text == "着" else text


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """The values in order, each once, none empty."""
    return tuple(dict.fromkeys(filter(None, values)))


def expand_range(text: str) -> list[str]:
    """The numbers of a range as local fields write it: "D123456-60" is five, "00236515-9" is five.

    What stands behind the hyphen replaces as many last digits; what is no such range (or would be more than a
    thousand, or run backwards) is one number as it stands.
    """
    text = text.strip()
    found = re.fullmatch(r"(.*?)(\d+)\s*[-~－～]\s*(\d+)", text)
    if not found:
        return [text] if text else []
    prefix, first, tail = found.groups()
    if len(tail) > len(first):
        return [text]
    last = first[: len(first) - len(tail)] + tail
    count = int(last) - int(first) + 1
    if not 2 <= count <= 1000:
        return [text]
    return [f"{prefix}{number:0{len(first)}d}" for number in range(int(first), int(last) + 1)]
