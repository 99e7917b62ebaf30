"""Standard numbers as real files write them: never lost, never believed blindly."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from stdnum import isbn as std_isbn
from stdnum import ismn as std_ismn
from stdnum import issn as std_issn

_EMPTY = frozenset({"", "0", "-", "--", "/", "nan", "none", "null", "n/a", "无", "无isbn", "暂无"})
_DASHES = re.compile(r"[‐-―−﹘﹣－_]")
_LABEL = re.compile(
    r"^(?:e?-?ISBN|ISMN|ISSN|统一书号|书号|国际标准书号)(?:-1[03])?(?=[^A-Za-z])[\s:：.]*", re.IGNORECASE
)
_FLOAT = re.compile(r"^(\d(?:\.\d+)?)E\+?(\d{1,2})$", re.IGNORECASE)
_UNIFIED = re.compile(r"^(\d{4,5})\s*[·.・•‧∙⋅]\s*(\d{1,5})$")
_PLAIN = re.compile(r"97[89][0-9]{10}")
_CANDIDATE = re.compile(r"(?<![0-9])(?:M-?)?[0-9](?:[- ]?[0-9])*(?:[- ]?[Xx])?(?![0-9])")


@dataclass(frozen=True, slots=True)
class Isbn:
    """What an ISBN cell holds.

    `isbn13` is the key to match on, or None. `kind` is isbn, ismn, issn, unified (统一书号), other, or none
    for an empty cell. `local_number` keeps what is no ISBN. Warnings: check_digit, several, addon_cut,
    zero_restored, spreadsheet_number, spreadsheet_digits_lost, wrong_length, not_isbn.
    """

    raw: str
    isbn13: str | None = None
    valid: bool = False
    warnings: tuple[str, ...] = ()
    kind: str = "none"
    local_number: str = ""


@dataclass(frozen=True, slots=True)
class Issn:
    """`issn` as NNNN-NNNC, or None; warnings: check_digit, not_issn."""

    raw: str
    issn: str | None = None
    valid: bool = False
    warnings: tuple[str, ...] = ()


def isbn10_to_13(digits: str) -> str:
    """The 13 digits of a ten-digit number, from its first nine; ValueError unless it has that form."""
    compact = std_isbn.compact(digits).upper()
    if not re.fullmatch(r"[0-9]{9}[0-9X]", compact):
        raise ValueError(f"not ten digits: {digits}")
    body = "978" + compact[:9]
    return body + _check_digit(body)


def _check_digit(twelve: str) -> str:
    digits = list(map(int, twelve))
    return str(-(sum(digits[::2]) + 3 * sum(digits[1::2])) % 10)


def _plain(text: str) -> str:
    return _DASHES.sub("-", unicodedata.normalize("NFKC", text)).strip().strip("'\"=").strip()


def _from_float(plain: str) -> tuple[str, tuple[str, ...]]:
    """A number that went through a spreadsheet; only a mantissa with all its digits can be mended."""
    if re.fullmatch(r"\d{9,18}\.0+", plain):
        return plain.split(".")[0], ("spreadsheet_number",)
    match = _FLOAT.match(plain)
    if match is None:
        return plain, ()
    digits, power = match.group(1).replace(".", ""), int(match.group(2))
    if len(digits) == power + 1 == 13:
        return digits, ("spreadsheet_number",)
    return "", ("spreadsheet_digits_lost",)


def _thirteen(raw: str, digits: str, warnings: tuple[str, ...]) -> Isbn:
    valid = _check_digit(digits[:12]) == digits[12]
    kind = "ismn" if digits.startswith("9790") else "isbn"
    return Isbn(raw, digits, valid, warnings if valid else (*warnings, "check_digit"), kind)


def _ten(raw: str, number: str, warnings: tuple[str, ...]) -> Isbn:
    valid = std_isbn.is_valid(number)
    return Isbn(raw, isbn10_to_13(number), valid, warnings if valid else (*warnings, "check_digit"), "isbn")


def _from_candidate(raw: str, found: str, warnings: tuple[str, ...]) -> Isbn | None:
    number = re.sub(r"[- ]", "", found).upper()
    if len(number) in (15, 18) and number[:3] in ("978", "979") and number.isdecimal():
        number, warnings = number[:13], (*warnings, "addon_cut")
    if re.fullmatch(r"97[89][0-9]{10}", number):
        return _thirteen(raw, number, warnings)
    if re.fullmatch(r"977[0-9]{10}", number):
        return Isbn(raw, None, False, warnings, "issn", number)
    if std_ismn.is_valid(number):
        return _thirteen(raw, std_ismn.to_ismn13(number), warnings)
    if len(number) == 9 and std_isbn.is_valid("0" + number):
        number, warnings = "0" + number, (*warnings, "zero_restored")
    is_ten = re.fullmatch(r"[0-9]{9}[0-9X]", number) and len(set(number)) > 1
    return _ten(raw, number, warnings) if is_ten else None


def _read(raw: str, found: str, warnings: tuple[str, ...]) -> list[Isbn]:
    """Blanks may stand inside one number or between two."""
    whole = _from_candidate(raw, found, warnings)
    pieces = [] if whole else [_from_candidate(raw, piece, warnings) for piece in found.split()]
    return [isbn for isbn in (whole, *pieces) if isbn is not None]


@lru_cache(maxsize=256)  # a row asks for its number more than once
def parse_isbn(text: str) -> Isbn:
    """Read an ISBN cell; a wrong check digit is only a warning, for real books carry such numbers."""
    return _thirteen(text, text, ()) if _PLAIN.fullmatch(text) else _parse(text)


def _parse(text: str) -> Isbn:
    plain = _LABEL.sub("", _plain(text)).strip()
    if plain.casefold() in _EMPTY:
        return Isbn(text)
    plain, warnings = _from_float(plain)
    if not plain:
        return Isbn(text, warnings=warnings, kind="other", local_number=_plain(text))
    unified = _UNIFIED.match(plain)
    if unified:
        return Isbn(text, None, False, warnings, "unified", f"{unified.group(1)}·{unified.group(2)}")
    candidates = [match.group() for match in _CANDIDATE.finditer(plain)]
    read = [isbn for found in candidates for isbn in _read(text, found, warnings)]
    if not read:
        digits = max((len(re.sub(r"\D", "", found)) for found in candidates), default=0)
        problem = "wrong_length" if plain.startswith(("978", "979")) and 11 <= digits <= 14 else "not_isbn"
        return Isbn(text, None, False, (*warnings, problem), "other", plain)
    best = next((isbn for isbn in read if isbn.valid), read[0])
    if len({isbn.isbn13 for isbn in read}) == 1:
        return best
    return Isbn(text, best.isbn13, best.valid, (*best.warnings, "several"), best.kind, best.local_number)


def parse_issn(text: str) -> Issn:
    """Read an ISSN cell or the 977 barcode of a periodical."""
    plain = _LABEL.sub("", _plain(text)).strip()
    if plain.casefold() in _EMPTY:
        return Issn(text)
    number = re.sub(r"[- ]", "", plain).upper()
    if re.fullmatch(r"977[0-9]{10}(?:[0-9]{2}|[0-9]{5})?", number):
        body = number[3:10]
        return Issn(text, f"{body[:4]}-{body[4:]}{std_issn.calc_check_digit(body)}", True)
    match = re.search(r"(?<![0-9])([0-9]{4})[- ]?([0-9]{3}[0-9Xx])(?![0-9])", plain)
    if match is None:
        return Issn(text, warnings=("not_issn",))
    issn = f"{match.group(1)}-{match.group(2).upper()}"
    valid = std_issn.is_valid(issn)
    return Issn(text, issn, valid, () if valid else ("check_digit",))
