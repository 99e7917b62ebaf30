"""Barcodes in a photograph: an image file's bytes in, what the bars say out. Knows no Django and keeps nothing.

A photograph comes from a telephone and so from anybody: the file's length is looked at first, then the size that its head
claims, and only then is it unpacked, a large JPEG already reduced, so that none takes more than some tens of megabytes.
"""

from dataclasses import dataclass
from io import BytesIO

import zxingcpp
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from shuxiang.common.codes import clean_scan

MOST_BYTES = 16 * 1024 * 1024
MOST_PIXELS = 80_000_000  # of a JPEG, which can be reduced while it is read; telephones make 12 to 50 million
MOST_PIXELS_WHOLE = 25_000_000  # of what has to be unpacked whole
ENOUGH = 2400  # pixels on the longer side; the bars of a book held in the hand are then 2 or more wide
MOST_CODES = 40

_KINDS = (JpegImageFile.format, PngImageFile.format, WebPImageFile.format)
_FORMATS = zxingcpp.BarcodeFormats(
    [
        zxingcpp.BarcodeFormat.EAN13,
        zxingcpp.BarcodeFormat.EAN8,
        zxingcpp.BarcodeFormat.Code128,
        zxingcpp.BarcodeFormat.Code39,
        zxingcpp.BarcodeFormat.QRCode,
    ]
)


@dataclass(frozen=True, slots=True)
class Found:
    """One code in a picture, cleaned as a scanner's would be, with the symbology's name (EAN13, Code128 …)."""

    text: str
    kind: str


class NotAPicture(Exception):
    """The bytes could not be read as a picture; `code` says why: too_long, too_large, unreadable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_barcodes(data: bytes) -> tuple[Found, ...]:
    """Every different code in a JPEG, PNG or WebP, in reading order (top to bottom); empty when there is none.

    The two or five digits that stand beside an EAN (issue, price) are left out. Raises NotAPicture.
    """
    if len(data) > MOST_BYTES:
        raise NotAPicture("too_long")
    grey = _unpacked(data)
    found = zxingcpp.read_barcodes(grey, formats=_FORMATS)
    if not found:  # bars that lie aslant are looked for along and across only
        found = zxingcpp.read_barcodes(grey.rotate(45, expand=True, fillcolor=255), formats=_FORMATS)
    placed = sorted((seen for seen in found if seen.valid), key=lambda seen: seen.position.top_left.y)
    codes = {clean_scan(seen.text): seen.format.name for seen in reversed(placed)}
    return tuple(Found(text, codes[text]) for text in reversed(codes) if text)[:MOST_CODES]


def _unpacked(data: bytes) -> Image.Image:
    """The picture in shades of grey, no larger than is needed. Raises NotAPicture for whatever Pillow stumbles over."""
    try:
        with Image.open(BytesIO(data), formats=_KINDS) as picture:
            width, height = picture.size
            reducible = isinstance(picture, JpegImageFile)
            if width * height > (MOST_PIXELS if reducible else MOST_PIXELS_WHOLE):
                raise NotAPicture("too_large")
            if reducible:
                picture.draft("L", _reduced(width, height))
            grey = picture.convert("L")
    except NotAPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise NotAPicture("too_large") from bomb
    except Exception as fault:  # a broken file may make a decoder raise anything; all of it means one thing
        raise NotAPicture("unreadable") from fault
    if max(grey.size) > 2 * ENOUGH:
        grey.thumbnail((2 * ENOUGH, 2 * ENOUGH))
    return grey


def _reduced(width: int, height: int) -> tuple[int, int]:
    """The size asked of the JPEG decoder; it halves as often as the picture stays at least that large."""
    scale = max(1.0, max(width, height) / ENOUGH)
    return max(1, int(width / scale)), max(1, int(height / scale))
