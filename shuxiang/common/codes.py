"""What a scanner or an input method may deliver, made plain."""

import re
import unicodedata

# AIM symbology identifiers, which scanners may be set to send ahead: ]C0 Code 128, ]E0 EAN, ]Q1 QR and others.
_AIM = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
_LINE_ENDS = re.compile(r"[\r\n\t\v\f\x1c-\x1f\x85\u2028\u2029]+")
_CODABAR = re.compile(r"[A-Da-d]([0-9$:/.+-]{4,})[A-Da-d]")
_EAN_WITH_LETTER = re.compile(r"[A-Za-z](97[789]\d{10}(?:\d{2}|\d{5})?)")  # a maker's own sign for “EAN”
_EAN_WITH_ADD_ON = re.compile(r"(97[789]\d{10})(?:\d{2}|\d{5})")
_EAN = 13
_ADD_ONS = (0, 2, 5)  # digits of the small code beside an EAN


def clean_scan(text: str) -> str:
    """Scanner input without line ends, control signs, blanks around, prefixes and full-width forms."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(
        sign
        for sign in plain
        if sign == " " or unicodedata.category(sign) not in ("Cc", "Cf", "Zs", "Zl", "Zp")
    )
    return _AIM.sub("", plain.strip()).strip()


def split_scans(text: str) -> tuple[str, ...]:
    """The scans in one line of input, each cleaned: a lost Enter glues two together.

    They are told apart at line ends, and where the whole is nothing but EANs in a row (each with a right check digit,
    perhaps with its add-on). The same code twice in a row is one: the scanner fired twice.
    """
    pieces = (clean_scan(piece) for piece in _LINE_ENDS.split(text))
    scans = [scan for piece in pieces if piece for scan in _unglued(piece)]
    return tuple(scan for place, scan in enumerate(scans) if place == 0 or scan != scans[place - 1])


def readings(scanned: str) -> tuple[str, ...]:
    """The codes that a scan may mean, the likeliest first: as it came, then without what scanners and printers add.

    Added may be: the asterisks of Code 39, the letters around Codabar, a maker's letter before an EAN, an add-on behind it,
    blanks inside, the sign that keeps a spreadsheet from counting, the other case.
    """
    code = clean_scan(scanned)
    bare = code.strip("*'\"").removeprefix("=").strip("*'\"").strip()
    found = [code, bare, bare.replace(" ", "")]
    found += [
        match.group(1) for match in (_CODABAR.fullmatch(bare), _EAN_WITH_LETTER.fullmatch(bare)) if match
    ]
    found += [match.group(1) for match in map(_EAN_WITH_ADD_ON.fullmatch, found) if match]
    found += [bare.upper(), bare.lower()]
    return tuple(dict.fromkeys(reading for reading in found if reading))


def _unglued(code: str) -> list[str]:
    """The EANs that a row of digits is made of; the row itself when it is anything else."""
    if len(code) < 2 * _EAN or not (code.isascii() and code.isdigit()):
        return [code]
    found, rest = [], code
    while rest:
        if not _begins_with_ean(rest):
            return [code]
        found.append(rest[:_EAN])
        rest = rest[_EAN:]
        cut = next((n for n in _ADD_ONS if len(rest) == n or _begins_with_ean(rest[n:])), None)
        if cut is None:
            return [code]
        rest = rest[cut:]
    return found


def _begins_with_ean(digits: str) -> bool:
    head = digits[:_EAN]
    if len(head) < _EAN or head[:3] not in ("977", "978", "979"):
        return False
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(head)) % 10 == 0
