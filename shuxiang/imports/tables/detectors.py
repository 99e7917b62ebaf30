"""What a single cell looks like: 0.0 (cannot be this), 1.0 (surely is). Used when titles do not tell."""

from __future__ import annotations

import re

from shuxiang.imports.tables.cells import clean_code, lost_digits

_ISBN13 = re.compile(r"97[89]\d{10}")
_ISBN10 = re.compile(r"\d{9}[\dX]")
_CHINESE_BOOK_NUMBER = re.compile(r"\d{5}[.·]\d{1,6}")  # 统一书号 of books before 1987
_ISSN = re.compile(r"\d{4}-\d{3}[\dX]")
_PRICE_MARK = re.compile(r"(CNY|RMB|￥|¥|\$|USD|GBP|HKD|TWD|NT\$|EUR|€|£|定价|元|圆)", re.IGNORECASE)
_AMOUNT = re.compile(r"\d{1,6}([.,]\d{1,4})?")
_DATE = re.compile(r"\d{1,4}([-/.年])\d{1,2}(([-/.月])\d{1,4}日?|月)?")
_EIGHT_DIGITS = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])")
_TIME = re.compile(r"[ T]\d{1,2}:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")
_YEAR = re.compile(r"(1[5-9]|20)\d\d")
_CLC = re.compile(r"[A-KN-VXZ]([A-Z]?\d[\d.\-/=()+:\"a-z]*|[A-Z])?")
_CALL = re.compile(r"[A-KN-VXZ][A-Z]?\d*[\d.\-=()]*\s*[/\s]\s*[\w.:=()\-/]+")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-_./:]{0,31}")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_NAME = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}|[\u3400-\u9fff]{1,10}·[\u3400-\u9fff·]{1,20}")
_PUBLISHER = re.compile(
    r"(出版(社|公司|集团|中心|者)|书店|书局|書局|書店|印书馆|印書館|press|publish|books)", re.IGNORECASE
)
_ROLE = re.compile("(著|编|編|译|譯|绘|繪|作者)$|^[\\[(\uff08].{1,4}[\\])\uff09]")
_NUMERAL = "一二三四五六七八九十\\d"
_CLASS = re.compile(
    f"[{_NUMERAL}甲乙丙丁戊]{{1,4}}(年级|年級)?\\(?[{_NUMERAL}甲乙丙丁戊]{{0,3}}\\)?班?|[小初高][{_NUMERAL}]{{1,5}}.{{0,6}}班?"
    "|教师|教師|职工|老师|(19|20)\\d\\d[级届].{0,8}"
)
_CATEGORIES = (
    "学生",
    "學生",
    "教师",
    "教師",
    "老师",
    "职工",
    "教职工",
    "班级",
    "临时",
    "student",
    "pupil",
    "teacher",
    "staff",
)
_CARD_STATUS = (
    "开通",
    "正常",
    "有效",
    "暂停",
    "挂失",
    "丢失",
    "注销",
    "停用",
    "停借",
    "active",
    "suspended",
    "lost",
)
_LANGUAGES = (
    "中文",
    "汉语",
    "英文",
    "英语",
    "日文",
    "chi",
    "eng",
    "zh",
    "en",
    "zho",
    "jpn",
    "fre",
    "fr",
    "de",
    "ger",
    "en-us",
)
_FLAGS = ("是", "否", "有", "无", "y", "n", "yes", "no", "true", "false", "1", "0", "√", "×")

LOAN_ACTIONS: dict[str, tuple[str, ...]] = {
    "check_out": (
        "借书", "借書", "借出", "借阅", "借閱", "外借", "借", "出借", "借阅图书", "图书借阅", "借书成功", "已借出", "在借",
        "checkout", "checkedout", "loan", "lend", "lent", "issue", "issued", "borrow", "borrowed", "charge", "o",
    ),
    "check_in": (
        "还书", "還書", "归还", "歸還", "还回", "还", "還", "退还", "图书归还", "还书成功",
        "已还", "已归还", "已還", "已歸還",
        "checkin", "checkedin", "return", "returned", "discharge", "i",
    ),
    "renew": ("续借", "續借", "续期", "續期", "展期", "renew", "renewal", "renewed", "extend"),
    "mark_lost": (
        "丢书", "丟書", "丢失", "丟失", "遗失", "遺失", "挂失", "报失", "图书丢失", "图书遗失",
        "lost", "marklost", "declarelost",
    ),
}  # fmt: skip
"""Words for the acts of a loan log, by the name of the act; compare with `loan_action_of`."""

_ACTION_BY_WORD = {word: act for act, words in LOAN_ACTIONS.items() for word in words}


def loan_action_of(text: str) -> str | None:
    """'check_out', 'check_in', 'renew' or 'mark_lost' for a loan log's word (还书, Check-out, 续借…), else None."""
    return _ACTION_BY_WORD.get(re.sub(r"[\s\-_]+", "", clean_code(text)).lower())


