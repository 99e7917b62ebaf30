"""Prices as they are written on books and in files, as integer fen."""

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from shuxiang.common.numerals import CHARACTERS, read_number

_EMPTY = frozenset({"", "-", "--", "/", "nan", "none", "null", "n/a", "无", "不详", "未知", "暂无"})
# A list price above this is a number from another column.
_LIMIT = Decimal(1_000_000)

_CURRENCIES = {
    "TWD": r"NT\s?[$S.]|NTD?B?\s?\$?|TWD|新[台臺][币幣]|[台臺][币幣]|元新?[台臺][币幣]",
    "HKD": r"HK\s?\$|HKD\s?\$?|HK|港[币元圆幣]|元港[币幣]",
    "CAD": r"CDN\s?\$?|CAD|CAN\s?\$|加元",
    "AUD": r"\$?AUD?S?\.?\s?\$?|澳元",
    "SGD": r"S\$|SGD|新元|新加坡元",
    "MOP": r"MOP\$?|澳门元|葡币",
    "USD": r"USD?\s?\$?|\$|美[元金]",
    "GBP": r"GBP|[£￡]|UK|英[镑磅]|POUNDS?",
    "EUR": r"EUROS?|EUR|€|欧元|欧|歐元",
    "JPY": r"JPY?\s?[¥￥]?|日[元圆]|円",
    "KRW": r"KRW|₩|韩元",
    "RUB": r"RUB|руб\.?|卢布",
    "CHF": r"CHF|瑞士法郎",
    "DEM": r"DEM|DM|马克",
    "CZK": r"CZK",
    "CNY": r"CNY|CN|RMB|[¥￥]|人民[币幣]|元|圆|块|YUAN",
}
_CURRENCY = "|".join(f"(?P<{{0}}{code}>{form})" for code, form in _CURRENCIES.items())
_MONEY = re.compile(
    rf"(?:(?:{_CURRENCY.replace('{0}', 'a')})\s?[:.]?\s?)?"
    r"(?<![\d第])(?<!\d[.,:])(?<![^A-Za-z]\.)(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)(?![\d:]|\.\d|\s?[版折年月%])\.?"
    rf"\s?(?:{_CURRENCY.replace('{0}', 'b')})?"
    r"(?P<each>\s?(?:/|每|一)\s?[册本])?",
    re.IGNORECASE,
)
_VOLUMES = re.compile(
    rf"(?P<word>上中下|上、中、下|上下|上、下)[册卷集编]?"
    rf"|[×xX*]\s?(?P<times>\d{{1,3}})\s?[册本]?(?![\d.])"
    rf"|(?P<total>全套?|共|一套|套装?)?\s?(?<![\d.{CHARACTERS}])(?P<count>\d{{1,3}}|[{CHARACTERS}]{{1,4}})\s?[册冊卷本集函]"
)
_WHOLE_SET = re.compile(r"(?:全套|套价|全[一二三四五六七八九十\d]+[册卷本])\s*$")
_SET_BEHIND = re.compile(r"\s?[(/]?\s?[全一每]?套(?!\D{0,6}\d)")
_LABEL = re.compile(r"【?(?:原书)?定\s?价】?\s?[:：]?|价格\s?[:：]?|单价\s?[:：]?|[(（]估[)）]")
_LOOSE_ENDS = re.compile(r"^[\s,，;；:：.+*/-]+|[\s,，;；:：+*/-]+$")
_ONE_BRACKET = re.compile(r"^[(\[]([^()\[\]]*)[)\]]$")


@dataclass(frozen=True, slots=True)
class Price:
    """What a price string says.

    `unit_fen` is one volume's price, `set_fen` that of a whole set of `volumes`, both only for yuan; None is
    unknown, never 0. A foreign price is kept in `foreign_amount` (units of `currency`), never counted as
    yuan. `note` is what else was written. Warnings: zero, unreadable, no_amount, several, rounded, implausible, foreign.
    """

    unit_fen: int | None = None
    set_fen: int | None = None
    currency: str = ""
    volumes: int | None = None
    note: str = ""
    warnings: tuple[str, ...] = ()
    foreign_amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Amount:
    value: Decimal
    currency: str
    each: bool
    whole_set: bool
    span: tuple[int, int]


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = re.sub(r"(?<=\d)\s?[。·∙]\s?(?=\d)|(?<=\d)\. (?=\d)", ".", plain)
    return plain.replace("冊", "册").replace("圓", "圆")


