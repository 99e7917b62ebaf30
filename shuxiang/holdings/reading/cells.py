"""Single cells of book lists, taken apart: titles in book-title marks, copies, codes, imprints, flags. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from shuxiang.catalogue.marcs import is_picture_book as is_picture_book
from shuxiang.catalogue.marcs import is_pinyin_annotated as is_pinyin_annotated
from shuxiang.catalogue.marcs import year_in as year_in

_LABEL = re.compile(r"^\s*(作者/译者|作者|译者|著者|出版信息|出版社|出版者|书名|定价|价格|ISBN)\s*[:：]\s*")
_IMPRINT_DATE = re.compile(
    r"\d{4}\s*([-/.年]\s*\d{1,2}\s*([-/.月]\s*\d{0,2}\s*日?)?)?|\d{6}|(\d{1,2}\s+)?[A-Z][a-z]{2,8}\.?\s*(\d{1,2},?\s+)?\d{4}"
)
_IMPRINT_PRICE = re.compile(
    r"(?i)(cny|rmb|usd|gbp|eur|hkd|hk|ntd?|twd|jpy|\$|£|€|¥|￥|us|nt|hk\$)[\s$:.]*\d[\d.,]*\D{0,12}|"
    r"\d[\d.,]*\s*(元|圆|美元|港元|港币|新?台币|日元|円|英镑|欧元|人民币|\(人民币\)|元/.*|元[（(].*)|\d+\.\d{1,2}"
)
_SEPARATOR = re.compile(r"\s*[;；,，、\s]\s*")
_RANGE = re.compile(r"([A-Za-z]*)(\d+)\s*[-－—~～至]\s*([A-Za-z]*)(\d+)")
_AUDIENCE = (  # CNMARC 100/17-19
    ("b", r"学前|幼儿|低幼|婴|0[-~—至]?[3-6]岁|preschool"),
    ("c", r"低年级|(?<!\d)1-2(?!\d)|一二年级|[一二]年级|6[-~]8岁"),
    ("d", r"中年级|高年级|3-4|5-6|[三四五六]年级|小学"),
    ("e", r"初中|高中|中学|青少年|7-9|10-12|teen"),
    ("a", r"儿童|少儿|少年|小朋友|juvenile|child"),
    ("m", r"教师|老师|成人|家长|大众|adult"),
)
_SOURCES = (
    ("gift", r"捐|赠|贈|gift|donat"),
    ("transfer", r"调拨|调入|划拨|配送|transfer"),
    ("exchange", r"交换|交換|exchange"),
    ("own", r"自编|自制|自印|own"),
    ("compensation", r"赔|賠|compens"),
    ("opening", r"期初|原有|旧藏|opening"),
    ("purchase", r"购|購|采|买|订|purchase|bought|buy"),
)
_KINDS = (
    ("serial", r"期刊|杂志|报纸|报刊|连续出版物|serial|periodical|magazine"),
    ("audiovisual", r"光盘|音像|录音|录像|视听|磁带|dvd|cd\b|audio|video"),
    ("electronic", r"电子|网络|electronic|e-?book|online"),
    ("other", r"其他|地图|乐谱|模型|玩具|other|map|music"),
)
_LANGUAGES = {
    "中文": "chi", "汉语": "chi", "汉文": "chi", "简体中文": "chi", "zh": "chi", "chinese": "chi", "英文": "eng",
    "英语": "eng", "en": "eng", "english": "eng", "日文": "jpn", "日语": "jpn", "藏文": "tib", "蒙文": "mon",
    "维吾尔文": "uig", "俄文": "rus", "法文": "fre", "德文": "ger", "朝鲜文": "kor", "韩文": "kor",
}  # fmt: skip
_YES = frozenset({"是", "有", "1", "y", "yes", "true", "√", "✓", "✔", "对", "注音", "绘本", "工具书", "x"})
MOST_COPIES = 2000  # of one title in one row: more is a number from another column


def unlabelled(text: str) -> str:
    """A cell without the column title that some programs put into every cell (作者/译者： …)."""
    return _LABEL.sub("", text).strip().strip("/").strip()


def bare_title(text: str) -> str:
    """The title without book-title marks when one pair holds all of it; 《漫画《资治通鉴》》 loses the outer pair only."""
    title = text.strip()
    if not (title.startswith("《") and title.endswith("》")):
        return title
    depth = 0
    for place, sign in enumerate(title):
        depth += (sign == "《") - (sign == "》")
        if depth == 0 and place < len(title) - 1:
            return title
    inner = title[1:-1].strip()
    return inner if depth == 0 and inner else title


class Imprint(NamedTuple):
    """What a compound cell such as “作者 / 译者 / 社 / 日期 / 价” holds."""

    authors: tuple[str, ...] = ()
    publisher: str = ""
    published: str = ""
    price: str = ""


def split_imprint(text: str) -> Imprint | None:
    """Take a compound cell apart from its end: price, date, publisher, and what is left are authors.

    None when the cell is no such thing (a plain publisher, or a name with a stroke in it).
    """
    parts = [part.strip() for part in re.split(r"\s+/\s*|\s*/\s+", unlabelled(text)) if part.strip()]
    price = parts.pop() if len(parts) > 1 and _IMPRINT_PRICE.fullmatch(parts[-1]) else ""
    published = parts.pop() if len(parts) > 1 and _IMPRINT_DATE.fullmatch(parts[-1]) else ""
    if not parts or not (price or published):
        return None
    return Imprint(tuple(parts[:-1]), parts[-1], published, price)


def copies_in(text: str) -> int | None:
    """A number of volumes (5, 5册, 5.0); None when the cell is empty. Raises ValueError for anything else."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None
    match = re.fullmatch(r"(\d{1,9})(?:\.0+)?\s*(?:册|冊|本|套|部|份|copies)?", plain)
    if match is None:
        raise ValueError(text)
    return int(match.group(1))


