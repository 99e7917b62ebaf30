"""Keys under which two descriptions of one publication come together."""

import re

from shuxiang.common.numerals import read_number
from shuxiang.common.text.folding import fold

_NOT_WORD = re.compile(r"[\W_]+")
_ORIGIN = re.compile(r"[(\[〔【﹝〈《][^)\]〕】﹞〉》]{0,12}[)\]〕】﹞〉》]")
_SEVERAL = re.compile(r"[;；,，、/|&]|\s{2,}")
_ROLE = re.compile(
    r"(?:等|合|联合|共同|本书|总|副|执行|分册|原)?"
    r"(?:主编|编著|编写|编绘|编译|编选|编文|编剧|编撰|编纂|选编|改编|汇编|摘编|缩编|续编|缩写|改写|译注|译写|翻译|主译|编|译"
    r"|绘画|绘图|插图|插画|配图|绘著|著绘|绘|图|文字|撰文|撰稿|撰|文|原著|合著|专著|著|着|作品|创作|作|校注|评注|注释|注音|注|校点|点校|校订|校"
    r"|评点|点评|评|辑|选|口述|讲述|讲|述|整理|审定|摄影|摄|出品|制作|监制|策划|写)$"
)
_COMPANY = re.compile(r"(?:集团|股份|有限|责任|公司|出版社|出版|书局有限公司)+$")
_VOLUME_WORDS = re.compile(r"^第|[册卷部集本辑编篇]$|^vol(?:ume)?|^v(?=\d)|^no")


def title_key(text: str) -> str:
    """A title without book-title marks, punctuation, blanks, width, case and script variants."""
    return _NOT_WORD.sub("", fold(text))


def author_key(text: str) -> str:
    """The first responsible person or body without dynasty, country and role words (著, 主编, 译, 绘 …)."""
    plain = _ORIGIN.sub("", fold(text)).strip()
    first = next((part for part in _SEVERAL.split(plain) if part.strip()), "")
    key = _NOT_WORD.sub("", first)
    shorter = _ROLE.sub("", key)
    while shorter != key and len(shorter) >= 2:
        key, shorter = shorter, _ROLE.sub("", shorter)
    return key.removesuffix("等") if len(key) > 2 else key


def publisher_key(text: str) -> str:
    """A publisher without its company form: 人民文学出版社 and 人民文学出版社有限公司 are one."""
    key = title_key(text)
    return _COMPANY.sub("", key) or key


def volume_key(text: str) -> str:
    """A volume mark as a number where it is one: 第三册, 3 and vol. 3 are one; 上 stays 上."""
    key = _VOLUME_WORDS.sub("", _VOLUME_WORDS.sub("", title_key(text)))
    number = read_number(key)
    return key if number is None else str(number)


def match_key(title: str, authors: str = "", publisher: str = "", volume: str = "") -> str:
    """The second key of duplicate detection, for use where an ISBN is missing; '' without a title."""
    key = title_key(title)
    if not key:
        return ""
    return "|".join((key, author_key(authors), publisher_key(publisher), volume_key(volume)))


_BLANK_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_ASIDE = re.compile(r"[(\[〔【﹝〈（［][^)\]〕】﹞〉）］]*[)\]〕】﹞〉）］]?")
_EDGES = " .·,:;：-—'\"“”…?？!！\\"


def people_of(statement: str) -> list[str]:
    """The persons and bodies of a statement of responsibility, as written: 罗琳著 ; 苏农 马爱新译 → 罗琳, 苏农, 马爱新."""
    found = []
    for part in _SEVERAL.split(_BLANK_BETWEEN.sub(";", _ASIDE.sub("", statement))):
        name = part.strip(_EDGES)
        shorter = _ROLE.sub("", name).strip(_EDGES)
        while shorter != name and len(shorter) >= 2:
            name, shorter = shorter, _ROLE.sub("", shorter).strip(_EDGES)
        name = name.removesuffix("等") if len(name) > 2 else name
        if 2 <= len(name) <= 40 and title_key(name) and not _ROLE.fullmatch(name):
            found.append(name)
    return list(dict.fromkeys(found))


def subjects_of(headings: str) -> list[str]:
    """The heads of subject headings: 童话 -- 丹麦 -- 近代 ; 动物 → 童话, 动物."""
    heads = (_ASIDE.sub("", part.split("--")[0]).strip(_EDGES) for part in re.split(r"[;；|]", headings))
    return list(dict.fromkeys(head for head in heads if 2 <= len(head) <= 40 and title_key(head)))
