"""What a scanner or an input method may deliver, made plain."""

import re
import unicodedata

# AIM symbology identifiers, which scanners may be set to send ahead: ]C0 Code 128, ]E0 EAN, ]Q1 QR and others.
_AIM = re.compile(r"^\][A-Za-z][0-9A-Za-z]")


def clean_scan(text: str) -> str:
    """Scanner input without line ends, control signs, blanks around, prefixes and full-width forms."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(
        sign
        for sign in plain
        if sign == " " or unicodedata.category(sign) not in ("Cc", "Cf", "Zs", "Zl", "Zp")
    )
    return _AIM.sub("", plain.strip()).strip()