def codes_in(text: str, copies: int | None = None) -> list[str]:
    """Barcodes or accession numbers of one cell: a list, or a range when it is as long as the number of copies."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return []
    match = _RANGE.fullmatch(plain)
    if match:
        expanded = _range(match)
        if expanded and (copies is None or len(expanded) == copies):
            return expanded
    return list(dict.fromkeys(part for part in _SEPARATOR.split(plain) if part))


def _range(match: re.Match[str]) -> list[str]:
    prefix, first, prefix_again, last = match.groups()
    if prefix_again not in ("", prefix) or len(last) > len(first):
        return []
    low, high = int(first), int(first[: len(first) - len(last)] + last)
    if not 0 < high - low < MOST_COPIES:
        return []
    return [f"{prefix}{number:0{len(first)}d}" for number in range(low, high + 1)]


def _first(table: tuple[tuple[str, str], ...], text: str) -> str:
    return next((code for code, pattern in table if re.search(pattern, text, re.IGNORECASE)), "")


def audience_of(text: str) -> str:
    """CNMARC 100/17-19 codes from words, up to three; codes as they stand are kept."""
    if re.fullmatch(r"[abcdekmu]{1,3}", text):
        return text
    return "".join(code for code, pattern in _AUDIENCE if re.search(pattern, text, re.IGNORECASE))[:3]


def source_of(text: str) -> str:
    """The batch's code of how a book was acquired, or ''."""
    return _first(_SOURCES, text)


def kind_of(text: str) -> str:
    return _first(_KINDS, text) or "book"


def language_of(text: str) -> str:
    plain = text.strip().lower()
    return _LANGUAGES.get(plain, plain if re.fullmatch(r"[a-z]{2,3}(-[a-z]{2,4})?", plain) else "")


def is_yes(text: str) -> bool:
    return text.strip().lower() in _YES
