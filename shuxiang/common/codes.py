"""What a scanner or an input method may deliver, made plain."""

import re
import unicodedata

# AIM symbology identifiers that scanners may be set to send ahead: ]C0 Code 128, ]A0 Code 39, ]E0 EAN, ]Q1 QR …
_AIM = re.compile(r"^\][A-Za-z][0-9A-Za-z]")


def clean_scan(text: str) -> str:
    """One line of scanner input without line ends, control signs, prefixes and full-width forms; case is kept."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(
        sign
        for sign in plain
        if sign == " " or unicodedata.category(sign) not in ("Cc", "Cf", "Zs", "Zl", "Zp")
    )
    return _AIM.sub("", plain.strip()).strip()