def _yes(condition: object) -> float:
    return 1.0 if condition else 0.0


def isbn(text: str) -> float:
    code = clean_code(text).upper().replace("-", "").removeprefix("ISBN").lstrip(":")
    if _ISBN13.match(code):
        return 1.0
    if _ISBN10.fullmatch(code[:10]):
        return 0.7 if len(code) == 10 else 0.2
    if lost_digits(text) and text.startswith("9.7"):
        return 1.0
    return 0.6 if _CHINESE_BOOK_NUMBER.fullmatch(code) else 0.0


def issn(text: str) -> float:
    code = clean_code(text).upper().removeprefix("ISSN").lstrip(":")
    return 1.0 if _ISSN.fullmatch(code) else 0.5 if re.fullmatch(r"977\d{10}", code) else 0.0


def price(text: str) -> float:
    code = clean_code(text)
    if len(code) > 40 or not re.search(r"\d", code):
        return 0.0
    if _PRICE_MARK.search(code) and "年" not in code:
        return 1.0
    if not _AMOUNT.fullmatch(code):
        return 0.0
    return 0.8 if re.fullmatch(r"\d{1,4}\.\d{1,2}", code) else 0.4


def date(text: str) -> float:
    code = clean_code(_TIME.sub("", text.strip()))
    return _yes(_DATE.fullmatch(code) or _EIGHT_DIGITS.fullmatch(code))


def instant(text: str) -> float:
    """A date, better with a time of day: what a log has and a list of books has not."""
    found = date(text)
    return found if _TIME.search(text.strip()) else 0.6 * found


def year_or_date(text: str) -> float:
    code = clean_code(text)
    if date(text) or _YEAR.fullmatch(code):
        return 1.0
    return 0.7 if re.match(r"[\[c(〔]?(1[5-9]|20)\d\d", code) else 0.0


def period_or_date(text: str) -> float:
    return 1.0 if date(text) else _yes(re.fullmatch(r"\d{1,3}(\.0)?(天|日|days?)?", clean_code(text)))


def small_number(text: str) -> float:
    return _yes(re.fullmatch(r"\d{1,4}(\.0)?[册本套冊]?", clean_code(text)))


def pages(text: str) -> float:
    code = clean_code(text)
    if re.search(r"\d(页|頁|p\.?)", code, re.IGNORECASE):
        return 1.0
    return 0.5 if re.fullmatch(r"\d{1,4}(,\d{1,4})*", code) else 0.1


def clc(text: str) -> float:
    return _yes(_CLC.fullmatch(clean_code(text)))


def call_number(text: str) -> float:
    return 1.0 if _CALL.fullmatch(text.strip()) else 0.8 * clc(text)


def code(text: str) -> float:
    return _yes(_CODE.fullmatch(clean_code(text)))


def title(text: str) -> float:
    """Words rather than a number, not a publisher, not a sentence; never sure, since so much else is words too."""
    if (
        "://" in text
        or publisher(text)
        or not re.search(r"[^\W\d_]", text)
        or len(text) > 120
        or person_name(text) > 0.5
    ):
        return 0.1
    if text.startswith("《"):
        return 1.0
    return 0.6 if len(text) > 3 else 0.4


def author(text: str) -> float:
    if _ROLE.search(text.strip()):
        return 1.0
    return 0.6 if len(text) <= 60 and not re.search(r"\d{3}", text) else 0.2


def publisher(text: str) -> float:
    return _yes(len(text) <= 60 and "://" not in text and _PUBLISHER.search(text))


def long_text(text: str) -> float:
    return min(1.0, len(text) / 60)


def person_name(text: str) -> float:
    """Two to four Chinese characters that are no status, class or category."""
    if not _NAME.fullmatch(text):
        return 0.3 if re.fullmatch(r"[A-Za-z][A-Za-z .,'\-]{2,40}", text) else 0.0
    known = (
        text in _CATEGORIES
        or text in _CARD_STATUS
        or loan_action_of(text)
        or class_label(text)
        or publisher(text)
    )
    return 0.0 if known else 0.9


def sex(text: str) -> float:
    return _yes(text.lower() in ("男", "女", "m", "f", "male", "female", "男生", "女生"))


def class_label(text: str) -> float:
    label = clean_code(text)
    return _yes(_CLASS.fullmatch(label) and _HAN.search(label))


def patron_category(text: str) -> float:
    return 1.0 if text.lower() in _CATEGORIES else 0.2


def card_status(text: str) -> float:
    return _yes(text.lower() in _CARD_STATUS)


def loan_action(text: str) -> float:
    return 0.3 if len(text) == 1 and text.isascii() else _yes(loan_action_of(text))


def language(text: str) -> float:
    return 1.0 if text.lower() in _LANGUAGES else 0.1


def flag(text: str) -> float:
    return _yes(text.lower() in _FLAGS)