def _decimal(number: str) -> Decimal:
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", number):
        return Decimal(number.replace(",", ""))
    return Decimal(number.replace(",", "."))


def _currency_of(match: re.Match[str]) -> str:
    named = [
        key for key, value in match.groupdict().items() if value and key[0] in "ab" and key[1:] in _CURRENCIES
    ]
    foreign = [key for key in named if key[1:] != "CNY"]
    return (foreign or named or ["aCNY"])[0][1:]


def _volumes(plain: str) -> tuple[int | None, bool, str]:
    """How many volumes, whether the price is per volume (×n), and the text with that remark blanked out."""
    for match in _VOLUMES.finditer(plain):
        if match.group("word"):
            count: int | None = 3 if "中" in match.group("word") else 2
        else:
            count = read_number(match.group("times") or match.group("count"))
        if count and count < 1000:
            blanked = plain[: match.start()] + " " * len(match.group()) + plain[match.end() :]
            return count, match.group("times") is not None, blanked
    return None, False, plain


def _amounts(plain: str) -> list[_Amount]:
    return [
        _Amount(
            _decimal(match.group("number")),
            _currency_of(match),
            match.group("each") is not None,
            bool(_WHOLE_SET.search(plain[: match.start()]) or _SET_BEHIND.match(plain, match.end())),
            match.span(),
        )
        for match in _MONEY.finditer(plain)
    ]


def _note(plain: str, first: _Amount) -> str:
    rest = plain[: first.span[0]] + " " + plain[first.span[1] :]
    rest = _LOOSE_ENDS.sub("", " ".join(re.sub(r"[(\[]\s*[)\]]", " ", rest).split()))
    return _ONE_BRACKET.sub(r"\1", rest)


def _fen(value: Decimal) -> tuple[int, bool]:
    exact = value * 100
    rounded = exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return int(rounded), rounded != exact


def _assign(price: Price, amount: _Amount, *, of_set: bool) -> Price:
    if amount.value == 0:
        return replace(price, warnings=(*price.warnings, "zero"))
    if amount.value >= _LIMIT:
        return replace(price, warnings=(*price.warnings, "implausible"))
    if amount.currency != "CNY":
        return replace(price, foreign_amount=amount.value, warnings=(*price.warnings, "foreign"))
    fen, was_rounded = _fen(amount.value)
    warnings = (*price.warnings, "rounded") if was_rounded else price.warnings
    if of_set:
        return replace(price, set_fen=fen, warnings=warnings)
    return replace(price, unit_fen=fen, warnings=warnings)


@lru_cache(maxsize=1024)  # most books cost what some other book costs
def parse_price(text: str) -> Price:
    """Read a price string; what cannot be read stays as a note with a warning, so that nothing is lost."""
    plain = _LABEL.sub(" ", _plain(text)).strip()
    if plain.casefold() in _EMPTY:
        return Price()
    volumes, per_volume, searchable = _volumes(" " + plain)
    amounts = _amounts(searchable)
    if not amounts or re.search(r"-\s?\d", plain):
        only_currency = re.fullmatch(_CURRENCY.replace("{0}", "c"), plain, re.IGNORECASE)
        code = (
            next((key[1:] for key, value in only_currency.groupdict().items() if value), "")
            if only_currency
            else ""
        )
        return Price(
            currency=code, note="" if code else plain, warnings=("no_amount" if code else "unreadable",)
        )
    first = amounts[0]
    price = Price(currency=first.currency, volumes=volumes, note=_note(searchable, first))
    of_set = first.whole_set or (volumes is not None and volumes > 1 and not per_volume and not first.each)
    if (
        len(amounts) == 2
        and amounts[1].whole_set
        and not first.whole_set
        and amounts[1].currency == first.currency
    ):
        return _assign(_assign(price, first, of_set=False), amounts[1], of_set=True)
    if len(amounts) > 1:
        price = replace(price, warnings=("several",))
    return _assign(price, first, of_set=of_set)


def share_fen(total_fen: int, parts: int) -> tuple[int, ...]:
    """A sum shared as evenly as whole fen allow, the larger shares first; the shares add up to the sum."""
    share, rest = divmod(total_fen, parts)
    return tuple(share + 1 if place < rest else share for place in range(parts))


def format_yuan(fen: int) -> str:
    """Yuan with two decimals and no currency sign: 2580 → 25.80."""
    sign, positive = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{positive // 100}.{positive % 100:02d}"
